create table pricing_parameters (
  id text not null,
  version integer not null,
  amount_minor bigint,
  currency text not null,
  effective_from date not null,
  effective_to date,
  instrument text not null,
  source text not null,
  added_at timestamp with time zone not null,
  constraint pricing_parameters_amount_not_negative CHECK ((amount_minor >= 0)),
  constraint pricing_parameters_ends_after_begin CHECK ((effective_to >= effective_from)),
  constraint pricing_parameters_pkey PRIMARY KEY (id, version),
  constraint pricing_parameters_version_positive CHECK ((version > 0))
);
grant select on pricing_parameters to huitong_app;
grant insert, select on pricing_parameters to huitong_committer;

create table pricing_sharing_rules (
  merchant_id bigint not null,
  version integer not null,
  max_bps integer not null,
  effective_from date not null,
  effective_to date,
  instrument text not null,
  source text not null,
  added_at timestamp with time zone not null,
  constraint pricing_sharing_rules_ends_after_begin CHECK ((effective_to >= effective_from)),
  constraint pricing_sharing_rules_part_of_whole CHECK (((max_bps >= 0) AND (max_bps <= 10000))),
  constraint pricing_sharing_rules_pkey PRIMARY KEY (merchant_id, version),
  constraint pricing_sharing_rules_version_positive CHECK ((version > 0))
);
grant select on pricing_sharing_rules to huitong_app;
grant insert, select on pricing_sharing_rules to huitong_committer;

create table pricing_spendings (
  person bigint not null,
  on_day date not null,
  contract_minor bigint not null,
  two_factors_minor bigint not null,
  one_factor_minor bigint not null,
  static_code_minor bigint not null,
  in_year smallint not null,
  year_minor bigint not null,
  lifetime_minor bigint not null,
  constraint pricing_spendings_not_negative CHECK (((contract_minor >= 0) AND (two_factors_minor >= 0) AND (one_factor_minor >= 0) AND (static_code_minor >= 0) AND (year_minor >= 0) AND (lifetime_minor >= 0))),
  constraint pricing_spendings_pkey PRIMARY KEY (person)
);
grant select on pricing_spendings to huitong_app;
grant insert, select, update on pricing_spendings to huitong_committer;

create table pricing_spent (
  reference bigint not null,
  customer_id bigint not null,
  strength text not null,
  amount_minor bigint not null,
  given_back_minor bigint not null,
  at timestamp with time zone not null,
  allowed_by text not null,
  passed_on_minor bigint not null default 0,
  constraint pricing_spent_amount_positive CHECK ((amount_minor > 0)),
  constraint pricing_spent_given_back_within_amount CHECK (((given_back_minor >= 0) AND (given_back_minor <= amount_minor))),
  constraint pricing_spent_passed_on_not_negative CHECK ((passed_on_minor >= 0)),
  constraint pricing_spent_pkey PRIMARY KEY (reference),
  constraint pricing_spent_strength_known CHECK ((strength = ANY (ARRAY['contract'::text, 'two_factors'::text, 'one_factor'::text, 'static_code'::text]))),
  constraint pricing_spent_used_within_amount CHECK (((given_back_minor + passed_on_minor) <= amount_minor))
);
grant select on pricing_spent to huitong_app;
grant insert, select, update on pricing_spent to huitong_committer;
