-- Other institutions whose codes customers of ours pay, and whose customers pay codes of ours. Both limits are agreed by contract.
create table payments_partners (
  partner text not null,
  name text not null,
  base_url text not null,
  public_key text not null,
  payable_account_id int8 not null,
  receivable_account_id int8 not null,
  payable_minor_max int8 not null,
  receivable_minor_max int8 not null,
  registered_at timestamptz not null,
  constraint payments_partners_pkey primary key (partner),
  constraint payments_partners_name_form check (partner ~ '^[a-z0-9-]{1,20}$'),
  constraint payments_partners_limits_not_negative check (payable_minor_max >= 0 and receivable_minor_max >= 0)
);

-- What a customer of ours pays to somebody at a partner. The money is held until the partner's answer is known.
create table payments_partner_payments (
  id int8 not null,
  payer_id int8 not null,
  partner text not null,
  reference text not null,
  payee_name text not null,
  amount_minor int8 not null,
  hold_id int8 not null,
  state text not null,
  refusal text,
  their_number text,
  created_at timestamptz not null,
  ended_at timestamptz,
  constraint payments_partner_payments_pkey primary key (id),
  constraint payments_partner_payments_amount_positive check (amount_minor > 0),
  constraint payments_partner_payments_state_known check (state in ('sending', 'paid', 'refused')),
  constraint payments_partner_payments_refused_with_reason check ((state = 'refused') = (refusal is not null)),
  constraint payments_partner_payments_ended_with_time check ((state = 'sending') = (ended_at is null))
);

create index payments_partner_payments_sending on payments_partner_payments (created_at) where state = 'sending';

create index payments_partner_payments_of_payer on payments_partner_payments (payer_id, created_at desc, id desc);

-- What a partner paid to somebody here for a customer of its own, under its number.
create table payments_partner_receipts (
  id int8 not null,
  partner text not null,
  payment_number text not null,
  reference text not null,
  owner_kind text not null,
  owner_id int8 not null,
  amount_minor int8 not null,
  fee_minor int8 not null,
  received_at timestamptz not null,
  constraint payments_partner_receipts_pkey primary key (id),
  constraint payments_partner_receipts_number_once unique (partner, payment_number),
  constraint payments_partner_receipts_owner_kind_known check (owner_kind in ('customer', 'merchant')),
  constraint payments_partner_receipts_amount_positive check (amount_minor > 0),
  constraint payments_partner_receipts_fee_within_amount check (fee_minor between 0 and amount_minor)
);

create index payments_partner_receipts_of_owner on payments_partner_receipts (owner_kind, owner_id, received_at desc, id desc);

create table payments_partner_settlements (
  partner text not null,
  settlement_number text not null,
  direction text not null,
  amount_minor int8 not null,
  settled_at timestamptz not null,
  constraint payments_partner_settlements_pkey primary key (partner, settlement_number),
  constraint payments_partner_settlements_direction_known check (direction in ('paid', 'received')),
  constraint payments_partner_settlements_amount_positive check (amount_minor > 0)
);

-- What a partner refused is given back, down to nothing.
alter table payments_static_code_days drop constraint payments_static_code_days_paid_positive;

alter table payments_static_code_days add constraint payments_static_code_days_paid_not_negative check (paid_minor >= 0);

grant select, insert, update on payments_partners, payments_partner_payments, payments_partner_receipts, payments_partner_settlements to huitong_committer;

grant select on payments_partners, payments_partner_payments, payments_partner_receipts, payments_partner_settlements to huitong_app;
