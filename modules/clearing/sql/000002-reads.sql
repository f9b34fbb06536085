-- Lists of one participant's payments, and what ended on a day.
create index clearing_payments_of_payer on clearing_payments (payer, received_at desc, reference);

create index clearing_payments_of_payee on clearing_payments (payee, received_at desc, reference);

create index clearing_payments_ended on clearing_payments (ended_at) where ended_at is not null;
