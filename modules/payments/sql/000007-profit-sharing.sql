-- Customers to whom a merchant may pass on parts of its payments, once it said so.
create table payments_share_receivers (
  merchant_id int8 not null,
  customer_id int8 not null,
  memo text,
  bound boolean not null,
  changed_at timestamptz not null,
  constraint payments_share_receivers_pkey primary key (merchant_id, customer_id)
);

-- Parts of a payment that its merchant passed on. What came back of one is counted on it; nothing else of it changes.
create table payments_shares (
  trade_id int8 not null,
  number int2 not null,
  request_number text not null,
  customer_id int8 not null,
  amount_minor int8 not null,
  returned_minor int8 not null,
  description text,
  ends_sharing boolean not null,
  created_at timestamptz not null,
  constraint payments_shares_pkey primary key (trade_id, number),
  constraint payments_shares_trade_exists foreign key (trade_id) references payments_trades (id),
  constraint payments_shares_number_positive check (number > 0),
  constraint payments_shares_amount_positive check (amount_minor > 0),
  constraint payments_shares_returned_within_amount check (returned_minor between 0 and amount_minor)
);

grant select, insert, update on payments_share_receivers, payments_shares to huitong_committer;

grant select on payments_share_receivers, payments_shares to huitong_app;
