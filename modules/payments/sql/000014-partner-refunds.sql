-- How often a partner was asked without an answer, and when it is asked again.
alter table payments_partner_payments add column attempts int4 not null default 0;

alter table payments_partner_payments add column ask_at timestamptz;

update payments_partner_payments set ask_at = created_at;

alter table payments_partner_payments alter column ask_at set not null;

drop index payments_partner_payments_sending;

create index payments_partner_payments_due on payments_partner_payments (ask_at) where state = 'sending';

-- What came back of it.
alter table payments_partner_payments add column refunded_minor int8 not null default 0;

alter table payments_partner_payments add constraint payments_partner_payments_refunds_within_amount check (
  refunded_minor between 0 and amount_minor and (refunded_minor = 0 or state = 'paid')
);

-- What of it goes back, promises counted.
alter table payments_partner_receipts add column refunded_minor int8 not null default 0;

alter table payments_partner_receipts add column fee_returned_minor int8 not null default 0;

alter table payments_partner_receipts add constraint payments_partner_receipts_refunds_within_amount check (
  refunded_minor between 0 and amount_minor and fee_returned_minor between 0 and fee_minor
);

create index payments_partner_receipts_newest on payments_partner_receipts (partner, received_at);

-- What somebody here gives back of what a partner's customer paid. Its money is held until the partner's answer is known: the owner's part
-- in one hold, the part of our fee in another; either may be nothing.
create table payments_partner_refunds (
  id int8 not null,
  receipt_id int8 not null,
  refund_number text not null,
  partner text not null,
  payment_number text not null,
  amount_minor int8 not null,
  fee_returned_minor int8 not null,
  hold_id int8,
  fee_hold_id int8,
  reason text,
  state text not null,
  refusal text,
  their_number text,
  attempts int4 not null,
  ask_at timestamptz not null,
  created_at timestamptz not null,
  ended_at timestamptz,
  constraint payments_partner_refunds_pkey primary key (receipt_id, refund_number),
  constraint payments_partner_refunds_amount_positive check (amount_minor > 0),
  constraint payments_partner_refunds_fee_within_amount check (fee_returned_minor between 0 and amount_minor),
  constraint payments_partner_refunds_held check (
    (hold_id is null) = (fee_returned_minor = amount_minor) and (fee_hold_id is null) = (fee_returned_minor = 0)
  ),
  constraint payments_partner_refunds_state_known check (state in ('sending', 'paid', 'refused')),
  constraint payments_partner_refunds_refused_with_reason check ((state = 'refused') = (refusal is not null)),
  constraint payments_partner_refunds_ended_with_time check ((state = 'sending') = (ended_at is null))
);

create index payments_partner_refunds_due on payments_partner_refunds (ask_at) where state = 'sending';

-- What a partner gave back of a payment of a customer of ours, under its number.
create table payments_partner_refund_receipts (
  id int8 not null,
  partner text not null,
  refund_number text not null,
  payment_id int8 not null,
  amount_minor int8 not null,
  received_at timestamptz not null,
  constraint payments_partner_refund_receipts_pkey primary key (partner, refund_number),
  constraint payments_partner_refund_receipts_amount_positive check (amount_minor > 0)
);

create index payments_partner_refund_receipts_of_payment on payments_partner_refund_receipts (payment_id);

-- Both positions go down by the same amount, and no money moves.
alter table payments_partner_settlements drop constraint payments_partner_settlements_direction_known;

alter table payments_partner_settlements add constraint payments_partner_settlements_direction_known check (
  direction in ('paid', 'received', 'netted')
);

grant select, insert, update on payments_partner_refunds, payments_partner_refund_receipts to huitong_committer;

grant select on payments_partner_refunds, payments_partner_refund_receipts to huitong_app;
