-- Codes that hang on a wall: whoever scans one pays its owner, and enters the amount. Their references are public.
create table payments_static_codes (
  reference text not null,
  owner_kind text not null,
  owner_id int8 not null,
  label text not null,
  state text not null,
  replaced_by text,
  created_at timestamptz not null,
  ended_at timestamptz,
  constraint payments_static_codes_pkey primary key (reference),
  constraint payments_static_codes_reference_form check (reference ~ '^[0-9A-HJKMNP-TV-Z]{16}$'),
  constraint payments_static_codes_owner_kind_known check (owner_kind in ('customer', 'merchant')),
  constraint payments_static_codes_state_known check (state in ('active', 'revoked')),
  constraint payments_static_codes_ended_with_time check ((state = 'revoked') = (ended_at is not null)),
  constraint payments_static_codes_replaced_are_revoked check (replaced_by is null or state = 'revoked')
);

create index payments_static_codes_of_owner on payments_static_codes (owner_kind, owner_id, created_at desc, reference desc);

-- What a customer paid to static codes on a day in Beijing: the counter that the limit of a day is judged by.
create table payments_static_code_days (
  customer_id int8 not null,
  day date not null,
  paid_minor int8 not null,
  constraint payments_static_code_days_pkey primary key (customer_id, day),
  constraint payments_static_code_days_paid_positive check (paid_minor > 0)
);

grant select, insert, update on payments_static_codes, payments_static_code_days to huitong_committer;

grant select on payments_static_codes, payments_static_code_days to huitong_app;
