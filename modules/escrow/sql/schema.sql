create table escrow_accounts (
  merchant_id bigint not null,
  account_id bigint not null,
  opened_at timestamp with time zone not null,
  constraint escrow_accounts_account_once UNIQUE (account_id),
  constraint escrow_accounts_pkey PRIMARY KEY (merchant_id)
);
grant select on escrow_accounts to huitong_app;
grant insert, select, update on escrow_accounts to huitong_committer;

create table escrow_disputes (
  trade_id bigint not null,
  number smallint not null,
  shipment smallint not null,
  claim_minor bigint not null,
  reason text not null,
  state text not null,
  outcome text,
  buyer_offer_minor bigint not null,
  merchant_offer_minor bigint,
  offers smallint not null,
  buyer_evidence smallint not null,
  merchant_evidence smallint not null,
  proposed_minor bigint,
  proposed_reason text,
  proposed_by text,
  proposed_at timestamp with time zone,
  approved_by text,
  refunded_minor bigint,
  opened_at timestamp with time zone not null,
  due_by timestamp with time zone not null,
  ended_at timestamp with time zone,
  constraint escrow_disputes_claim_positive CHECK ((claim_minor > 0)),
  constraint escrow_disputes_ended_with_outcome CHECK ((((state = 'ended'::text) = (outcome IS NOT NULL)) AND ((state = 'ended'::text) = (ended_at IS NOT NULL)) AND ((outcome IS NULL) OR (outcome = ANY (ARRAY['agreed'::text, 'lapsed'::text, 'withdrawn'::text, 'judged'::text, 'unjudged'::text]))))),
  constraint escrow_disputes_four_eyes CHECK ((((NOT (outcome IS DISTINCT FROM 'judged'::text)) = (approved_by IS NOT NULL)) AND ((approved_by IS NULL) OR ((proposed_by IS NOT NULL) AND (proposed_by <> approved_by))))),
  constraint escrow_disputes_offers_within_claim CHECK ((((buyer_offer_minor >= 0) AND (buyer_offer_minor <= claim_minor)) AND ((merchant_offer_minor IS NULL) OR ((merchant_offer_minor >= 0) AND (merchant_offer_minor <= claim_minor))) AND ((proposed_minor IS NULL) OR ((proposed_minor >= 0) AND (proposed_minor <= claim_minor))) AND ((refunded_minor IS NULL) OR ((refunded_minor >= 0) AND (refunded_minor <= claim_minor))))),
  constraint escrow_disputes_pkey PRIMARY KEY (trade_id, number),
  constraint escrow_disputes_proposed_whole CHECK ((num_nulls(proposed_minor, proposed_reason, proposed_by, proposed_at) = ANY (ARRAY[0, 4]))),
  constraint escrow_disputes_shipment_exists FOREIGN KEY (trade_id, shipment) REFERENCES escrow_shipments(trade_id, number),
  constraint escrow_disputes_split_unless_withdrawn CHECK (((refunded_minor IS NOT NULL) = ((state = 'ended'::text) AND (outcome IS DISTINCT FROM 'withdrawn'::text)))),
  constraint escrow_disputes_state_known CHECK ((state = ANY (ARRAY['awaiting_merchant'::text, 'awaiting_buyer'::text, 'judging'::text, 'ended'::text])))
);
grant select on escrow_disputes to huitong_app;
grant insert, select, update on escrow_disputes to huitong_committer;

create table escrow_evidence (
  trade_id bigint not null,
  dispute smallint not null,
  side text not null,
  number smallint not null,
  statement text not null,
  documents jsonb not null,
  given_at timestamp with time zone not null,
  constraint escrow_evidence_documents_list CHECK ((jsonb_typeof(documents) = 'array'::text)),
  constraint escrow_evidence_pkey PRIMARY KEY (trade_id, dispute, side, number),
  constraint escrow_evidence_side_known CHECK ((side = ANY (ARRAY['buyer'::text, 'merchant'::text])))
);
grant select on escrow_evidence to huitong_app;
grant insert, select on escrow_evidence to huitong_committer;

create table escrow_shipments (
  trade_id bigint not null,
  number smallint not null,
  carrier text not null,
  tracking_number text not null,
  amount_minor bigint not null,
  open_minor bigint not null,
  disputed_minor bigint not null,
  released_minor bigint not null,
  returned_minor bigint not null,
  shipped_at timestamp with time zone not null,
  confirm_by timestamp with time zone not null,
  extensions smallint not null,
  constraint escrow_shipments_amount_positive CHECK ((amount_minor > 0)),
  constraint escrow_shipments_extensions_counted CHECK ((extensions >= 0)),
  constraint escrow_shipments_money_is_somewhere CHECK ((amount_minor = (((open_minor + disputed_minor) + released_minor) + returned_minor))),
  constraint escrow_shipments_number_positive CHECK ((number > 0)),
  constraint escrow_shipments_parts_not_negative CHECK (((open_minor >= 0) AND (disputed_minor >= 0) AND (released_minor >= 0) AND (returned_minor >= 0))),
  constraint escrow_shipments_pkey PRIMARY KEY (trade_id, number),
  constraint escrow_shipments_trade_exists FOREIGN KEY (trade_id) REFERENCES escrow_trades(id)
);
grant select on escrow_shipments to huitong_app;
grant insert, select, update on escrow_shipments to huitong_committer;

create table escrow_steps (
  trade_id bigint not null,
  number integer not null,
  kind text not null,
  actor_kind text not null,
  actor_id text not null,
  shipment smallint,
  dispute smallint,
  amount_minor bigint,
  released_minor bigint not null,
  returned_minor bigint not null,
  at timestamp with time zone not null,
  constraint escrow_steps_actor_known CHECK ((actor_kind = ANY (ARRAY['buyer'::text, 'merchant'::text, 'staff'::text, 'time'::text]))),
  constraint escrow_steps_money_not_negative CHECK (((released_minor >= 0) AND (returned_minor >= 0))),
  constraint escrow_steps_pkey PRIMARY KEY (trade_id, number)
);
grant select on escrow_steps to huitong_app;
grant insert, select on escrow_steps to huitong_committer;

create table escrow_totals (
  currency text not null,
  payments bigint not null,
  paid_minor bigint not null,
  constraint escrow_totals_not_negative CHECK (((payments >= 0) AND (paid_minor >= payments))),
  constraint escrow_totals_pkey PRIMARY KEY (currency)
);
grant select on escrow_totals to huitong_app;
grant insert, select, update on escrow_totals to huitong_committer;

create table escrow_trades (
  id bigint not null,
  merchant_id bigint not null,
  order_number text not null,
  buyer_id bigint not null,
  subject text not null,
  currency text not null,
  total_minor bigint not null,
  state text not null,
  closing_cause text,
  paid_minor bigint not null,
  unshipped_minor bigint not null,
  open_minor bigint not null,
  disputed_minor bigint not null,
  released_minor bigint not null,
  returned_minor bigint not null,
  fee_rate_millionths integer not null,
  fee_minor bigint not null,
  refunded_minor bigint not null,
  fee_returned_minor bigint not null,
  steps integer not null,
  created_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  paid_at timestamp with time zone,
  ship_by timestamp with time zone,
  ended_at timestamp with time zone,
  due_at timestamp with time zone,
  tenders jsonb,
  constraint escrow_trades_closed_with_cause CHECK ((((state = 'closed'::text) = (closing_cause IS NOT NULL)) AND ((closing_cause IS NULL) OR (closing_cause = ANY (ARRAY['closed_by_merchant'::text, 'expired'::text, 'cancelled'::text, 'not_shipped'::text, 'returned'::text]))))),
  constraint escrow_trades_ended_holds_nothing CHECK (((ended_at IS NULL) OR ((((unshipped_minor + open_minor) + disputed_minor) = 0) AND (due_at IS NULL)))),
  constraint escrow_trades_ended_with_time CHECK (((state = ANY (ARRAY['completed'::text, 'closed'::text])) = (ended_at IS NOT NULL))),
  constraint escrow_trades_fee_returned_within_fee CHECK (((fee_returned_minor >= 0) AND (fee_returned_minor <= fee_minor))),
  constraint escrow_trades_fee_within_released CHECK (((fee_minor >= 0) AND (fee_minor <= released_minor))),
  constraint escrow_trades_held_is_due CHECK (((ended_at IS NOT NULL) OR (due_at IS NOT NULL))),
  constraint escrow_trades_money_is_somewhere CHECK ((paid_minor = ((((unshipped_minor + open_minor) + disputed_minor) + released_minor) + returned_minor))),
  constraint escrow_trades_order_once UNIQUE (merchant_id, order_number),
  constraint escrow_trades_paid_whole CHECK (((paid_minor = 0) OR (paid_minor = total_minor))),
  constraint escrow_trades_paid_with_times CHECK ((((paid_minor > 0) = (paid_at IS NOT NULL)) AND ((paid_at IS NULL) = (ship_by IS NULL)))),
  constraint escrow_trades_parts_not_negative CHECK (((unshipped_minor >= 0) AND (open_minor >= 0) AND (disputed_minor >= 0) AND (released_minor >= 0) AND (returned_minor >= 0))),
  constraint escrow_trades_pkey PRIMARY KEY (id),
  constraint escrow_trades_refunded_within_released CHECK (((refunded_minor >= 0) AND (refunded_minor <= released_minor))),
  constraint escrow_trades_state_known CHECK ((state = ANY (ARRAY['awaiting_payment'::text, 'awaiting_shipment'::text, 'awaiting_confirmation'::text, 'completed'::text, 'closed'::text]))),
  constraint escrow_trades_steps_positive CHECK ((steps > 0)),
  constraint escrow_trades_tenders_of_paid CHECK (((tenders IS NULL) OR (paid_at IS NOT NULL))),
  constraint escrow_trades_total_positive CHECK ((total_minor > 0))
);
CREATE INDEX escrow_trades_disputed ON escrow_trades USING btree (created_at DESC, id DESC) WHERE (disputed_minor > 0);
CREATE INDEX escrow_trades_due ON escrow_trades USING btree (due_at) WHERE (due_at IS NOT NULL);
CREATE INDEX escrow_trades_of_buyer ON escrow_trades USING btree (buyer_id, created_at DESC, id DESC);
CREATE INDEX escrow_trades_of_merchant ON escrow_trades USING btree (merchant_id, created_at DESC, id DESC);
grant select on escrow_trades to huitong_app;
grant insert, select, update on escrow_trades to huitong_committer;
