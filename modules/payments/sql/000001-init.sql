-- Where customers' and merchants' money is, and the institution's own accounts that payments move money through.
create table payments_wallets (
  customer_id int8 not null,
  account_id int8 not null,
  opened_at timestamptz not null,
  constraint payments_wallets_pkey primary key (customer_id),
  constraint payments_wallets_account_once unique (account_id)
);

create table payments_merchant_accounts (
  merchant_id int8 not null,
  account_id int8 not null,
  opened_at timestamptz not null,
  constraint payments_merchant_accounts_pkey primary key (merchant_id),
  constraint payments_merchant_accounts_account_once unique (account_id)
);

create table payments_house_accounts (
  role text not null,
  account_id int8 not null,
  constraint payments_house_accounts_pkey primary key (role),
  constraint payments_house_accounts_role_known check (role in ('reserve', 'fee_income'))
);

-- A purchase of a customer from a merchant, from the moment its buyer is known.
create table payments_trades (
  id int8 not null,
  merchant_id int8 not null,
  order_number text not null,
  buyer_id int8 not null,
  subject text not null,
  details jsonb not null,
  currency text not null,
  total_minor int8 not null,
  state text not null,
  closing_cause text,
  paid_minor int8 not null,
  refunded_minor int8 not null,
  fee_minor int8 not null,
  fee_returned_minor int8 not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  paid_at timestamptz,
  refundable_until timestamptz,
  ended_at timestamptz,
  constraint payments_trades_pkey primary key (id),
  constraint payments_trades_order_once unique (merchant_id, order_number),
  constraint payments_trades_details_object check (jsonb_typeof(details) = 'object'),
  constraint payments_trades_total_positive check (total_minor > 0),
  constraint payments_trades_paid_whole check (paid_minor in (0, total_minor)),
  constraint payments_trades_refunded_within_paid check (refunded_minor between 0 and paid_minor),
  constraint payments_trades_fee_within_paid check (fee_minor between 0 and paid_minor),
  constraint payments_trades_fee_returned_within_fee check (fee_returned_minor between 0 and fee_minor),
  constraint payments_trades_state_known check (state in ('awaiting_payment', 'paid', 'closed', 'finished')),
  constraint payments_trades_closed_with_cause check (
    (state = 'closed') = (closing_cause is not null)
    and (closing_cause is null or closing_cause in ('closed_by_merchant', 'cancelled', 'expired', 'refunded'))
  ),
  constraint payments_trades_paid_with_times check (
    (paid_minor > 0) = (paid_at is not null) and (paid_at is null) = (refundable_until is null)
  ),
  constraint payments_trades_ended_with_time check ((state in ('closed', 'finished')) = (ended_at is not null)),
  constraint payments_trades_closed_with_nothing_left check (
    state <> 'closed' or (refunded_minor = paid_minor and fee_returned_minor = fee_minor)
  ),
  constraint payments_trades_awaiting_unpaid check (state <> 'awaiting_payment' or paid_minor = 0),
  constraint payments_trades_paid_with_rest check (state not in ('paid', 'finished') or paid_minor > refunded_minor)
);

-- Lists show the newest first and page by (created_at, id).
create index payments_trades_of_merchant on payments_trades (merchant_id, created_at desc, id desc);

create index payments_trades_of_buyer on payments_trades (buyer_id, created_at desc, id desc);

create index payments_trades_due on payments_trades (expires_at) where state = 'awaiting_payment';

create index payments_trades_refundable on payments_trades (refundable_until) where state = 'paid';

-- What an order number stands for, also before there is a trade and after a cancellation that came before it.
create table payments_orders (
  merchant_id int8 not null,
  order_number text not null,
  trade_id int8,
  code_hash text,
  revoked boolean not null,
  constraint payments_orders_pkey primary key (merchant_id, order_number),
  constraint payments_orders_revoked_without_trade check (not revoked or trade_id is null)
);

create table payments_order_codes (
  token_hash text not null,
  merchant_id int8 not null,
  order_number text not null,
  subject text not null,
  details jsonb not null,
  total_minor int8 not null,
  trade_life_micros int8 not null,
  trade_expires_at timestamptz,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  constraint payments_order_codes_pkey primary key (token_hash),
  constraint payments_order_codes_hash_is_sha256 check (token_hash ~ '^[0-9a-f]{64}$'),
  constraint payments_order_codes_details_object check (jsonb_typeof(details) = 'object'),
  constraint payments_order_codes_total_positive check (total_minor > 0),
  constraint payments_order_codes_life_positive check (trade_life_micros > 0),
  constraint payments_order_codes_expire_later check (expires_at > created_at)
);

create table payments_refunds (
  id int8 not null,
  trade_id int8 not null,
  refund_number text not null,
  reason text,
  amount_minor int8 not null,
  fee_returned_minor int8 not null,
  refunded_after_minor int8 not null,
  created_at timestamptz not null,
  constraint payments_refunds_pkey primary key (id),
  constraint payments_refunds_number_once unique (trade_id, refund_number),
  constraint payments_refunds_trade_exists foreign key (trade_id) references payments_trades (id),
  constraint payments_refunds_amount_positive check (amount_minor > 0),
  constraint payments_refunds_fee_within_amount check (fee_returned_minor between 0 and amount_minor),
  constraint payments_refunds_after_includes_this check (refunded_after_minor >= amount_minor)
);

create table payments_transfers (
  id int8 not null,
  payer_kind text not null,
  payer_id int8 not null,
  transfer_number text not null,
  payee_id int8 not null,
  currency text not null,
  amount_minor int8 not null,
  title text,
  remark text,
  created_at timestamptz not null,
  constraint payments_transfers_pkey primary key (id),
  constraint payments_transfers_number_once unique (payer_kind, payer_id, transfer_number),
  constraint payments_transfers_payer_kind_known check (payer_kind in ('customer', 'merchant')),
  constraint payments_transfers_not_to_oneself check (payer_kind <> 'customer' or payer_id <> payee_id),
  constraint payments_transfers_amount_positive check (amount_minor > 0)
);

create index payments_transfers_of_payee on payments_transfers (payee_id, created_at desc, id desc);

-- Running sums, one row per currency, changed by every batch that pays.
create table payments_totals (
  currency text not null,
  payments int8 not null,
  paid_minor int8 not null,
  refunds int8 not null,
  refunded_minor int8 not null,
  transfers int8 not null,
  transferred_minor int8 not null,
  constraint payments_totals_pkey primary key (currency),
  constraint payments_totals_refunded_within_paid check (refunded_minor between 0 and paid_minor)
);

grant select, insert, update on payments_wallets, payments_merchant_accounts, payments_house_accounts, payments_trades, payments_orders, payments_order_codes, payments_refunds, payments_transfers, payments_totals to huitong_committer;

grant select on payments_wallets, payments_merchant_accounts, payments_house_accounts, payments_trades, payments_orders, payments_order_codes, payments_refunds, payments_transfers, payments_totals to huitong_app;
