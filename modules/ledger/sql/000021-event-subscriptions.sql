-- Who is told of the ledger's events by webhooks, and how far. Not part of the journal: a subscription moves no money and is not proved.
create table ledger_event_subscriptions (
  id bigint generated always as identity,
  url text not null,
  filter jsonb not null,
  state text not null,
  batch bigint not null,
  position integer not null,
  delivered bigint not null default 0,
  attempts integer not null default 0,
  next_attempt_at timestamptz not null,
  last_fault text,
  created_at timestamptz not null,
  created_by text not null,
  constraint ledger_event_subscriptions_pkey primary key (id),
  constraint ledger_event_subscriptions_state_known check (state in ('active', 'paused')),
  constraint ledger_event_subscriptions_attempts_not_negative check (attempts >= 0),
  constraint ledger_event_subscriptions_filter_object check (jsonb_typeof(filter) = 'object')
);

create index ledger_event_subscriptions_due on ledger_event_subscriptions (next_attempt_at) where state = 'active';

grant select, insert, update, delete on ledger_event_subscriptions to huitong_app;
