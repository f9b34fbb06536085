create table jobs_cursors (
  consumer text not null,
  batch bigint not null default '-1'::integer,
  position integer not null default '-1'::integer,
  holder text,
  lease_expires_at timestamp with time zone,
  constraint jobs_cursors_consumer_named CHECK ((consumer <> ''::text)),
  constraint jobs_cursors_lease_whole CHECK (((holder IS NULL) = (lease_expires_at IS NULL))),
  constraint jobs_cursors_pkey PRIMARY KEY (consumer)
);
grant delete, insert, select, update on jobs_cursors to huitong_app;

create table jobs_parked (
  consumer text not null,
  batch bigint not null,
  position integer not null,
  topic text not null,
  key text not null,
  body jsonb not null,
  attempts integer not null,
  next_attempt_at timestamp with time zone not null,
  last_error text,
  parked_at timestamp with time zone not null default now(),
  constraint jobs_parked_attempts_not_negative CHECK ((attempts >= 0)),
  constraint jobs_parked_pkey PRIMARY KEY (consumer, batch, "position")
);
CREATE INDEX jobs_parked_by_key ON jobs_parked USING btree (consumer, key, batch, "position");
grant delete, insert, select, update on jobs_parked to huitong_app;
