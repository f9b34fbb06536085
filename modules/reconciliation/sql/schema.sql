create table reconciliation_differences (
  id bigint not null generated always as identity,
  statement_id bigint not null,
  account_id bigint not null,
  currency text not null,
  kind text not null,
  day date not null,
  line integer,
  transfer_id bigint,
  minor bigint not null,
  reference text not null,
  text text not null,
  found_at timestamp with time zone not null,
  constraint reconciliation_differences_kind_known CHECK ((kind = ANY (ARRAY['amount_differs'::text, 'missing_in_ledger'::text, 'missing_in_statement'::text]))),
  constraint reconciliation_differences_pkey PRIMARY KEY (id),
  constraint reconciliation_differences_sides CHECK ((((line IS NULL) = (kind = 'missing_in_statement'::text)) AND ((transfer_id IS NULL) = (kind = 'missing_in_ledger'::text))))
);
CREATE INDEX reconciliation_differences_of_statement ON reconciliation_differences USING btree (statement_id, id);
CREATE INDEX reconciliation_differences_of_transfer ON reconciliation_differences USING btree (account_id, transfer_id) WHERE (transfer_id IS NOT NULL);
grant insert, select on reconciliation_differences to huitong_app;

create table reconciliation_matches (
  account_id bigint not null,
  transfer_id bigint not null,
  statement_id bigint not null,
  line integer not null,
  rule smallint not null,
  constraint reconciliation_matches_pkey PRIMARY KEY (account_id, transfer_id, statement_id, line)
);
grant insert, select on reconciliation_matches to huitong_app;

create table reconciliation_resolutions (
  difference_id bigint not null,
  way text not null,
  transfer_id bigint,
  note text not null,
  resolved_at timestamp with time zone not null,
  constraint reconciliation_resolutions_pkey PRIMARY KEY (difference_id),
  constraint reconciliation_resolutions_transfer CHECK (((way = 'noted'::text) = (transfer_id IS NULL))),
  constraint reconciliation_resolutions_way_known CHECK ((way = ANY (ARRAY['booked'::text, 'matched'::text, 'noted'::text])))
);
CREATE INDEX reconciliation_resolutions_of_transfer ON reconciliation_resolutions USING btree (transfer_id) WHERE (transfer_id IS NOT NULL);
grant select on reconciliation_resolutions to huitong_app;
grant insert, select on reconciliation_resolutions to huitong_committer;

create table reconciliation_statements (
  id bigint not null generated always as identity,
  account_id bigint not null,
  digest bytea not null,
  format text not null,
  first_day date not null,
  last_day date not null,
  window_days smallint not null,
  lines integer not null,
  matched integer not null,
  differing integer not null,
  made_at timestamp with time zone not null,
  made_by text not null,
  constraint reconciliation_statements_counts CHECK (((lines >= 0) AND (matched >= 0) AND (matched <= lines) AND (differing >= 0))),
  constraint reconciliation_statements_days CHECK (((last_day >= first_day) AND ((window_days >= 0) AND (window_days <= 31)))),
  constraint reconciliation_statements_once UNIQUE (account_id, digest),
  constraint reconciliation_statements_pkey PRIMARY KEY (id)
);
CREATE INDEX reconciliation_statements_of_account ON reconciliation_statements USING btree (account_id, id DESC);
grant insert, select on reconciliation_statements to huitong_app;
