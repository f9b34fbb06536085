-- Banks whose cards can be bound, and what is asked for at most when one is.
create table channels_banks (
  member text not null,
  name text not null,
  state text not null,
  single_max_minor int8 not null,
  day_max_minor int8 not null,
  constraint channels_banks_pkey primary key (member),
  constraint channels_banks_state_known check (state in ('open', 'paused')),
  constraint channels_banks_limits_positive check (single_max_minor > 0 and day_max_minor >= single_max_minor)
);

-- Bank cards of customers. Number and holder are sealed under the customer's key; the fingerprint finds the same card again.
create table channels_cards (
  fingerprint text not null,
  id int8 not null,
  customer_id int8 not null,
  bank text not null,
  tail text not null,
  sealed bytea not null,
  state text not null,
  attempt int4 not null,
  agreement text,
  open_order text,
  made_at timestamptz not null,
  due_at timestamptz,
  constraint channels_cards_pkey primary key (fingerprint),
  constraint channels_cards_id_once unique (id),
  constraint channels_cards_state_known check (state in ('binding', 'code_sent', 'active', 'ending', 'ended')),
  constraint channels_cards_tail_short check (tail ~ '^[0-9]{4}$'),
  constraint channels_cards_agreement_of_bound check ((state in ('code_sent', 'active', 'ending')) = (agreement is not null)),
  constraint channels_cards_due_while_ending check ((state = 'ending') = (due_at is not null)),
  constraint channels_cards_order_of_bound check (open_order is null or state = 'active')
);

create index channels_cards_of_customer on channels_cards (customer_id, id);

create index channels_cards_ending on channels_cards (due_at) where state = 'ending';

-- Money asked of banks and sent to them, written before anything is said to anybody.
create table channels_orders (
  uetr text not null,
  id int8 not null,
  kind text not null,
  customer_id int8 not null,
  card text not null,
  card_id int8 not null,
  bank text not null,
  amount_minor int8 not null,
  returned_minor int8 not null,
  state text not null,
  reason text,
  hold_id int8,
  message_id text not null,
  instruction_id text,
  end_to_end_id text not null,
  transaction_id text,
  contradicted boolean not null,
  in_suspense boolean not null,
  askings int4 not null,
  made_at timestamptz not null,
  due_at timestamptz not null,
  ended_at timestamptz,
  constraint channels_orders_pkey primary key (uetr),
  constraint channels_orders_id_once unique (id),
  constraint channels_orders_kind_known check (kind in ('top_up', 'withdrawal')),
  constraint channels_orders_state_known check (state in ('sent', 'unknown', 'accepted', 'settled', 'rejected')),
  constraint channels_orders_amount_positive check (amount_minor > 0),
  constraint channels_orders_returned_at_most_paid check (returned_minor between 0 and amount_minor),
  constraint channels_orders_returned_of_settled check (returned_minor = 0 or (kind = 'withdrawal' and state = 'settled')),
  constraint channels_orders_reason_of_rejected check ((state = 'rejected') = (reason is not null)),
  constraint channels_orders_ended_with_time check ((state in ('settled', 'rejected')) = (ended_at is not null)),
  constraint channels_orders_hold_while_open check (ended_at is null or hold_id is null),
  constraint channels_orders_suspense_of_settled check (not in_suspense or state = 'settled')
);

create index channels_orders_due on channels_orders (due_at) where state in ('sent', 'unknown', 'accepted');

create index channels_orders_of_customer on channels_orders (customer_id, made_at desc, id desc);

create index channels_orders_newest on channels_orders (made_at desc, id desc);

-- What came back of withdrawals that had settled.
create table channels_returns (
  reference text not null,
  uetr text not null,
  amount_minor int8 not null,
  in_suspense boolean not null,
  made_at timestamptz not null,
  constraint channels_returns_pkey primary key (reference),
  constraint channels_returns_amount_positive check (amount_minor > 0)
);

create index channels_returns_of_order on channels_returns (uetr);

grant select, insert, update on channels_banks, channels_cards, channels_orders, channels_returns to huitong_committer;

grant select on channels_banks, channels_cards, channels_orders, channels_returns to huitong_app;
