-- Payments out of a bank account: money that is asked for one trade, and goes to the wallet when the trade cannot be paid any more.
alter table channels_orders
  add column trade_id int8,
  add column unspent text,
  drop constraint channels_orders_kind_known,
  add constraint channels_orders_kind_known check (kind in ('top_up', 'withdrawal', 'payment')),
  add constraint channels_orders_trade_of_payment check ((kind = 'payment') = (trade_id is not null)),
  add constraint channels_orders_unspent_of_settled_payment check (unspent is null or (kind = 'payment' and state = 'settled'));

-- What goes back of such payments to the account that it came from.
create table channels_refunds (
  reference text not null,
  id int8 not null,
  uetr text not null,
  amount_minor int8 not null,
  state text not null,
  reason text,
  message_id text not null,
  in_suspense boolean not null,
  contradicted boolean not null,
  askings int4 not null,
  made_at timestamptz not null,
  due_at timestamptz not null,
  ended_at timestamptz,
  constraint channels_refunds_pkey primary key (reference),
  constraint channels_refunds_id_once unique (id),
  constraint channels_refunds_amount_positive check (amount_minor > 0),
  constraint channels_refunds_state_known check (state in ('sent', 'unknown', 'settled', 'rejected')),
  constraint channels_refunds_reason_of_rejected check ((state = 'rejected') = (reason is not null)),
  constraint channels_refunds_ended_with_time check ((state in ('settled', 'rejected')) = (ended_at is not null)),
  constraint channels_refunds_suspense_of_rejected check (not in_suspense or state = 'rejected')
);

create index channels_refunds_due on channels_refunds (due_at) where state in ('sent', 'unknown');

create index channels_refunds_of_order on channels_refunds (uetr);

grant select, insert, update on channels_refunds to huitong_committer;

grant select on channels_refunds to huitong_app;
