-- The ledger account of a merchant's payments that are not settled yet; opened with the first of them.
alter table payments_merchant_accounts add column unsettled_account_id int8;

alter table payments_merchant_accounts add constraint payments_merchant_accounts_unsettled_once unique (unsettled_account_id);

-- Payments that are settled later than they are paid: what of each is still open, and what of it lies in the account.
create table payments_deferrals (
  trade_id int8 not null,
  merchant_id int8 not null,
  state text not null,
  open_minor int8 not null,
  held_minor int8 not null,
  for_sharing boolean not null,
  created_at timestamptz not null,
  settles_at timestamptz not null,
  ended_at timestamptz,
  constraint payments_deferrals_pkey primary key (trade_id),
  constraint payments_deferrals_trade_exists foreign key (trade_id) references payments_trades (id),
  constraint payments_deferrals_state_known check (state in ('awaiting_confirmation', 'awaiting_sharing', 'over')),
  constraint payments_deferrals_held_within_open check (held_minor >= 0 and held_minor <= open_minor),
  constraint payments_deferrals_over_with_nothing_open check ((state = 'over') = (open_minor = 0)),
  constraint payments_deferrals_over_with_time check ((state = 'over') = (ended_at is not null))
) with (fillfactor = 80);

create index payments_deferrals_due on payments_deferrals (settles_at) where state <> 'over';

-- What settled a part of a payment or all of it: its merchant, under a number of its own, or time. Never changed.
create table payments_settlements (
  trade_id int8 not null,
  number int2 not null,
  request_number text not null,
  amount_minor int8 not null,
  settled_minor int8 not null,
  for_sharing boolean not null,
  created_at timestamptz not null,
  constraint payments_settlements_pkey primary key (trade_id, number),
  constraint payments_settlements_number_once unique (trade_id, request_number),
  constraint payments_settlements_trade_exists foreign key (trade_id) references payments_trades (id),
  constraint payments_settlements_amount_positive check (amount_minor > 0),
  constraint payments_settlements_settled_within_amount check (settled_minor >= 0 and settled_minor <= amount_minor)
);

grant select, insert on payments_settlements to huitong_committer;

grant select, insert, update on payments_deferrals to huitong_committer;

grant select on payments_deferrals, payments_settlements to huitong_app;
