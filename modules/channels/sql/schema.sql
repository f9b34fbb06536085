create table channels_banks (
  member text not null,
  name text not null,
  state text not null,
  single_max_minor bigint not null,
  day_max_minor bigint not null,
  capacity integer,
  cost_millionths integer not null default 0,
  constraint channels_banks_capacity_positive CHECK ((capacity > 0)),
  constraint channels_banks_cost_a_share CHECK (((cost_millionths >= 0) AND (cost_millionths <= 1000000))),
  constraint channels_banks_limits_positive CHECK (((single_max_minor > 0) AND (day_max_minor >= single_max_minor))),
  constraint channels_banks_pkey PRIMARY KEY (member),
  constraint channels_banks_state_known CHECK ((state = ANY (ARRAY['open'::text, 'paused'::text])))
);
grant select on channels_banks to huitong_app;
grant insert, select, update on channels_banks to huitong_committer;

create table channels_cards (
  fingerprint text not null,
  id bigint not null,
  customer_id bigint not null,
  bank text not null,
  tail text not null,
  sealed bytea not null,
  state text not null,
  attempt integer not null,
  agreement text,
  open_order text,
  made_at timestamp with time zone not null,
  due_at timestamp with time zone,
  constraint channels_cards_agreement_of_bound CHECK (((state = ANY (ARRAY['code_sent'::text, 'active'::text, 'ending'::text])) = (agreement IS NOT NULL))),
  constraint channels_cards_due_while_ending CHECK (((state = 'ending'::text) = (due_at IS NOT NULL))),
  constraint channels_cards_id_once UNIQUE (id),
  constraint channels_cards_order_of_bound CHECK (((open_order IS NULL) OR (state = 'active'::text))),
  constraint channels_cards_pkey PRIMARY KEY (fingerprint),
  constraint channels_cards_state_known CHECK ((state = ANY (ARRAY['binding'::text, 'code_sent'::text, 'active'::text, 'ending'::text, 'ended'::text]))),
  constraint channels_cards_tail_short CHECK ((tail ~ '^[0-9]{4}$'::text))
);
CREATE INDEX channels_cards_ending ON channels_cards USING btree (due_at) WHERE (state = 'ending'::text);
CREATE INDEX channels_cards_of_customer ON channels_cards USING btree (customer_id, id);
grant select on channels_cards to huitong_app;
grant insert, select, update on channels_cards to huitong_committer;

create table channels_orders (
  uetr text not null,
  id bigint not null,
  kind text not null,
  customer_id bigint not null,
  card text not null,
  card_id bigint not null,
  bank text not null,
  amount_minor bigint not null,
  returned_minor bigint not null,
  state text not null,
  reason text,
  hold_id bigint,
  message_id text not null,
  instruction_id text,
  end_to_end_id text not null,
  transaction_id text,
  contradicted boolean not null,
  in_suspense boolean not null,
  askings integer not null,
  made_at timestamp with time zone not null,
  due_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  trade_id bigint,
  unspent text,
  constraint channels_orders_amount_positive CHECK ((amount_minor > 0)),
  constraint channels_orders_ended_with_time CHECK (((state = ANY (ARRAY['settled'::text, 'rejected'::text])) = (ended_at IS NOT NULL))),
  constraint channels_orders_hold_while_open CHECK (((ended_at IS NULL) OR (hold_id IS NULL))),
  constraint channels_orders_id_once UNIQUE (id),
  constraint channels_orders_kind_known CHECK ((kind = ANY (ARRAY['top_up'::text, 'withdrawal'::text, 'payment'::text]))),
  constraint channels_orders_pkey PRIMARY KEY (uetr),
  constraint channels_orders_reason_of_rejected CHECK (((state = 'rejected'::text) = (reason IS NOT NULL))),
  constraint channels_orders_returned_at_most_paid CHECK (((returned_minor >= 0) AND (returned_minor <= amount_minor))),
  constraint channels_orders_returned_of_settled CHECK (((returned_minor = 0) OR ((kind = 'withdrawal'::text) AND (state = 'settled'::text)))),
  constraint channels_orders_state_known CHECK ((state = ANY (ARRAY['sent'::text, 'unknown'::text, 'accepted'::text, 'settled'::text, 'rejected'::text]))),
  constraint channels_orders_suspense_of_settled CHECK (((NOT in_suspense) OR (state = 'settled'::text))),
  constraint channels_orders_trade_of_payment CHECK (((kind = 'payment'::text) = (trade_id IS NOT NULL))),
  constraint channels_orders_unspent_of_settled_payment CHECK (((unspent IS NULL) OR ((kind = 'payment'::text) AND (state = 'settled'::text))))
);
CREATE INDEX channels_orders_due ON channels_orders USING btree (due_at) WHERE (state = ANY (ARRAY['sent'::text, 'unknown'::text, 'accepted'::text]));
CREATE INDEX channels_orders_made ON channels_orders USING btree (bank, made_at);
CREATE INDEX channels_orders_newest ON channels_orders USING btree (made_at DESC, id DESC);
CREATE INDEX channels_orders_of_card ON channels_orders USING btree (card, made_at);
CREATE INDEX channels_orders_of_customer ON channels_orders USING btree (customer_id, made_at DESC, id DESC);
grant select on channels_orders to huitong_app;
grant insert, select, update on channels_orders to huitong_committer;

create table channels_refunds (
  reference text not null,
  id bigint not null,
  uetr text not null,
  amount_minor bigint not null,
  state text not null,
  reason text,
  message_id text not null,
  in_suspense boolean not null,
  contradicted boolean not null,
  askings integer not null,
  made_at timestamp with time zone not null,
  due_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  constraint channels_refunds_amount_positive CHECK ((amount_minor > 0)),
  constraint channels_refunds_ended_with_time CHECK (((state = ANY (ARRAY['settled'::text, 'rejected'::text])) = (ended_at IS NOT NULL))),
  constraint channels_refunds_id_once UNIQUE (id),
  constraint channels_refunds_pkey PRIMARY KEY (reference),
  constraint channels_refunds_reason_of_rejected CHECK (((state = 'rejected'::text) = (reason IS NOT NULL))),
  constraint channels_refunds_state_known CHECK ((state = ANY (ARRAY['sent'::text, 'unknown'::text, 'settled'::text, 'rejected'::text]))),
  constraint channels_refunds_suspense_of_rejected CHECK (((NOT in_suspense) OR (state = 'rejected'::text)))
);
CREATE INDEX channels_refunds_due ON channels_refunds USING btree (due_at) WHERE (state = ANY (ARRAY['sent'::text, 'unknown'::text]));
CREATE INDEX channels_refunds_of_order ON channels_refunds USING btree (uetr);
grant select on channels_refunds to huitong_app;
grant insert, select, update on channels_refunds to huitong_committer;

create table channels_returns (
  reference text not null,
  uetr text not null,
  amount_minor bigint not null,
  in_suspense boolean not null,
  made_at timestamp with time zone not null,
  constraint channels_returns_amount_positive CHECK ((amount_minor > 0)),
  constraint channels_returns_pkey PRIMARY KEY (reference)
);
CREATE INDEX channels_returns_of_order ON channels_returns USING btree (uetr);
grant select on channels_returns to huitong_app;
grant insert, select, update on channels_returns to huitong_committer;
