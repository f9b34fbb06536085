-- Transfers that their payer can take back for some time: the money is held, and moves when that is over.
create table payments_delayed_transfers (
  id int8 not null,
  payer_id int8 not null,
  transfer_number text not null,
  payee_id int8 not null,
  amount_minor int8 not null,
  title text,
  remark text,
  hold_id int8 not null,
  state text not null,
  created_at timestamptz not null,
  releases_at timestamptz not null,
  ended_at timestamptz,
  transfer_id int8,
  constraint payments_delayed_transfers_pkey primary key (id),
  constraint payments_delayed_transfers_number_once unique (payer_id, transfer_number),
  constraint payments_delayed_transfers_not_to_oneself check (payer_id <> payee_id),
  constraint payments_delayed_transfers_amount_positive check (amount_minor > 0),
  constraint payments_delayed_transfers_state_known check (state in ('held', 'sent', 'recalled', 'returned')),
  constraint payments_delayed_transfers_ended_with_time check ((state = 'held') = (ended_at is null)),
  constraint payments_delayed_transfers_sent_as_transfer check ((state = 'sent') = (transfer_id is not null)),
  constraint payments_delayed_transfers_release_later check (releases_at > created_at)
);

create index payments_delayed_transfers_due on payments_delayed_transfers (releases_at) where state = 'held';

create index payments_delayed_transfers_of_payee on payments_delayed_transfers (payee_id, created_at desc, id desc);

create index payments_delayed_transfers_of_payer on payments_delayed_transfers (payer_id, created_at desc, id desc);

-- One person asks another for money; a share of a split bill is such a request.
create table payments_money_requests (
  id int8 not null,
  asker_id int8 not null,
  payer_id int8 not null,
  amount_minor int8 not null,
  note text,
  bill_id int8,
  state text not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  ended_at timestamptz,
  transfer_id int8,
  constraint payments_money_requests_pkey primary key (id),
  constraint payments_money_requests_not_of_oneself check (asker_id <> payer_id),
  constraint payments_money_requests_amount_positive check (amount_minor > 0),
  constraint payments_money_requests_state_known check (state in ('open', 'paid', 'declined', 'cancelled', 'expired')),
  constraint payments_money_requests_ended_with_time check ((state = 'open') = (ended_at is null)),
  constraint payments_money_requests_paid_by_transfer check ((state = 'paid') = (transfer_id is not null)),
  constraint payments_money_requests_expire_later check (expires_at > created_at)
);

create index payments_money_requests_due on payments_money_requests (expires_at) where state = 'open';

create index payments_money_requests_of_asker on payments_money_requests (asker_id, created_at desc, id desc);

create index payments_money_requests_of_payer on payments_money_requests (payer_id, created_at desc, id desc);

-- What one person paid for several. `requests` are the ids of the shares; the own share is what is left of the total.
create table payments_split_bills (
  id int8 not null,
  owner_id int8 not null,
  title text not null,
  total_minor int8 not null,
  own_share_minor int8 not null,
  requests jsonb not null,
  open_shares int8 not null,
  unpaid_shares int8 not null,
  state text not null,
  created_at timestamptz not null,
  reminded_at timestamptz,
  ended_at timestamptz,
  constraint payments_split_bills_pkey primary key (id),
  constraint payments_split_bills_total_positive check (total_minor > 0),
  constraint payments_split_bills_own_share_within_total check (own_share_minor between 0 and total_minor - 1),
  constraint payments_split_bills_requests_list check (jsonb_typeof(requests) = 'array'),
  constraint payments_split_bills_shares_counted check (open_shares >= 0 and unpaid_shares >= 0),
  constraint payments_split_bills_state_known check (state in ('open', 'settled', 'closed')),
  constraint payments_split_bills_open_while_shares_are check ((state = 'open') = (open_shares > 0)),
  constraint payments_split_bills_settled_when_all_paid check (state <> 'settled' or unpaid_shares = 0),
  constraint payments_split_bills_ended_with_time check ((state = 'open') = (ended_at is null))
);

create index payments_split_bills_of_owner on payments_split_bills (owner_id, created_at desc, id desc);

grant select, insert, update on payments_delayed_transfers, payments_money_requests, payments_split_bills to huitong_committer;

grant select on payments_delayed_transfers, payments_money_requests, payments_split_bills to huitong_app;
