-- Current accounts. Their money and whether they are open is the ledger's to say.
create table bank_accounts (
  number text not null,
  customer_id int8 not null,
  account_id int8 not null,
  name_hash text not null,
  identity_hash text not null,
  phone_hash text not null,
  single_max_minor int8 not null,
  day_max_minor int8 not null,
  spent_on date,
  spent_minor int8 not null,
  wrong_factors int2 not null,
  wrong_on date,
  opened_at timestamptz not null,
  constraint bank_accounts_pkey primary key (number),
  constraint bank_accounts_account_once unique (account_id),
  constraint bank_accounts_limits_not_negative check (single_max_minor >= 0 and day_max_minor >= 0 and spent_minor >= 0),
  constraint bank_accounts_spent_on_a_day check ((spent_on is null) = (spent_minor = 0))
);

create index bank_accounts_of_customer on bank_accounts (customer_id);

-- Payments, returns and reversals over the clearing house, in both directions.
create table bank_payments (
  reference text not null,
  id int8 not null,
  kind text not null,
  way text not null,
  asked_by text not null,
  original text,
  uetr text not null,
  account_number text,
  peer_bank text not null,
  peer_account text,
  peer_name text,
  message_id text,
  instruction_id text,
  end_to_end_id text,
  transaction_id text,
  remittance text,
  agreement_id int8,
  amount_minor int8 not null,
  returned_minor int8 not null,
  mode text not null,
  state text not null,
  reason text,
  hold_id int8,
  cancellation text,
  contradicted boolean not null,
  in_suspense boolean not null,
  made_at timestamptz not null,
  due_at timestamptz not null,
  ended_at timestamptz,
  constraint bank_payments_pkey primary key (reference),
  constraint bank_payments_id_once unique (id),
  constraint bank_payments_kind_known check (kind in ('transfer', 'return', 'reversal')),
  constraint bank_payments_way_known check (way in ('out', 'in')),
  constraint bank_payments_asked_by_known check (asked_by in ('us', 'them')),
  constraint bank_payments_original_named check ((kind = 'transfer') = (original is null)),
  constraint bank_payments_amount_positive check (amount_minor > 0),
  constraint bank_payments_returned_at_most_paid check (returned_minor between 0 and amount_minor),
  constraint bank_payments_mode_known check (mode in ('gross', 'net')),
  constraint bank_payments_state_known check (state in ('queued', 'sent', 'unknown', 'accepted', 'settled', 'rejected')),
  constraint bank_payments_reason_of_rejected check ((state = 'rejected') = (reason is not null)),
  constraint bank_payments_ended_with_time check ((state in ('settled', 'rejected')) = (ended_at is not null)),
  constraint bank_payments_cancellation_known check (cancellation in ('asked', 'pending', 'accepted', 'refused'))
);

create index bank_payments_due on bank_payments (due_at) where state in ('queued', 'sent', 'unknown', 'accepted');

create index bank_payments_of_account on bank_payments (account_number, made_at desc, id desc);

-- What a platform may take from an account, after its owner proved four factors and a one-time code.
create table bank_agreements (
  id int8 not null,
  account_number text not null,
  platform text not null,
  platform_account text not null,
  state text not null,
  code_hash text,
  code_expires_at timestamptz not null,
  code_tries int2 not null,
  single_max_minor int8 not null,
  day_max_minor int8 not null,
  spent_on date,
  spent_minor int8 not null,
  made_at timestamptz not null,
  ended_at timestamptz,
  constraint bank_agreements_pkey primary key (id),
  constraint bank_agreements_state_known check (state in ('pending', 'active', 'ended')),
  constraint bank_agreements_code_while_pending check ((state = 'pending') = (code_hash is not null)),
  constraint bank_agreements_ended_with_time check ((state = 'ended') = (ended_at is not null)),
  constraint bank_agreements_limits_positive check (single_max_minor > 0 and day_max_minor > 0 and spent_minor >= 0)
);

create index bank_agreements_of_account on bank_agreements (account_number);

-- Faults that a test ordered, in demo mode only: how many answers each of them spoils.
create table bank_faults (
  kind text not null,
  left_over int4 not null,
  constraint bank_faults_pkey primary key (kind),
  constraint bank_faults_not_negative check (left_over >= 0)
);

grant select, insert, update on bank_accounts, bank_payments, bank_agreements, bank_faults to huitong_committer;

grant select on bank_accounts, bank_payments, bank_agreements, bank_faults to huitong_app;
