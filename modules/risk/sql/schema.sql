create table risk_policies (
  version integer not null,
  effective_from date not null,
  policy jsonb not null,
  source text not null,
  added_at timestamp with time zone not null,
  constraint risk_policies_pkey PRIMARY KEY (version),
  constraint risk_policies_policy_object CHECK ((jsonb_typeof(policy) = 'object'::text)),
  constraint risk_policies_version_positive CHECK ((version > 0))
);
grant select on risk_policies to huitong_app;
grant insert, select on risk_policies to huitong_committer;

create table risk_velocities (
  customer_id bigint not null,
  in_hour timestamp with time zone not null,
  hour_count integer not null,
  hour_minor bigint not null,
  on_day date not null,
  day_count integer not null,
  day_minor bigint not null,
  constraint risk_velocities_counted CHECK (((hour_count >= 0) AND (hour_minor >= 0) AND (day_count >= 0) AND (day_minor >= 0))),
  constraint risk_velocities_pkey PRIMARY KEY (customer_id)
);
grant select on risk_velocities to huitong_app;
grant insert, select, update on risk_velocities to huitong_committer;
