-- One row: whether payouts are stopped, and by which position.
create table reserve_guard (
  name text not null,
  stopped boolean not null,
  surplus_minor int8 not null,
  batch int8 not null,
  noted_at timestamptz not null,
  constraint reserve_guard_pkey primary key (name),
  constraint reserve_guard_one check (name = 'payouts'),
  constraint reserve_guard_stopped_when_short check (stopped = (surplus_minor < 0))
);

-- The report of each accounting day, as of its end.
create table reserve_days (
  day date not null,
  customers_minor int8 not null,
  reserve_minor int8 not null,
  in_transit_minor int8 not null,
  surplus_minor int8 not null,
  made_at timestamptz not null,
  constraint reserve_days_pkey primary key (day),
  constraint reserve_days_add_up check (surplus_minor = reserve_minor + in_transit_minor - customers_minor)
);

grant select, insert, update on reserve_guard, reserve_days to huitong_committer;

grant select on reserve_guard, reserve_days to huitong_app;
