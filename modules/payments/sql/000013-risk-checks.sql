-- A payment that risk did not simply allow: it waits for its payer to prove more, or for staff, with its money held.
create table payments_risk_checks (
  id int8 not null,
  kind text not null,
  subject_id int8 not null,
  customer_id int8 not null,
  payee_id int8 not null,
  amount_minor int8 not null,
  way text not null,
  transfer_number text,
  title text,
  remark text,
  state text not null,
  proof text,
  hold_id int8,
  judged_by text[] not null,
  reasons text[] not null,
  created_at timestamptz not null,
  due_at timestamptz not null,
  ended_at timestamptz,
  ended_by text,
  constraint payments_risk_checks_pkey primary key (id),
  constraint payments_risk_checks_kind_known check (kind in ('trade', 'transfer')),
  constraint payments_risk_checks_amount_positive check (amount_minor > 0),
  constraint payments_risk_checks_state_known check (
    state in ('awaiting_proof', 'held', 'passed', 'denied', 'lapsed', 'called_off')
  ),
  constraint payments_risk_checks_proof_known check (proof in ('one_factor', 'two_factors', 'contract')),
  constraint payments_risk_checks_held_with_hold check (state <> 'held' or hold_id is not null),
  constraint payments_risk_checks_unproved_without_hold check (
    state <> 'awaiting_proof' or (hold_id is null and proof is not null)
  ),
  constraint payments_risk_checks_ended_with_time check (
    (state in ('awaiting_proof', 'held')) = (ended_at is null) and (ended_at is null) = (ended_by is null)
  ),
  constraint payments_risk_checks_transfer_with_number check ((kind = 'transfer') = (transfer_number is not null))
);

create index payments_risk_checks_due on payments_risk_checks (due_at) where state in ('awaiting_proof', 'held');

create index payments_risk_checks_of_customer on payments_risk_checks (customer_id, created_at desc, id desc);

create index payments_risk_checks_newest on payments_risk_checks (created_at desc, id desc);

-- By the number that its payer gave a transfer: the newest check stands for it while the transfer is not made.
create index payments_risk_checks_of_transfer on payments_risk_checks (customer_id, transfer_number, id desc) where kind = 'transfer';

alter table payments_trades add column risk_check_id int8;

alter table payments_trades drop constraint payments_trades_state_known;

alter table payments_trades add constraint payments_trades_state_known check (
  state in ('awaiting_payment', 'awaiting_proof', 'held', 'paid', 'closed', 'finished')
);

alter table payments_trades drop constraint payments_trades_closed_with_cause;

alter table payments_trades add constraint payments_trades_closed_with_cause check (
  (state = 'closed') = (closing_cause is not null)
  and (closing_cause is null or closing_cause in ('closed_by_merchant', 'cancelled', 'expired', 'refunded', 'refused'))
);

alter table payments_trades drop constraint payments_trades_awaiting_unpaid;

alter table payments_trades add constraint payments_trades_awaiting_unpaid check (
  state not in ('awaiting_payment', 'awaiting_proof', 'held') or paid_minor = 0
);

alter table payments_trades add constraint payments_trades_checked_with_check check (
  state not in ('awaiting_proof', 'held') or risk_check_id is not null
);

drop index payments_trades_due;

create index payments_trades_due on payments_trades (expires_at) where state in ('awaiting_payment', 'awaiting_proof');

grant select, insert, update on payments_risk_checks to huitong_committer;

grant select on payments_risk_checks to huitong_app;
