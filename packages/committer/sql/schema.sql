create table committer_cases (
  id bigint not null generated always as identity,
  kind text not null,
  input_form text not null,
  reason text not null,
  found_at timestamp with time zone not null,
  constraint committer_cases_pkey PRIMARY KEY (id)
);
grant select on committer_cases to huitong_app;
grant insert, select on committer_cases to huitong_committer;

create table committer_outbox (
  batch bigint not null,
  position integer not null,
  topic text not null,
  key text not null,
  body jsonb not null,
  constraint committer_outbox_pkey PRIMARY KEY (batch, "position")
);
grant select on committer_outbox to huitong_app;
grant insert, select on committer_outbox to huitong_committer;

create table committer_outcome_batches (
  batch bigint not null,
  count integer not null,
  directory bytea not null,
  outcomes bytea not null,
  constraint committer_outcome_batches_count_positive CHECK ((count > 0)),
  constraint committer_outcome_batches_directory_whole CHECK ((octet_length(directory) = (12 * count))),
  constraint committer_outcome_batches_pkey PRIMARY KEY (batch)
);
grant select on committer_outcome_batches to huitong_app;
grant insert, select on committer_outcome_batches to huitong_committer;

create table committer_outcome_keys (
  run bigint not null,
  prefix integer not null,
  keys bytea not null,
  constraint committer_outcome_keys_pkey PRIMARY KEY (run, prefix),
  constraint committer_outcome_keys_whole CHECK (((octet_length(keys) % 16) = 0))
);
grant select on committer_outcome_keys to huitong_app;
grant insert, select on committer_outcome_keys to huitong_committer;

create table committer_outcome_runs (
  last bigint not null,
  first bigint not null,
  keys integer not null,
  filter bytea not null,
  constraint committer_outcome_runs_ordered CHECK (((first >= 1) AND (first <= last))),
  constraint committer_outcome_runs_pkey PRIMARY KEY (last)
);
grant select on committer_outcome_runs to huitong_app;
grant insert, select on committer_outcome_runs to huitong_committer;
