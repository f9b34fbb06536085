-- What customers can pay with beside their balance. Coupons and red packets stand in rows of their own as well; this is what a payment reads.
create table marketing_pockets (
  customer_id int8 not null,
  coupons jsonb not null,
  packet_account_id int8,
  sending_account_id int8,
  constraint marketing_pockets_pkey primary key (customer_id),
  constraint marketing_pockets_packet_account_once unique (packet_account_id),
  constraint marketing_pockets_sending_account_once unique (sending_account_id)
);

-- Coupons of one kind, and the money for them.
create table marketing_campaigns (
  id int8 not null,
  merchant_id int8,
  name text not null,
  form text not null,
  minimum_minor int8 not null,
  off_minor int8,
  off_bps int4,
  cap_minor int8,
  budget_minor int8 not null,
  spent_minor int8 not null,
  withdrawn_minor int8 not null,
  coupons_max int4,
  claimed int4 not null,
  per_person int4 not null,
  valid_from timestamptz not null,
  valid_until timestamptz not null,
  merchants int8[] not null,
  goods text[] not null,
  account_id int8 not null,
  created_at timestamptz not null,
  closed_at timestamptz,
  constraint marketing_campaigns_pkey primary key (id),
  constraint marketing_campaigns_account_once unique (account_id),
  constraint marketing_campaigns_form_known check (
    (form = 'cash_off' and off_minor > 0 and off_minor <= minimum_minor and off_bps is null and cap_minor is null)
    or (form = 'percent_off' and off_bps between 1 and 10000 and cap_minor > 0 and minimum_minor > 0 and off_minor is null)
  ),
  constraint marketing_campaigns_budget_positive check (budget_minor > 0),
  constraint marketing_campaigns_budget_never_below_zero check (
    spent_minor >= 0 and withdrawn_minor >= 0 and spent_minor + withdrawn_minor <= budget_minor
  ),
  constraint marketing_campaigns_closed_has_nothing check (closed_at is null or spent_minor + withdrawn_minor = budget_minor),
  constraint marketing_campaigns_claims_counted check (
    claimed >= 0 and coupons_max > 0 and claimed <= coalesce(coupons_max, claimed)
  ),
  constraint marketing_campaigns_per_person_positive check (per_person > 0),
  constraint marketing_campaigns_valid_for_some_time check (valid_from < valid_until)
);

create index marketing_campaigns_newest on marketing_campaigns (created_at desc, id desc);

create index marketing_campaigns_due on marketing_campaigns (valid_until) where closed_at is null;

create table marketing_coupons (
  id int8 not null,
  campaign_id int8 not null,
  customer_id int8 not null,
  claimed_at timestamptz not null,
  used_for int8,
  used_at timestamptz,
  constraint marketing_coupons_pkey primary key (id),
  constraint marketing_coupons_campaign_exists foreign key (campaign_id) references marketing_campaigns (id),
  constraint marketing_coupons_used_with_time check ((used_for is null) = (used_at is null))
);

create index marketing_coupons_of_customer on marketing_coupons (customer_id, claimed_at desc, id desc);

-- How many coupons of a campaign a person took, over all of the person's accounts.
create table marketing_claims (
  campaign_id int8 not null,
  person int8 not null,
  claims int4 not null,
  constraint marketing_claims_pkey primary key (campaign_id, person),
  constraint marketing_claims_positive check (claims > 0)
);

-- Money that a customer gives away in parts. The parts are drawn when it is sent; whoever comes next gets the next one.
create table marketing_packets (
  id int8 not null,
  sender_id int8 not null,
  kind text not null,
  total_minor int8 not null,
  parts int8[] not null,
  taken int2 not null,
  taken_minor int8 not null,
  returned_minor int8 not null,
  greeting text not null,
  token_hash text not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  ended_at timestamptz,
  constraint marketing_packets_pkey primary key (id),
  constraint marketing_packets_token_once unique (token_hash),
  constraint marketing_packets_kind_known check (kind in ('fixed', 'lucky')),
  constraint marketing_packets_parts_taken_in_order check (taken between 0 and cardinality(parts)),
  constraint marketing_packets_every_part_something check (0 < all (parts)),
  constraint marketing_packets_money_is_somewhere check (
    taken_minor >= 0 and returned_minor >= 0 and taken_minor + returned_minor <= total_minor
    and (ended_at is null or taken_minor + returned_minor = total_minor)
  )
);

create index marketing_packets_of_sender on marketing_packets (sender_id, created_at desc, id desc);

create index marketing_packets_due on marketing_packets (expires_at) where ended_at is null;

create table marketing_packet_claims (
  packet_id int8 not null,
  person int8 not null,
  customer_id int8 not null,
  part int2 not null,
  amount_minor int8 not null,
  claimed_at timestamptz not null,
  constraint marketing_packet_claims_pkey primary key (packet_id, person),
  constraint marketing_packet_claims_part_once unique (packet_id, part),
  constraint marketing_packet_claims_packet_exists foreign key (packet_id) references marketing_packets (id),
  constraint marketing_packet_claims_amount_positive check (amount_minor > 0)
);

grant select, insert, update on marketing_pockets, marketing_campaigns, marketing_coupons, marketing_claims, marketing_packets, marketing_packet_claims to huitong_committer;

grant select on marketing_pockets, marketing_campaigns, marketing_coupons, marketing_claims, marketing_packets, marketing_packet_claims to huitong_app;
