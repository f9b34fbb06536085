create table reserve_days (
  day date not null,
  customers_minor bigint not null,
  reserve_minor bigint not null,
  in_transit_minor bigint not null,
  surplus_minor bigint not null,
  made_at timestamp with time zone not null,
  constraint reserve_days_add_up CHECK ((surplus_minor = ((reserve_minor + in_transit_minor) - customers_minor))),
  constraint reserve_days_pkey PRIMARY KEY (day)
);
grant select on reserve_days to huitong_app;
grant insert, select, update on reserve_days to huitong_committer;

create table reserve_guard (
  name text not null,
  stopped boolean not null,
  surplus_minor bigint not null,
  batch bigint not null,
  noted_at timestamp with time zone not null,
  constraint reserve_guard_one CHECK ((name = 'payouts'::text)),
  constraint reserve_guard_pkey PRIMARY KEY (name),
  constraint reserve_guard_stopped_when_short CHECK ((stopped = (surplus_minor < 0)))
);
grant select on reserve_guard to huitong_app;
grant insert, select, update on reserve_guard to huitong_committer;
