-- Browsers and phones from which people come in, each known by a token of its own, by SHA-256. Two people at one device are two rows.
create table identity_devices (
  id int8 generated always as identity,
  subject_kind text not null,
  subject_id int8 not null,
  token_hash bytea not null,
  name text not null,
  place text not null,
  state text not null,
  first_seen_at timestamptz not null,
  last_seen_at timestamptz not null,
  ended_at timestamptz,
  constraint identity_devices_pkey primary key (id),
  constraint identity_devices_subject_known check (subject_kind in ('staff', 'customer')),
  constraint identity_devices_hash_is_sha256 check (octet_length(token_hash) = 32),
  constraint identity_devices_state_known check (state in ('known', 'removed', 'lost')),
  constraint identity_devices_ended_with_time check ((state = 'known') = (ended_at is null)),
  constraint identity_devices_name_length check (length(name) between 1 and 64)
);

create unique index identity_devices_by_token on identity_devices (subject_kind, subject_id, token_hash);

create index identity_devices_by_subject on identity_devices (subject_kind, subject_id, id);

alter table identity_sessions add column device_id int8;

alter table identity_passkeys add column device_id int8;

grant select, insert, update on identity_devices to huitong_app;
