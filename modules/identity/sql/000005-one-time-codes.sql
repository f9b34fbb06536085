-- Secrets of apps that compute one-time codes: sealed under a key from outside the database. One that is being set up stands beside the one
-- that works, so that nobody loses a way in by beginning anew.
create table identity_code_secrets (
  subject_kind text not null,
  subject_id int8 not null,
  state text not null,
  sealed bytea not null,
  key_version int4 not null,
  created_at timestamptz not null,
  confirmed_at timestamptz,
  last_step int8 not null,
  failures int4 not null default 0,
  blocked_until timestamptz,
  constraint identity_code_secrets_pkey primary key (subject_kind, subject_id, state),
  constraint identity_code_secrets_subject_known check (subject_kind in ('staff', 'customer')),
  constraint identity_code_secrets_state_known check (state in ('pending', 'active')),
  constraint identity_code_secrets_confirmed_when_active check ((state = 'active') = (confirmed_at is not null)),
  constraint identity_code_secrets_last_step_not_negative check (last_step >= 0),
  constraint identity_code_secrets_failures_not_negative check (failures >= 0)
);

-- Recovery codes by keyed hash, each good once.
create table identity_recovery_codes (
  subject_kind text not null,
  subject_id int8 not null,
  code_hash bytea not null,
  used_at timestamptz,
  constraint identity_recovery_codes_pkey primary key (subject_kind, subject_id, code_hash),
  constraint identity_recovery_codes_subject_known check (subject_kind in ('staff', 'customer')),
  constraint identity_recovery_codes_hash_is_sha256 check (octet_length(code_hash) = 32)
);

-- A session whose owner came by a link and owes the second proof.
alter table identity_sessions add column awaits_proof boolean not null default false;

grant select, insert, update, delete on identity_code_secrets, identity_recovery_codes to huitong_app;
