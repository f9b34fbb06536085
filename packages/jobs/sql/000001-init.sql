-- Where each consumer of the outbox stands, and which process may move it on. The cursor moves in the transaction that
-- holds the effect, so a row is neither lost nor handled twice.
create table jobs_cursors (
  consumer text not null,
  batch int8 not null default -1,
  position int4 not null default -1,
  holder text,
  lease_expires_at timestamptz,
  constraint jobs_cursors_pkey primary key (consumer),
  constraint jobs_cursors_consumer_named check (consumer <> ''),
  constraint jobs_cursors_lease_whole check ((holder is null) = (lease_expires_at is null))
);

-- Rows whose handler failed, and the later rows of the same key that wait behind them. They keep their own copy of the
-- body: the outbox may drop old partitions while something is parked.
create table jobs_parked (
  consumer text not null,
  batch int8 not null,
  position int4 not null,
  topic text not null,
  key text not null,
  body jsonb not null,
  attempts int4 not null,
  next_attempt_at timestamptz not null,
  last_error text,
  parked_at timestamptz not null default now(),
  constraint jobs_parked_pkey primary key (consumer, batch, position),
  constraint jobs_parked_attempts_not_negative check (attempts >= 0)
);

create index jobs_parked_by_key on jobs_parked (consumer, key, batch, position);

grant select, insert, update, delete on jobs_cursors to huitong_app;
grant select, insert, update, delete on jobs_parked to huitong_app;
