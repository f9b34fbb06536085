-- The policy by which payments are judged, dated. Versions are only added; the newest that has begun is in force.
create table risk_policies (
  version int4 not null,
  effective_from date not null,
  policy jsonb not null,
  source text not null,
  added_at timestamptz not null,
  constraint risk_policies_pkey primary key (version),
  constraint risk_policies_version_positive check (version > 0),
  constraint risk_policies_policy_object check (jsonb_typeof(policy) = 'object')
);

-- How often and how much a customer paid in the newest hour and day of Beijing in which there was something.
create table risk_velocities (
  customer_id int8 not null,
  in_hour timestamptz not null,
  hour_count int4 not null,
  hour_minor int8 not null,
  on_day date not null,
  day_count int4 not null,
  day_minor int8 not null,
  constraint risk_velocities_pkey primary key (customer_id),
  constraint risk_velocities_counted check (hour_count >= 0 and hour_minor >= 0 and day_count >= 0 and day_minor >= 0)
) with (fillfactor = 70);

grant select, insert on risk_policies to huitong_committer;

grant select, insert, update on risk_velocities to huitong_committer;

grant select on risk_policies, risk_velocities to huitong_app;
