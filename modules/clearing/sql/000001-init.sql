-- Institutions that send and receive payments here. The position account is in the ledger, paid into ahead of use.
create table clearing_participants (
  member text not null,
  name text not null,
  status text not null,
  account_id int8 not null,
  cap_minor int8 not null,
  cover_hold_id int8,
  reserved_minor int8 not null,
  admitted_at timestamptz not null,
  constraint clearing_participants_pkey primary key (member),
  constraint clearing_participants_account_once unique (account_id),
  constraint clearing_participants_status_known check (status in ('active', 'suspended')),
  constraint clearing_participants_cap_covered check (cap_minor >= 0 and (cap_minor > 0) = (cover_hold_id is not null)),
  constraint clearing_participants_reserved_not_negative check (reserved_minor >= 0)
);

-- A payment, return or reversal between two participants, from the first message to its end.
create table clearing_payments (
  reference text not null,
  id int8 not null,
  kind text not null,
  original text,
  uetr text not null,
  sender text not null,
  payer text not null,
  payee text not null,
  answerer text not null,
  message_id text not null,
  message text not null,
  forwarded_as text,
  instruction_id text,
  end_to_end_id text,
  transaction_id text,
  amount_minor int8 not null,
  returned_minor int8 not null,
  mode text not null,
  state text not null,
  reason text,
  hold_id int8,
  window_number int8,
  received_at timestamptz not null,
  due_at timestamptz not null,
  ended_at timestamptz,
  constraint clearing_payments_pkey primary key (reference),
  constraint clearing_payments_id_once unique (id),
  constraint clearing_payments_kind_known check (kind in ('transfer', 'return', 'reversal')),
  constraint clearing_payments_original_named check ((kind = 'transfer') = (original is null)),
  constraint clearing_payments_two_parties check (payer <> payee),
  constraint clearing_payments_amount_positive check (amount_minor > 0),
  constraint clearing_payments_returned_at_most_paid check (returned_minor between 0 and amount_minor),
  constraint clearing_payments_mode_known check (mode in ('gross', 'net')),
  constraint clearing_payments_state_known check (state in ('forwarded', 'settled', 'rejected')),
  constraint clearing_payments_reason_of_rejected check ((state = 'rejected') = (reason is not null)),
  constraint clearing_payments_ended_with_time check ((state = 'forwarded') = (ended_at is null)),
  constraint clearing_payments_held_while_gross_and_open check (
    (hold_id is not null) = (state = 'forwarded' and mode = 'gross')
  ),
  constraint clearing_payments_window_of_net check ((window_number is not null) = (state = 'settled' and mode = 'net'))
);

create index clearing_payments_due on clearing_payments (due_at) where state = 'forwarded';

create index clearing_payments_newest on clearing_payments (received_at desc, reference);

-- What a sender called something, so that nothing is done twice: message ids and end-to-end ids.
create table clearing_references (
  key text not null,
  reference text not null,
  constraint clearing_references_pkey primary key (key)
);

-- A request to give settled money back, and what became of it.
create table clearing_cancellations (
  key text not null,
  payment text not null,
  asker text not null,
  answerer text not null,
  message_id text not null,
  state text not null,
  reason text,
  asked_at timestamptz not null,
  answered_at timestamptz,
  constraint clearing_cancellations_pkey primary key (key),
  constraint clearing_cancellations_state_known check (state in ('asked', 'pending', 'accepted', 'refused')),
  constraint clearing_cancellations_answered_with_time check ((state = 'asked') = (answered_at is null)),
  constraint clearing_cancellations_reason_of_refused check ((state = 'refused') = (reason is not null))
);

-- A stretch of time in which net payments add up to one amount for each participant.
create table clearing_windows (
  number int8 not null,
  state text not null,
  members text[] not null,
  payments int8 not null,
  gross_minor int8 not null,
  net_minor int8 not null,
  entry_id int8,
  opened_at timestamptz not null,
  settled_at timestamptz,
  constraint clearing_windows_pkey primary key (number),
  constraint clearing_windows_state_known check (state in ('open', 'settled')),
  constraint clearing_windows_settled_with_time check ((state = 'settled') = (settled_at is not null)),
  constraint clearing_windows_net_at_most_gross check (payments >= 0 and net_minor between 0 and gross_minor)
);

create unique index clearing_windows_one_open on clearing_windows (state) where state = 'open';

create table clearing_positions (
  window_number int8 not null,
  member text not null,
  sent_minor int8 not null,
  received_minor int8 not null,
  constraint clearing_positions_pkey primary key (window_number, member),
  constraint clearing_positions_not_negative check (sent_minor >= 0 and received_minor >= 0)
);

grant select, insert, update on clearing_participants, clearing_payments, clearing_references, clearing_cancellations, clearing_windows, clearing_positions to huitong_committer;

grant select on clearing_participants, clearing_payments, clearing_references, clearing_cancellations, clearing_windows, clearing_positions to huitong_app;
