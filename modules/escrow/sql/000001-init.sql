-- Where each merchant's trade money is held until it is the merchant's or the buyer's.
create table escrow_accounts (
  merchant_id int8 not null,
  account_id int8 not null,
  opened_at timestamptz not null,
  constraint escrow_accounts_pkey primary key (merchant_id),
  constraint escrow_accounts_account_once unique (account_id)
);

create table escrow_trades (
  id int8 not null,
  merchant_id int8 not null,
  order_number text not null,
  buyer_id int8 not null,
  subject text not null,
  currency text not null,
  total_minor int8 not null,
  state text not null,
  closing_cause text,
  paid_minor int8 not null,
  unshipped_minor int8 not null,
  open_minor int8 not null,
  disputed_minor int8 not null,
  released_minor int8 not null,
  returned_minor int8 not null,
  fee_rate_millionths int4 not null,
  fee_minor int8 not null,
  refunded_minor int8 not null,
  fee_returned_minor int8 not null,
  steps int4 not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  paid_at timestamptz,
  ship_by timestamptz,
  ended_at timestamptz,
  due_at timestamptz,
  constraint escrow_trades_pkey primary key (id),
  constraint escrow_trades_order_once unique (merchant_id, order_number),
  constraint escrow_trades_total_positive check (total_minor > 0),
  constraint escrow_trades_state_known check (
    state in ('awaiting_payment', 'awaiting_shipment', 'awaiting_confirmation', 'completed', 'closed')
  ),
  constraint escrow_trades_closed_with_cause check (
    (state = 'closed') = (closing_cause is not null)
    and (closing_cause is null or closing_cause in ('closed_by_merchant', 'expired', 'cancelled', 'not_shipped', 'returned'))
  ),
  constraint escrow_trades_paid_whole check (paid_minor in (0, total_minor)),
  constraint escrow_trades_paid_with_times check (
    (paid_minor > 0) = (paid_at is not null) and (paid_at is null) = (ship_by is null)
  ),
  constraint escrow_trades_parts_not_negative check (
    unshipped_minor >= 0 and open_minor >= 0 and disputed_minor >= 0 and released_minor >= 0 and returned_minor >= 0
  ),
  constraint escrow_trades_money_is_somewhere check (
    paid_minor = unshipped_minor + open_minor + disputed_minor + released_minor + returned_minor
  ),
  constraint escrow_trades_fee_within_released check (fee_minor between 0 and released_minor),
  constraint escrow_trades_refunded_within_released check (refunded_minor between 0 and released_minor),
  constraint escrow_trades_fee_returned_within_fee check (fee_returned_minor between 0 and fee_minor),
  constraint escrow_trades_steps_positive check (steps > 0),
  constraint escrow_trades_ended_with_time check ((state in ('completed', 'closed')) = (ended_at is not null)),
  constraint escrow_trades_ended_holds_nothing check (
    ended_at is null or (unshipped_minor + open_minor + disputed_minor = 0 and due_at is null)
  ),
  constraint escrow_trades_held_is_due check (ended_at is not null or due_at is not null)
);

-- Lists show the newest first and page by (created_at, id).
create index escrow_trades_of_merchant on escrow_trades (merchant_id, created_at desc, id desc);

create index escrow_trades_of_buyer on escrow_trades (buyer_id, created_at desc, id desc);

create index escrow_trades_due on escrow_trades (due_at) where due_at is not null;

create index escrow_trades_disputed on escrow_trades (created_at desc, id desc) where disputed_minor > 0;

create table escrow_shipments (
  trade_id int8 not null,
  number int2 not null,
  carrier text not null,
  tracking_number text not null,
  amount_minor int8 not null,
  open_minor int8 not null,
  disputed_minor int8 not null,
  released_minor int8 not null,
  returned_minor int8 not null,
  shipped_at timestamptz not null,
  confirm_by timestamptz not null,
  extensions int2 not null,
  constraint escrow_shipments_pkey primary key (trade_id, number),
  constraint escrow_shipments_trade_exists foreign key (trade_id) references escrow_trades (id),
  constraint escrow_shipments_number_positive check (number > 0),
  constraint escrow_shipments_amount_positive check (amount_minor > 0),
  constraint escrow_shipments_parts_not_negative check (
    open_minor >= 0 and disputed_minor >= 0 and released_minor >= 0 and returned_minor >= 0
  ),
  constraint escrow_shipments_money_is_somewhere check (
    amount_minor = open_minor + disputed_minor + released_minor + returned_minor
  ),
  constraint escrow_shipments_extensions_counted check (extensions >= 0)
);

create table escrow_disputes (
  trade_id int8 not null,
  number int2 not null,
  shipment int2 not null,
  claim_minor int8 not null,
  reason text not null,
  state text not null,
  outcome text,
  buyer_offer_minor int8 not null,
  merchant_offer_minor int8,
  offers int2 not null,
  buyer_evidence int2 not null,
  merchant_evidence int2 not null,
  proposed_minor int8,
  proposed_reason text,
  proposed_by text,
  proposed_at timestamptz,
  approved_by text,
  refunded_minor int8,
  opened_at timestamptz not null,
  due_by timestamptz not null,
  ended_at timestamptz,
  constraint escrow_disputes_pkey primary key (trade_id, number),
  constraint escrow_disputes_shipment_exists foreign key (trade_id, shipment) references escrow_shipments (trade_id, number),
  constraint escrow_disputes_claim_positive check (claim_minor > 0),
  constraint escrow_disputes_state_known check (state in ('awaiting_merchant', 'awaiting_buyer', 'judging', 'ended')),
  constraint escrow_disputes_ended_with_outcome check (
    (state = 'ended') = (outcome is not null) and (state = 'ended') = (ended_at is not null)
    and (outcome is null or outcome in ('agreed', 'lapsed', 'withdrawn', 'judged', 'unjudged'))
  ),
  constraint escrow_disputes_offers_within_claim check (
    buyer_offer_minor between 0 and claim_minor
    and (merchant_offer_minor is null or merchant_offer_minor between 0 and claim_minor)
    and (proposed_minor is null or proposed_minor between 0 and claim_minor)
    and (refunded_minor is null or refunded_minor between 0 and claim_minor)
  ),
  constraint escrow_disputes_proposed_whole check (
    num_nulls(proposed_minor, proposed_reason, proposed_by, proposed_at) in (0, 4)
  ),
  constraint escrow_disputes_four_eyes check (
    (outcome is not distinct from 'judged') = (approved_by is not null)
    and (approved_by is null or (proposed_by is not null and proposed_by <> approved_by))
  ),
  constraint escrow_disputes_split_unless_withdrawn check (
    (refunded_minor is not null) = (state = 'ended' and outcome is distinct from 'withdrawn')
  )
);

-- What each side said and showed. Never changed.
create table escrow_evidence (
  trade_id int8 not null,
  dispute int2 not null,
  side text not null,
  number int2 not null,
  statement text not null,
  documents jsonb not null,
  given_at timestamptz not null,
  constraint escrow_evidence_pkey primary key (trade_id, dispute, side, number),
  constraint escrow_evidence_side_known check (side in ('buyer', 'merchant')),
  constraint escrow_evidence_documents_list check (jsonb_typeof(documents) = 'array')
);

-- Everything that happened to a trade, one row a step. Never changed.
create table escrow_steps (
  trade_id int8 not null,
  number int4 not null,
  kind text not null,
  actor_kind text not null,
  actor_id text not null,
  shipment int2,
  dispute int2,
  amount_minor int8,
  released_minor int8 not null,
  returned_minor int8 not null,
  at timestamptz not null,
  constraint escrow_steps_pkey primary key (trade_id, number),
  constraint escrow_steps_actor_known check (actor_kind in ('buyer', 'merchant', 'staff', 'time')),
  constraint escrow_steps_money_not_negative check (released_minor >= 0 and returned_minor >= 0)
);

grant select, insert, update on escrow_accounts, escrow_trades, escrow_shipments, escrow_disputes to huitong_committer;

grant select, insert on escrow_evidence, escrow_steps to huitong_committer;

grant select on escrow_accounts, escrow_trades, escrow_shipments, escrow_disputes, escrow_evidence, escrow_steps to huitong_app;
