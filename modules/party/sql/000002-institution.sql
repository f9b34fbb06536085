-- The institution itself. What is written at its first start is never changed: nothing may make real books a demo afterwards.
create table party_institution (
  singleton boolean not null default true,
  demo boolean not null,
  opened_at timestamptz not null,
  constraint party_institution_pkey primary key (singleton),
  constraint party_institution_is_one_row check (singleton)
);

grant select, insert on party_institution to huitong_app;
