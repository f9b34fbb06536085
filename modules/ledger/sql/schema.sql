create table ledger_account_references (
  reference text not null,
  account_id bigint not null,
  constraint ledger_account_references_account UNIQUE (account_id),
  constraint ledger_account_references_pkey PRIMARY KEY (reference)
);
grant select on ledger_account_references to huitong_app;
grant insert, select on ledger_account_references to huitong_committer;

create table ledger_accounts (
  id bigint not null,
  subject text not null,
  currency text not null,
  owner text,
  floor_minor bigint,
  state text not null,
  frozen_minor bigint not null default 0,
  out_freezes integer not null default 0,
  in_freezes integer not null default 0,
  ceiling_minor bigint,
  set_ids text,
  constraint ledger_accounts_freezes_not_negative CHECK (((frozen_minor >= 0) AND (in_freezes >= 0) AND (out_freezes >= in_freezes))),
  constraint ledger_accounts_pkey PRIMARY KEY (id),
  constraint ledger_accounts_state_known CHECK ((state = ANY (ARRAY['open'::text, 'frozen'::text, 'dormant'::text, 'closed'::text])))
);
CREATE INDEX ledger_accounts_in_sets ON ledger_accounts USING btree (id) WHERE (set_ids IS NOT NULL);
CREATE INDEX ledger_accounts_own ON ledger_accounts USING btree (subject) WHERE (owner IS NULL);
CREATE INDEX ledger_accounts_owner ON ledger_accounts USING btree (owner, id) WHERE (owner IS NOT NULL);
CREATE INDEX ledger_accounts_subject ON ledger_accounts USING btree (subject, id);
grant select on ledger_accounts to huitong_app;
grant insert, select, update on ledger_accounts to huitong_committer;

create table ledger_archives (
  first_batch bigint not null,
  end_batch bigint not null,
  transfers bigint not null,
  sha256 text not null,
  constraint ledger_archives_not_empty CHECK (((end_batch > first_batch) AND (transfers >= 0))),
  constraint ledger_archives_pkey PRIMARY KEY (first_batch)
);
grant select on ledger_archives to huitong_app;
grant select on ledger_archives to huitong_committer;

create table ledger_balances (
  account_id bigint not null,
  sequence bigint not null,
  debits_posted bigint not null,
  credits_posted bigint not null,
  debits_pending bigint not null,
  credits_pending bigint not null,
  last_entry bigint,
  constraint ledger_balances_not_negative CHECK (((debits_posted >= 0) AND (credits_posted >= 0) AND (debits_pending >= 0) AND (credits_pending >= 0) AND (sequence >= 0))),
  constraint ledger_balances_pkey PRIMARY KEY (account_id)
);
grant select on ledger_balances to huitong_app;
grant insert, select, update on ledger_balances to huitong_committer;

create table ledger_batches (
  number bigint not null,
  previous_hash bytea not null,
  root bytea not null,
  hash bytea not null,
  count integer not null,
  at timestamp with time zone not null,
  accounting_day date not null,
  last_counter bigint not null,
  outcomes bytea,
  constraint ledger_batches_count_not_negative CHECK ((count >= 0)),
  constraint ledger_batches_outcomes_digest CHECK ((octet_length(outcomes) = 32)),
  constraint ledger_batches_pkey PRIMARY KEY (number)
);
CREATE INDEX ledger_batches_accounting_day ON ledger_batches USING btree (accounting_day, number);
CREATE INDEX ledger_batches_at ON ledger_batches USING btree (at);
CREATE INDEX ledger_batches_last_counter ON ledger_batches USING btree (last_counter);
grant select on ledger_batches to huitong_app;
grant insert, select on ledger_batches to huitong_committer;

create table ledger_buffered (
  batch bigint not null,
  position integer not null,
  id bigint not null,
  debit_account bigint not null,
  credit_account bigint not null,
  amount_minor bigint not null,
  code smallint not null,
  reference bigint,
  constraint ledger_buffered_accounts_differ CHECK ((debit_account <> credit_account)),
  constraint ledger_buffered_amount_positive CHECK ((amount_minor > 0)),
  constraint ledger_buffered_pkey PRIMARY KEY (batch, "position")
);
grant select on ledger_buffered to huitong_app;
grant insert, select on ledger_buffered to huitong_committer;

create table ledger_buffers (
  debit_account bigint not null,
  credit_account bigint not null,
  amount_minor bigint not null,
  count bigint not null,
  constraint ledger_buffers_empty_together CHECK (((amount_minor >= 0) AND ((amount_minor = 0) = (count = 0)))),
  constraint ledger_buffers_pkey PRIMARY KEY (debit_account, credit_account)
);
grant select on ledger_buffers to huitong_app;
grant insert, select, update on ledger_buffers to huitong_committer;

create table ledger_day_totals (
  day date not null,
  effective_on date not null,
  year_end boolean not null,
  subject text not null,
  currency text not null,
  debits_minor numeric(38,0) not null,
  credits_minor numeric(38,0) not null,
  entries bigint not null,
  through bigint not null,
  constraint ledger_day_totals_effective_no_later CHECK ((effective_on <= day)),
  constraint ledger_day_totals_has_entries CHECK ((entries > 0)),
  constraint ledger_day_totals_not_negative CHECK (((debits_minor >= (0)::numeric) AND (credits_minor >= (0)::numeric))),
  constraint ledger_day_totals_pkey PRIMARY KEY (day, effective_on, year_end, subject, currency)
);
grant select on ledger_day_totals to huitong_app;
grant insert, select, update on ledger_day_totals to huitong_committer;

create table ledger_days (
  day date not null,
  next_day date not null,
  closed_batch bigint not null,
  closed_at timestamp with time zone not null,
  closed_by text,
  tied_batch bigint,
  constraint ledger_days_go_on CHECK ((next_day > day)),
  constraint ledger_days_pkey PRIMARY KEY (day),
  constraint ledger_days_tied_after_close CHECK ((tied_batch >= closed_batch))
);
CREATE INDEX ledger_days_untied ON ledger_days USING btree (day) WHERE (tied_batch IS NULL);
grant select on ledger_days to huitong_app;
grant insert, select, update on ledger_days to huitong_committer;

create table ledger_event_subscriptions (
  id bigint not null generated always as identity,
  url text not null,
  filter jsonb not null,
  state text not null,
  batch bigint not null,
  position integer not null,
  delivered bigint not null default 0,
  attempts integer not null default 0,
  next_attempt_at timestamp with time zone not null,
  last_fault text,
  created_at timestamp with time zone not null,
  created_by text not null,
  constraint ledger_event_subscriptions_attempts_not_negative CHECK ((attempts >= 0)),
  constraint ledger_event_subscriptions_filter_object CHECK ((jsonb_typeof(filter) = 'object'::text)),
  constraint ledger_event_subscriptions_pkey PRIMARY KEY (id),
  constraint ledger_event_subscriptions_state_known CHECK ((state = ANY (ARRAY['active'::text, 'paused'::text])))
);
CREATE INDEX ledger_event_subscriptions_due ON ledger_event_subscriptions USING btree (next_attempt_at) WHERE (state = 'active'::text);
grant delete, insert, select, update on ledger_event_subscriptions to huitong_app;

create table ledger_events (
  batch bigint not null,
  position integer not null,
  kind text not null,
  account_id bigint not null,
  data text not null,
  constraint ledger_events_pkey PRIMARY KEY (batch, "position")
);
CREATE INDEX ledger_events_account ON ledger_events USING btree (account_id, batch);
grant select on ledger_events to huitong_app;
grant insert, select on ledger_events to huitong_committer;

create table ledger_freezes (
  id bigint not null,
  account_id bigint not null,
  cause smallint not null,
  amount_minor bigint,
  remaining_minor bigint,
  blocks_incoming boolean not null,
  reference text not null,
  expires_at timestamp with time zone,
  state smallint not null,
  constraint ledger_freezes_amount_lets_in CHECK (((amount_minor IS NULL) OR (NOT blocks_incoming))),
  constraint ledger_freezes_pkey PRIMARY KEY (id),
  constraint ledger_freezes_remaining_within_amount CHECK ((((amount_minor IS NULL) = (remaining_minor IS NULL)) AND ((remaining_minor >= 0) AND (remaining_minor <= amount_minor)))),
  constraint ledger_freezes_used_is_empty CHECK (((state = 4) = COALESCE((remaining_minor = 0), false)))
);
CREATE INDEX ledger_freezes_account ON ledger_freezes USING btree (account_id, id);
CREATE INDEX ledger_freezes_due ON ledger_freezes USING btree (expires_at) WHERE ((state = 1) AND (expires_at IS NOT NULL));
grant select on ledger_freezes to huitong_app;
grant insert, select, update on ledger_freezes to huitong_committer;

create table ledger_head (
  singleton boolean not null default true,
  generation bigint not null default 0,
  holder text,
  number bigint not null default 0,
  hash bytea not null default sha256('\x'::bytea),
  at timestamp with time zone not null default '2020-01-01 00:00:00+00'::timestamp with time zone,
  accounting_day date,
  last_counter bigint not null default 0,
  flushed bigint not null default 0,
  constraint ledger_head_flushed_not_ahead CHECK ((flushed <= number)),
  constraint ledger_head_is_one_row CHECK (singleton),
  constraint ledger_head_pkey PRIMARY KEY (singleton)
);
grant select on ledger_head to huitong_app;
grant select, update on ledger_head to huitong_committer;

create table ledger_history_nodes (
  level smallint not null,
  index bigint not null,
  hash bytea not null,
  constraint ledger_history_nodes_level_kept CHECK ((level = ANY (ARRAY[8, 16]))),
  constraint ledger_history_nodes_pkey PRIMARY KEY (level, index)
);
grant select on ledger_history_nodes to huitong_app;
grant insert, select on ledger_history_nodes to huitong_committer;

create table ledger_holds (
  id bigint not null,
  debit_account bigint not null,
  credit_account bigint not null,
  amount_minor bigint not null,
  remaining_minor bigint not null,
  state smallint not null,
  expires_at timestamp with time zone,
  code smallint not null,
  reference bigint,
  constraint ledger_holds_ended_is_empty CHECK (((state = 1) = (remaining_minor > 0))),
  constraint ledger_holds_pkey PRIMARY KEY (id),
  constraint ledger_holds_remaining_within_amount CHECK (((remaining_minor >= 0) AND (remaining_minor <= amount_minor)))
);
CREATE INDEX ledger_holds_debit_account ON ledger_holds USING btree (debit_account, id) WHERE (state = 1);
CREATE INDEX ledger_holds_due ON ledger_holds USING btree (expires_at) WHERE ((state = 1) AND (expires_at IS NOT NULL));
grant select on ledger_holds to huitong_app;
grant insert, select, update on ledger_holds to huitong_committer;

create table ledger_import_refusals (
  import_id text not null,
  line bigint not null,
  code text not null,
  detail text not null,
  constraint ledger_import_refusals_pkey PRIMARY KEY (import_id, line)
);
grant select on ledger_import_refusals to huitong_app;
grant insert, select on ledger_import_refusals to huitong_committer;

create table ledger_imports (
  id text not null,
  next_line bigint not null,
  accepted bigint not null,
  repeated bigint not null,
  refused bigint not null,
  constraint ledger_imports_counts_not_negative CHECK (((next_line >= 1) AND (accepted >= 0) AND (repeated >= 0) AND (refused >= 0))),
  constraint ledger_imports_pkey PRIMARY KEY (id)
);
grant select on ledger_imports to huitong_app;
grant insert, select, update on ledger_imports to huitong_committer;

create table ledger_liability_chunks (
  batch bigint not null,
  currency text not null,
  level smallint not null,
  first bigint not null,
  data bytea not null,
  constraint ledger_liability_chunks_pkey PRIMARY KEY (batch, currency, level, first)
);
grant delete, insert, select on ledger_liability_chunks to huitong_app;

create table ledger_liability_statements (
  batch bigint not null,
  currency text not null,
  batch_hash bytea not null,
  at timestamp with time zone not null,
  accounting_day date not null,
  count integer not null,
  total_minor numeric(38,0) not null,
  root bytea not null,
  signature text not null,
  secret bytea not null,
  constraint ledger_liability_statements_not_negative CHECK (((count >= 0) AND (total_minor >= (0)::numeric))),
  constraint ledger_liability_statements_pkey PRIMARY KEY (batch, currency)
);
grant insert, select on ledger_liability_statements to huitong_app;

create table ledger_marks (
  account_id bigint not null,
  sequence bigint not null,
  location bigint not null,
  debits_posted bigint not null,
  credits_posted bigint not null,
  debits_pending bigint not null,
  credits_pending bigint not null,
  constraint ledger_marks_pkey PRIMARY KEY (account_id, sequence)
);
grant select on ledger_marks to huitong_app;
grant insert, select on ledger_marks to huitong_committer;

create table ledger_metadata (
  object_id bigint not null,
  key text not null,
  value text not null,
  object smallint not null,
  constraint ledger_metadata_key_formed CHECK ((key ~ '^[a-z][a-z0-9_.-]{0,39}$'::text)),
  constraint ledger_metadata_object_known CHECK ((object = ANY (ARRAY[1, 2]))),
  constraint ledger_metadata_pkey PRIMARY KEY (object_id, key),
  constraint ledger_metadata_value_short CHECK (((length(value) >= 1) AND (length(value) <= 256)))
);
CREATE INDEX ledger_metadata_value ON ledger_metadata USING btree (object, key, value, object_id);
grant select on ledger_metadata to huitong_app;
grant delete, insert, select, update on ledger_metadata to huitong_committer;

create table ledger_posting_policies (
  account_id bigint not null,
  policy text not null,
  constraint ledger_posting_policies_known CHECK ((policy = ANY (ARRAY['immediate'::text, 'summarised'::text]))),
  constraint ledger_posting_policies_pkey PRIMARY KEY (account_id)
);
grant select on ledger_posting_policies to huitong_app;
grant insert, select, update on ledger_posting_policies to huitong_committer;

create table ledger_reversals (
  transfer_id bigint not null,
  amount_minor bigint not null,
  reversed_minor bigint not null,
  constraint ledger_reversals_pkey PRIMARY KEY (transfer_id),
  constraint ledger_reversals_within_amount CHECK (((reversed_minor >= 1) AND (reversed_minor <= amount_minor)))
);
grant select on ledger_reversals to huitong_app;
grant insert, select, update on ledger_reversals to huitong_committer;

create table ledger_scheduled_postings (
  id bigint not null,
  due_at timestamp with time zone not null,
  raw boolean not null,
  legs text not null,
  state smallint not null,
  ended_batch bigint,
  transfers bigint[],
  refusal text,
  constraint ledger_scheduled_postings_pkey PRIMARY KEY (id),
  constraint ledger_scheduled_postings_posted_has_transfers CHECK (((state = 2) = (transfers IS NOT NULL))),
  constraint ledger_scheduled_postings_refused_has_refusal CHECK (((state = 3) = (refusal IS NOT NULL))),
  constraint ledger_scheduled_postings_state_known CHECK (((state >= 1) AND (state <= 4))),
  constraint ledger_scheduled_postings_waits_or_ended CHECK (((state = 1) = (ended_batch IS NULL)))
);
CREATE INDEX ledger_scheduled_postings_due ON ledger_scheduled_postings USING btree (due_at, id) WHERE (state = 1);
CREATE INDEX ledger_scheduled_postings_state ON ledger_scheduled_postings USING btree (state, id);
grant select on ledger_scheduled_postings to huitong_app;
grant insert, select, update on ledger_scheduled_postings to huitong_committer;

create table ledger_set_balances (
  set_id bigint not null,
  currency text not null,
  members bigint not null,
  debits_posted bigint not null,
  credits_posted bigint not null,
  debits_pending bigint not null,
  credits_pending bigint not null,
  constraint ledger_set_balances_not_negative CHECK (((members >= 0) AND (debits_posted >= 0) AND (credits_posted >= 0) AND (debits_pending >= 0) AND (credits_pending >= 0))),
  constraint ledger_set_balances_pkey PRIMARY KEY (set_id, currency)
);
grant select on ledger_set_balances to huitong_app;
grant insert, select, update on ledger_set_balances to huitong_committer;

create table ledger_set_members (
  set_id bigint not null,
  account_id bigint not null,
  from_batch bigint not null,
  from_position integer not null,
  to_batch bigint,
  constraint ledger_set_members_ends_after_start CHECK ((to_batch >= from_batch)),
  constraint ledger_set_members_pkey PRIMARY KEY (set_id, account_id, from_batch, from_position)
);
grant select on ledger_set_members to huitong_app;
grant insert, select, update on ledger_set_members to huitong_committer;

create table ledger_sets (
  id bigint not null,
  name text not null,
  parent_id bigint,
  root_id bigint not null,
  depth smallint not null,
  constraint ledger_sets_depth_bounded CHECK (((depth >= 1) AND (depth <= 8))),
  constraint ledger_sets_parent_before CHECK ((parent_id < id)),
  constraint ledger_sets_pkey PRIMARY KEY (id),
  constraint ledger_sets_root_at_top CHECK (((parent_id IS NULL) = (root_id = id)))
);
CREATE INDEX ledger_sets_parent ON ledger_sets USING btree (parent_id) WHERE (parent_id IS NOT NULL);
grant select on ledger_sets to huitong_app;
grant insert, select on ledger_sets to huitong_committer;

create table ledger_settings (
  singleton boolean not null default true,
  kind text not null,
  final_through date,
  constraint ledger_settings_is_one_row CHECK (singleton),
  constraint ledger_settings_pkey PRIMARY KEY (singleton)
);
grant select on ledger_settings to huitong_app;
grant insert, select, update on ledger_settings to huitong_committer;

create table ledger_templates (
  name text not null,
  version integer not null,
  definition text not null,
  batch bigint not null,
  constraint ledger_templates_pkey PRIMARY KEY (name, version),
  constraint ledger_templates_versions_from_one CHECK ((version >= 1))
);
grant select on ledger_templates to huitong_app;
grant insert, select on ledger_templates to huitong_committer;

create table ledger_transfer_references (
  reference text not null,
  transfer_id bigint not null,
  constraint ledger_transfer_references_pkey PRIMARY KEY (reference)
);
CREATE INDEX ledger_transfer_references_transfer ON ledger_transfer_references USING btree (transfer_id);
grant select on ledger_transfer_references to huitong_app;
grant insert, select on ledger_transfer_references to huitong_committer;

create table ledger_transfers (
  batch bigint not null,
  position integer not null,
  id bigint not null,
  kind smallint not null,
  code smallint not null,
  debit_account bigint not null,
  credit_account bigint not null,
  amount_minor bigint not null,
  released_minor bigint not null,
  hold_id bigint,
  hold_expires_at timestamp with time zone,
  reference bigint,
  debit_sequence bigint not null,
  debit_balance_minor bigint not null,
  debit_previous bigint,
  credit_sequence bigint not null,
  credit_balance_minor bigint not null,
  credit_previous bigint,
  effective_on date,
  reverses bigint,
  entry bigint,
  constraint ledger_transfers_accounts_differ CHECK ((debit_account <> credit_account)),
  constraint ledger_transfers_amounts_fit_kind CHECK (
CASE kind
    WHEN 1 THEN ((amount_minor > 0) AND (released_minor = 0))
    WHEN 2 THEN ((amount_minor > 0) AND (released_minor = 0))
    WHEN 3 THEN ((amount_minor > 0) AND (released_minor >= amount_minor))
    WHEN 6 THEN ((amount_minor > 0) AND (released_minor = 0))
    ELSE ((kind = ANY (ARRAY[4, 5])) AND (amount_minor = 0) AND (released_minor > 0))
END),
  constraint ledger_transfers_entry_starts_no_later CHECK ((entry <= id)),
  constraint ledger_transfers_only_postings_reverse CHECK (((reverses IS NULL) OR (kind = 1))),
  constraint ledger_transfers_pkey PRIMARY KEY (batch, "position"),
  constraint ledger_transfers_reverse_earlier CHECK ((reverses < id))
) partition by range (batch);
grant select on ledger_transfers to huitong_app;
grant insert, select on ledger_transfers to huitong_committer;

create table ledger_years (
  year integer not null,
  entries bigint[] not null,
  complete boolean not null,
  revision integer not null,
  constraint ledger_years_pkey PRIMARY KEY (year),
  constraint ledger_years_revision_positive CHECK ((revision > 0))
);
grant select on ledger_years to huitong_app;
grant insert, select, update on ledger_years to huitong_committer;
