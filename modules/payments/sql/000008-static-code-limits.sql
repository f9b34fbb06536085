-- What a customer pays to static codes is counted with all other limits of the person, in pricing.
drop table payments_static_code_days;
