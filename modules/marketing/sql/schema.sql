create table marketing_campaigns (
  id bigint not null,
  merchant_id bigint,
  name text not null,
  form text not null,
  minimum_minor bigint not null,
  off_minor bigint,
  off_bps integer,
  cap_minor bigint,
  budget_minor bigint not null,
  spent_minor bigint not null,
  withdrawn_minor bigint not null,
  coupons_max integer,
  claimed integer not null,
  per_person integer not null,
  valid_from timestamp with time zone not null,
  valid_until timestamp with time zone not null,
  merchants bigint[] not null,
  goods text[] not null,
  account_id bigint not null,
  created_at timestamp with time zone not null,
  closed_at timestamp with time zone,
  constraint marketing_campaigns_account_once UNIQUE (account_id),
  constraint marketing_campaigns_budget_never_below_zero CHECK (((spent_minor >= 0) AND (withdrawn_minor >= 0) AND ((spent_minor + withdrawn_minor) <= budget_minor))),
  constraint marketing_campaigns_budget_positive CHECK ((budget_minor > 0)),
  constraint marketing_campaigns_claims_counted CHECK (((claimed >= 0) AND (coupons_max > 0) AND (claimed <= COALESCE(coupons_max, claimed)))),
  constraint marketing_campaigns_closed_has_nothing CHECK (((closed_at IS NULL) OR ((spent_minor + withdrawn_minor) = budget_minor))),
  constraint marketing_campaigns_form_known CHECK ((((form = 'cash_off'::text) AND (off_minor > 0) AND (off_minor <= minimum_minor) AND (off_bps IS NULL) AND (cap_minor IS NULL)) OR ((form = 'percent_off'::text) AND ((off_bps >= 1) AND (off_bps <= 10000)) AND (cap_minor > 0) AND (minimum_minor > 0) AND (off_minor IS NULL)))),
  constraint marketing_campaigns_per_person_positive CHECK ((per_person > 0)),
  constraint marketing_campaigns_pkey PRIMARY KEY (id),
  constraint marketing_campaigns_valid_for_some_time CHECK ((valid_from < valid_until))
);
CREATE INDEX marketing_campaigns_due ON marketing_campaigns USING btree (valid_until) WHERE (closed_at IS NULL);
CREATE INDEX marketing_campaigns_newest ON marketing_campaigns USING btree (created_at DESC, id DESC);
grant select on marketing_campaigns to huitong_app;
grant insert, select, update on marketing_campaigns to huitong_committer;

create table marketing_claims (
  campaign_id bigint not null,
  person bigint not null,
  claims integer not null,
  constraint marketing_claims_pkey PRIMARY KEY (campaign_id, person),
  constraint marketing_claims_positive CHECK ((claims > 0))
);
grant select on marketing_claims to huitong_app;
grant insert, select, update on marketing_claims to huitong_committer;

create table marketing_coupons (
  id bigint not null,
  campaign_id bigint not null,
  customer_id bigint not null,
  claimed_at timestamp with time zone not null,
  used_for bigint,
  used_at timestamp with time zone,
  constraint marketing_coupons_campaign_exists FOREIGN KEY (campaign_id) REFERENCES marketing_campaigns(id),
  constraint marketing_coupons_pkey PRIMARY KEY (id),
  constraint marketing_coupons_used_with_time CHECK (((used_for IS NULL) = (used_at IS NULL)))
);
CREATE INDEX marketing_coupons_of_customer ON marketing_coupons USING btree (customer_id, claimed_at DESC, id DESC);
grant select on marketing_coupons to huitong_app;
grant insert, select, update on marketing_coupons to huitong_committer;

create table marketing_packet_claims (
  packet_id bigint not null,
  person bigint not null,
  customer_id bigint not null,
  part smallint not null,
  amount_minor bigint not null,
  claimed_at timestamp with time zone not null,
  constraint marketing_packet_claims_amount_positive CHECK ((amount_minor > 0)),
  constraint marketing_packet_claims_packet_exists FOREIGN KEY (packet_id) REFERENCES marketing_packets(id),
  constraint marketing_packet_claims_part_once UNIQUE (packet_id, part),
  constraint marketing_packet_claims_pkey PRIMARY KEY (packet_id, person)
);
grant select on marketing_packet_claims to huitong_app;
grant insert, select, update on marketing_packet_claims to huitong_committer;

create table marketing_packets (
  id bigint not null,
  sender_id bigint not null,
  kind text not null,
  total_minor bigint not null,
  parts bigint[] not null,
  taken smallint not null,
  taken_minor bigint not null,
  returned_minor bigint not null,
  greeting text not null,
  token_hash text not null,
  created_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  constraint marketing_packets_every_part_something CHECK ((0 < ALL (parts))),
  constraint marketing_packets_kind_known CHECK ((kind = ANY (ARRAY['fixed'::text, 'lucky'::text]))),
  constraint marketing_packets_money_is_somewhere CHECK (((taken_minor >= 0) AND (returned_minor >= 0) AND ((taken_minor + returned_minor) <= total_minor) AND ((ended_at IS NULL) OR ((taken_minor + returned_minor) = total_minor)))),
  constraint marketing_packets_parts_taken_in_order CHECK (((taken >= 0) AND (taken <= cardinality(parts)))),
  constraint marketing_packets_pkey PRIMARY KEY (id),
  constraint marketing_packets_token_once UNIQUE (token_hash)
);
CREATE INDEX marketing_packets_due ON marketing_packets USING btree (expires_at) WHERE (ended_at IS NULL);
CREATE INDEX marketing_packets_of_sender ON marketing_packets USING btree (sender_id, created_at DESC, id DESC);
grant select on marketing_packets to huitong_app;
grant insert, select, update on marketing_packets to huitong_committer;

create table marketing_pockets (
  customer_id bigint not null,
  coupons jsonb not null,
  packet_account_id bigint,
  sending_account_id bigint,
  constraint marketing_pockets_packet_account_once UNIQUE (packet_account_id),
  constraint marketing_pockets_pkey PRIMARY KEY (customer_id),
  constraint marketing_pockets_sending_account_once UNIQUE (sending_account_id)
);
grant select on marketing_pockets to huitong_app;
grant insert, select, update on marketing_pockets to huitong_committer;
