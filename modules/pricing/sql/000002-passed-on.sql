-- What of a hold was captured counts under the trade that it paid, so that a refund of the trade finds what to give back.
alter table pricing_spent add column passed_on_minor int8 not null default 0;

alter table pricing_spent add constraint pricing_spent_passed_on_not_negative check (passed_on_minor >= 0);

alter table pricing_spent add constraint pricing_spent_used_within_amount
  check (given_back_minor + passed_on_minor <= amount_minor);
