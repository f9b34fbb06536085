-- Numbers of rules and contracts, dated. Versions are only added; the newest that has begun is in force.
create table pricing_parameters (
  id text not null,
  version int4 not null,
  amount_minor int8,
  currency text not null,
  effective_from date not null,
  effective_to date,
  instrument text not null,
  source text not null,
  added_at timestamptz not null,
  constraint pricing_parameters_pkey primary key (id, version),
  constraint pricing_parameters_version_positive check (version > 0),
  constraint pricing_parameters_amount_not_negative check (amount_minor >= 0),
  constraint pricing_parameters_ends_after_begin check (effective_to >= effective_from)
);

-- What a person spent in the windows that limits look at: the newest day and year of Beijing in which there was something, and ever.
create table pricing_spendings (
  person int8 not null,
  on_day date not null,
  contract_minor int8 not null,
  two_factors_minor int8 not null,
  one_factor_minor int8 not null,
  static_code_minor int8 not null,
  in_year int2 not null,
  year_minor int8 not null,
  lifetime_minor int8 not null,
  constraint pricing_spendings_pkey primary key (person),
  constraint pricing_spendings_not_negative check (
    contract_minor >= 0 and two_factors_minor >= 0 and one_factor_minor >= 0 and static_code_minor >= 0
    and year_minor >= 0 and lifetime_minor >= 0)
) with (fillfactor = 70);

-- One row for each thing that counted: which rule let it pass, and how much of it was given back since.
create table pricing_spent (
  reference int8 not null,
  customer_id int8 not null,
  strength text not null,
  amount_minor int8 not null,
  given_back_minor int8 not null,
  at timestamptz not null,
  allowed_by text not null,
  constraint pricing_spent_pkey primary key (reference),
  constraint pricing_spent_amount_positive check (amount_minor > 0),
  constraint pricing_spent_given_back_within_amount check (given_back_minor between 0 and amount_minor),
  constraint pricing_spent_strength_known check (strength in ('contract', 'two_factors', 'one_factor', 'static_code'))
) with (fillfactor = 90);

grant select, insert on pricing_parameters to huitong_committer;

grant select, insert, update on pricing_spendings, pricing_spent to huitong_committer;

grant select on pricing_parameters, pricing_spendings, pricing_spent to huitong_app;
