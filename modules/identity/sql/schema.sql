create table identity_audit (
  id bigint not null generated always as identity,
  at timestamp with time zone not null,
  event text not null,
  subject_kind text,
  subject_id bigint,
  session_id bigint,
  address text,
  constraint identity_audit_event_named CHECK ((event ~ '^[a-z_]{1,40}$'::text)),
  constraint identity_audit_pkey PRIMARY KEY (id),
  constraint identity_audit_subject_whole CHECK (((subject_kind IS NULL) = (subject_id IS NULL)))
);
CREATE INDEX identity_audit_by_subject ON identity_audit USING btree (subject_kind, subject_id, id);
grant insert, select on identity_audit to huitong_app;

create table identity_challenges (
  challenge_hash bytea not null,
  purpose text not null,
  session_id bigint,
  issued_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  constraint identity_challenges_expire_after_issue CHECK ((expires_at > issued_at)),
  constraint identity_challenges_hash_is_sha256 CHECK ((octet_length(challenge_hash) = 32)),
  constraint identity_challenges_pkey PRIMARY KEY (challenge_hash),
  constraint identity_challenges_purpose_known CHECK ((purpose = ANY (ARRAY['register'::text, 'sign_in'::text, 'step_up'::text]))),
  constraint identity_challenges_session_unless_sign_in CHECK (((purpose = 'sign_in'::text) = (session_id IS NULL)))
);
CREATE INDEX identity_challenges_by_expiry ON identity_challenges USING btree (expires_at);
grant delete, insert, select on identity_challenges to huitong_app;

create table identity_code_secrets (
  subject_kind text not null,
  subject_id bigint not null,
  state text not null,
  sealed bytea not null,
  key_version integer not null,
  created_at timestamp with time zone not null,
  confirmed_at timestamp with time zone,
  last_step bigint not null,
  failures integer not null default 0,
  blocked_until timestamp with time zone,
  constraint identity_code_secrets_confirmed_when_active CHECK (((state = 'active'::text) = (confirmed_at IS NOT NULL))),
  constraint identity_code_secrets_failures_not_negative CHECK ((failures >= 0)),
  constraint identity_code_secrets_last_step_not_negative CHECK ((last_step >= 0)),
  constraint identity_code_secrets_pkey PRIMARY KEY (subject_kind, subject_id, state),
  constraint identity_code_secrets_state_known CHECK ((state = ANY (ARRAY['pending'::text, 'active'::text]))),
  constraint identity_code_secrets_subject_known CHECK ((subject_kind = ANY (ARRAY['staff'::text, 'customer'::text])))
);
grant delete, insert, select, update on identity_code_secrets to huitong_app;

create table identity_devices (
  id bigint not null generated always as identity,
  subject_kind text not null,
  subject_id bigint not null,
  token_hash bytea not null,
  name text not null,
  place text not null,
  state text not null,
  first_seen_at timestamp with time zone not null,
  last_seen_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  constraint identity_devices_ended_with_time CHECK (((state = 'known'::text) = (ended_at IS NULL))),
  constraint identity_devices_hash_is_sha256 CHECK ((octet_length(token_hash) = 32)),
  constraint identity_devices_name_length CHECK (((length(name) >= 1) AND (length(name) <= 64))),
  constraint identity_devices_pkey PRIMARY KEY (id),
  constraint identity_devices_state_known CHECK ((state = ANY (ARRAY['known'::text, 'removed'::text, 'lost'::text]))),
  constraint identity_devices_subject_known CHECK ((subject_kind = ANY (ARRAY['staff'::text, 'customer'::text])))
);
CREATE INDEX identity_devices_by_subject ON identity_devices USING btree (subject_kind, subject_id, id);
CREATE UNIQUE INDEX identity_devices_by_token ON identity_devices USING btree (subject_kind, subject_id, token_hash);
grant insert, select, update on identity_devices to huitong_app;

create table identity_passkeys (
  id bigint not null generated always as identity,
  subject_kind text not null,
  subject_id bigint not null,
  credential_id bytea not null,
  public_key bytea not null,
  counter bigint not null,
  name text not null,
  synced boolean not null,
  transports text not null,
  state text not null,
  created_at timestamp with time zone not null,
  last_used_at timestamp with time zone,
  ended_at timestamp with time zone,
  device_id bigint,
  constraint identity_passkeys_counter_not_negative CHECK ((counter >= 0)),
  constraint identity_passkeys_credential_length CHECK (((octet_length(credential_id) >= 1) AND (octet_length(credential_id) <= 1023))),
  constraint identity_passkeys_credential_unique UNIQUE (credential_id),
  constraint identity_passkeys_ended_with_time CHECK (((state = 'active'::text) = (ended_at IS NULL))),
  constraint identity_passkeys_name_length CHECK (((length(name) >= 1) AND (length(name) <= 64))),
  constraint identity_passkeys_pkey PRIMARY KEY (id),
  constraint identity_passkeys_state_known CHECK ((state = ANY (ARRAY['active'::text, 'suspended'::text, 'removed'::text]))),
  constraint identity_passkeys_subject_known CHECK ((subject_kind = ANY (ARRAY['staff'::text, 'customer'::text])))
);
CREATE INDEX identity_passkeys_by_subject ON identity_passkeys USING btree (subject_kind, subject_id, id);
grant insert, select, update on identity_passkeys to huitong_app;

create table identity_proposals (
  id bigint not null generated always as identity,
  method text not null,
  route text not null,
  params text not null,
  body text not null,
  scope text not null,
  proposed_by bigint not null,
  idempotency_key text not null,
  proposed_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  state text not null,
  decided_by bigint,
  decided_at timestamp with time zone,
  status integer,
  constraint identity_proposals_answered_after_approval CHECK (((status IS NULL) OR (state = 'approved'::text))),
  constraint identity_proposals_approved_by_another CHECK (((state <> 'approved'::text) OR (decided_by <> proposed_by))),
  constraint identity_proposals_decided_in_time CHECK (((state <> 'approved'::text) OR (decided_at < expires_at))),
  constraint identity_proposals_decided_with_name CHECK (((state = 'open'::text) = (decided_by IS NULL))),
  constraint identity_proposals_decided_with_time CHECK (((state = 'open'::text) = (decided_at IS NULL))),
  constraint identity_proposals_key_unique UNIQUE (proposed_by, idempotency_key),
  constraint identity_proposals_pkey PRIMARY KEY (id),
  constraint identity_proposals_state_known CHECK ((state = ANY (ARRAY['open'::text, 'approved'::text, 'rejected'::text])))
);
CREATE INDEX identity_proposals_open ON identity_proposals USING btree (id) WHERE (state = 'open'::text);
grant insert, select, update (state, decided_by, decided_at, status) on identity_proposals to huitong_app;

create table identity_recovery_codes (
  subject_kind text not null,
  subject_id bigint not null,
  code_hash bytea not null,
  used_at timestamp with time zone,
  constraint identity_recovery_codes_hash_is_sha256 CHECK ((octet_length(code_hash) = 32)),
  constraint identity_recovery_codes_pkey PRIMARY KEY (subject_kind, subject_id, code_hash),
  constraint identity_recovery_codes_subject_known CHECK ((subject_kind = ANY (ARRAY['staff'::text, 'customer'::text])))
);
grant delete, insert, select, update on identity_recovery_codes to huitong_app;

create table identity_sessions (
  id bigint not null generated always as identity,
  token_hash bytea not null,
  subject_kind text not null,
  subject_id bigint not null,
  method text not null,
  started_at timestamp with time zone not null,
  last_seen_at timestamp with time zone not null,
  idle_seconds integer not null,
  expires_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  strength text not null default 'one_factor'::text,
  raised_strength text,
  raised_until timestamp with time zone,
  awaits_proof boolean not null default false,
  device_id bigint,
  constraint identity_sessions_expire_after_start CHECK ((expires_at > started_at)),
  constraint identity_sessions_hash_is_sha256 CHECK ((octet_length(token_hash) = 32)),
  constraint identity_sessions_idle_positive CHECK ((idle_seconds > 0)),
  constraint identity_sessions_method_known CHECK ((method = ANY (ARRAY['link'::text, 'operator'::text, 'passkey'::text]))),
  constraint identity_sessions_pkey PRIMARY KEY (id),
  constraint identity_sessions_raised_strength_known CHECK ((raised_strength = ANY (ARRAY['two_factors'::text, 'contract'::text]))),
  constraint identity_sessions_raised_whole CHECK (((raised_strength IS NULL) = (raised_until IS NULL))),
  constraint identity_sessions_strength_known CHECK ((strength = ANY (ARRAY['one_factor'::text, 'two_factors'::text, 'contract'::text]))),
  constraint identity_sessions_subject_known CHECK ((subject_kind = ANY (ARRAY['staff'::text, 'customer'::text]))),
  constraint identity_sessions_token_unique UNIQUE (token_hash)
);
CREATE INDEX identity_sessions_by_subject ON identity_sessions USING btree (subject_kind, subject_id, id) WHERE (ended_at IS NULL);
grant insert, select, update on identity_sessions to huitong_app;

create table identity_sign_in_links (
  token_hash bytea not null,
  subject_kind text not null,
  subject_id bigint not null,
  issued_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  used_at timestamp with time zone,
  constraint identity_sign_in_links_expire_after_issue CHECK ((expires_at > issued_at)),
  constraint identity_sign_in_links_hash_is_sha256 CHECK ((octet_length(token_hash) = 32)),
  constraint identity_sign_in_links_pkey PRIMARY KEY (token_hash),
  constraint identity_sign_in_links_subject_known CHECK ((subject_kind = ANY (ARRAY['staff'::text, 'customer'::text]))),
  constraint identity_sign_in_links_used_in_time CHECK (((used_at IS NULL) OR (used_at < expires_at)))
);
grant insert, select, update on identity_sign_in_links to huitong_app;

create table identity_sign_in_resets (
  id bigint not null generated always as identity,
  customer_id bigint not null,
  reason text not null,
  requested_at timestamp with time zone not null,
  effective_at timestamp with time zone not null,
  state text not null,
  decided_at timestamp with time zone,
  constraint identity_sign_in_resets_decided_with_time CHECK (((state = 'open'::text) = (decided_at IS NULL))),
  constraint identity_sign_in_resets_done_in_time CHECK (((state <> 'done'::text) OR (decided_at >= effective_at))),
  constraint identity_sign_in_resets_pkey PRIMARY KEY (id),
  constraint identity_sign_in_resets_state_known CHECK ((state = ANY (ARRAY['open'::text, 'objected'::text, 'done'::text]))),
  constraint identity_sign_in_resets_wait CHECK ((effective_at > requested_at))
);
CREATE INDEX identity_sign_in_resets_by_customer ON identity_sign_in_resets USING btree (customer_id, id);
CREATE UNIQUE INDEX identity_sign_in_resets_one_open ON identity_sign_in_resets USING btree (customer_id) WHERE (state = 'open'::text);
grant insert, select, update (state, decided_at) on identity_sign_in_resets to huitong_app;

create table identity_staff (
  id bigint not null generated always as identity,
  name text not null,
  status text not null,
  founder boolean not null,
  created_at timestamp with time zone not null,
  added_by_request text,
  constraint identity_staff_pkey PRIMARY KEY (id),
  constraint identity_staff_status_known CHECK ((status = ANY (ARRAY['active'::text, 'suspended'::text, 'left'::text])))
);
CREATE UNIQUE INDEX identity_staff_one_by_request ON identity_staff USING btree (added_by_request) WHERE (added_by_request IS NOT NULL);
CREATE UNIQUE INDEX identity_staff_one_founder ON identity_staff USING btree (founder) WHERE founder;
grant insert, select, update on identity_staff to huitong_app;

create table identity_staff_actions (
  id bigint not null generated always as identity,
  at timestamp with time zone not null,
  staff_id bigint not null,
  session_id bigint,
  kind text not null,
  method text not null,
  route text not null,
  path text not null,
  object text,
  status integer,
  address text not null,
  request_id text not null,
  constraint identity_staff_actions_kind_known CHECK ((kind = ANY (ARRAY['change'::text, 'read'::text]))),
  constraint identity_staff_actions_pkey PRIMARY KEY (id),
  constraint identity_staff_actions_status_http CHECK (((status >= 100) AND (status <= 599)))
);
CREATE INDEX identity_staff_actions_by_object ON identity_staff_actions USING btree (object, id) WHERE (object IS NOT NULL);
CREATE INDEX identity_staff_actions_by_staff ON identity_staff_actions USING btree (staff_id, id);
grant insert, select, update (status) on identity_staff_actions to huitong_app;

create table identity_staff_roles (
  staff_id bigint not null,
  role text not null,
  constraint identity_staff_roles_pkey PRIMARY KEY (staff_id, role),
  constraint identity_staff_roles_staff_fkey FOREIGN KEY (staff_id) REFERENCES identity_staff(id)
);
grant delete, insert, select on identity_staff_roles to huitong_app;

create table identity_user_handles (
  subject_kind text not null,
  subject_id bigint not null,
  handle bytea not null,
  constraint identity_user_handles_handle_length CHECK ((octet_length(handle) = 32)),
  constraint identity_user_handles_handle_unique UNIQUE (handle),
  constraint identity_user_handles_pkey PRIMARY KEY (subject_kind, subject_id),
  constraint identity_user_handles_subject_known CHECK ((subject_kind = ANY (ARRAY['staff'::text, 'customer'::text])))
);
grant insert, select, update on identity_user_handles to huitong_app;
