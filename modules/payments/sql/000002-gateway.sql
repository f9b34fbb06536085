-- Nonces of commands that came over v3 of the gateway, for as long as their timestamps are fresh.
create table payments_gateway_nonces (
  app_id text not null,
  nonce text not null,
  expires_at timestamptz not null,
  constraint payments_gateway_nonces_pkey primary key (app_id, nonce),
  constraint payments_gateway_nonces_length check (length(nonce) between 1 and 128)
);

create index payments_gateway_nonces_stale on payments_gateway_nonces (expires_at);

-- What merchants are told of their trades, each until it is acknowledged or given up. The fields are as they are sent, without signature.
create table payments_notifications (
  notify_id text not null,
  trade_id int8 not null,
  application text not null,
  url text not null,
  fields jsonb not null,
  state text not null,
  attempts int2 not null,
  next_attempt_at timestamptz,
  last_fault text,
  created_at timestamptz not null,
  ended_at timestamptz,
  constraint payments_notifications_pkey primary key (notify_id),
  constraint payments_notifications_id_form check (notify_id ~ '^[0-9a-f]{32}$'),
  constraint payments_notifications_fields_object check (jsonb_typeof(fields) = 'object'),
  constraint payments_notifications_state_known check (state in ('waiting', 'acknowledged', 'dead')),
  constraint payments_notifications_attempts_in_range check (attempts between 0 and 8),
  constraint payments_notifications_waiting_has_time check ((state = 'waiting') = (next_attempt_at is not null)),
  constraint payments_notifications_ended_has_time check ((state = 'waiting') = (ended_at is null))
);

create index payments_notifications_due on payments_notifications (next_attempt_at) where state = 'waiting';

create index payments_notifications_dead on payments_notifications (created_at desc, notify_id desc) where state = 'dead';

create index payments_notifications_newest on payments_notifications (created_at desc, notify_id desc);

create index payments_notifications_of_trade on payments_notifications (trade_id);

grant select, insert, update, delete on payments_gateway_nonces to huitong_app;

grant select, insert, update on payments_notifications to huitong_app;
