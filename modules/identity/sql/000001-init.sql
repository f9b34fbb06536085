-- People who work for the institution.
create table identity_staff (
  id int8 generated always as identity,
  name text not null,
  status text not null,
  founder boolean not null,
  created_at timestamptz not null,
  constraint identity_staff_pkey primary key (id),
  constraint identity_staff_status_known check (status in ('active', 'left'))
);

-- One founder an institution: the operator whom the program makes on its first start.
create unique index identity_staff_one_founder on identity_staff (founder) where founder;

create table identity_staff_roles (
  staff_id int8 not null,
  role text not null,
  constraint identity_staff_roles_pkey primary key (staff_id, role),
  constraint identity_staff_roles_staff_fkey foreign key (staff_id) references identity_staff (id)
);

-- One-time sign-in links, by SHA-256 of their token; the tokens are stored nowhere.
create table identity_sign_in_links (
  token_hash bytea not null,
  subject_kind text not null,
  subject_id int8 not null,
  issued_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz,
  constraint identity_sign_in_links_pkey primary key (token_hash),
  constraint identity_sign_in_links_hash_is_sha256 check (octet_length(token_hash) = 32),
  constraint identity_sign_in_links_subject_known check (subject_kind in ('staff', 'customer')),
  constraint identity_sign_in_links_expire_after_issue check (expires_at > issued_at),
  constraint identity_sign_in_links_used_in_time check (used_at is null or used_at < expires_at)
);

-- Sessions, by SHA-256 of their token.
create table identity_sessions (
  id int8 generated always as identity,
  token_hash bytea not null,
  subject_kind text not null,
  subject_id int8 not null,
  method text not null,
  started_at timestamptz not null,
  last_seen_at timestamptz not null,
  idle_seconds int4 not null,
  expires_at timestamptz not null,
  ended_at timestamptz,
  constraint identity_sessions_pkey primary key (id),
  constraint identity_sessions_token_unique unique (token_hash),
  constraint identity_sessions_hash_is_sha256 check (octet_length(token_hash) = 32),
  constraint identity_sessions_subject_known check (subject_kind in ('staff', 'customer')),
  constraint identity_sessions_method_known check (method in ('link', 'operator')),
  constraint identity_sessions_expire_after_start check (expires_at > started_at),
  constraint identity_sessions_idle_positive check (idle_seconds > 0)
);

create index identity_sessions_by_subject on identity_sessions (subject_kind, subject_id, id) where ended_at is null;

-- Who came in, went out or was turned away, and from where.
create table identity_audit (
  id int8 generated always as identity,
  at timestamptz not null,
  event text not null,
  subject_kind text,
  subject_id int8,
  session_id int8,
  address text,
  constraint identity_audit_pkey primary key (id),
  constraint identity_audit_event_named check (event ~ '^[a-z_]{1,40}$'),
  constraint identity_audit_subject_whole check ((subject_kind is null) = (subject_id is null))
);

create index identity_audit_by_subject on identity_audit (subject_kind, subject_id, id);

grant select, insert, update on identity_staff, identity_sign_in_links, identity_sessions to huitong_app;

grant select, insert, delete on identity_staff_roles to huitong_app;

grant select, insert on identity_audit to huitong_app;
