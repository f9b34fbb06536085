-- How well the session's owner proved who they are, and for a while better than that.
alter table identity_sessions drop constraint identity_sessions_method_known;

alter table identity_sessions add constraint identity_sessions_method_known check (method in ('link', 'operator', 'passkey'));

alter table identity_sessions add column strength text not null default 'one_factor';

alter table identity_sessions add column raised_strength text;

alter table identity_sessions add column raised_until timestamptz;

alter table identity_sessions add constraint identity_sessions_strength_known
  check (strength in ('one_factor', 'two_factors', 'contract'));

alter table identity_sessions add constraint identity_sessions_raised_strength_known
  check (raised_strength in ('two_factors', 'contract'));

alter table identity_sessions add constraint identity_sessions_raised_whole
  check ((raised_strength is null) = (raised_until is null));

-- What authenticators know a person by: drawn, so that it says nothing of who it is.
create table identity_user_handles (
  subject_kind text not null,
  subject_id int8 not null,
  handle bytea not null,
  constraint identity_user_handles_pkey primary key (subject_kind, subject_id),
  constraint identity_user_handles_handle_unique unique (handle),
  constraint identity_user_handles_subject_known check (subject_kind in ('staff', 'customer')),
  constraint identity_user_handles_handle_length check (octet_length(handle) = 32)
);

-- Public keys by which people sign in.
create table identity_passkeys (
  id int8 generated always as identity,
  subject_kind text not null,
  subject_id int8 not null,
  credential_id bytea not null,
  public_key bytea not null,
  counter int8 not null,
  name text not null,
  synced boolean not null,
  transports text not null,
  state text not null,
  created_at timestamptz not null,
  last_used_at timestamptz,
  ended_at timestamptz,
  constraint identity_passkeys_pkey primary key (id),
  constraint identity_passkeys_credential_unique unique (credential_id),
  constraint identity_passkeys_subject_known check (subject_kind in ('staff', 'customer')),
  constraint identity_passkeys_state_known check (state in ('active', 'suspended', 'removed')),
  constraint identity_passkeys_ended_with_time check ((state = 'active') = (ended_at is null)),
  constraint identity_passkeys_counter_not_negative check (counter >= 0),
  constraint identity_passkeys_credential_length check (octet_length(credential_id) between 1 and 1023),
  constraint identity_passkeys_name_length check (length(name) between 1 and 64)
);

create index identity_passkeys_by_subject on identity_passkeys (subject_kind, subject_id, id);

-- Challenges that wait to be signed, by SHA-256. A row is deleted by its use, whatever came of it.
create table identity_challenges (
  challenge_hash bytea not null,
  purpose text not null,
  session_id int8,
  issued_at timestamptz not null,
  expires_at timestamptz not null,
  constraint identity_challenges_pkey primary key (challenge_hash),
  constraint identity_challenges_hash_is_sha256 check (octet_length(challenge_hash) = 32),
  constraint identity_challenges_purpose_known check (purpose in ('register', 'sign_in', 'step_up')),
  constraint identity_challenges_session_unless_sign_in check ((purpose = 'sign_in') = (session_id is null)),
  constraint identity_challenges_expire_after_issue check (expires_at > issued_at)
);

create index identity_challenges_by_expiry on identity_challenges (expires_at);

grant select, insert, update on identity_user_handles to huitong_app;

grant select, insert, update on identity_passkeys to huitong_app;

grant select, insert, delete on identity_challenges to huitong_app;
