-- Sums of an account's freezes and its upper bound stand on its own row, so that a posting reads no other table for them.
alter table ledger_accounts
  add column frozen_minor int8 not null default 0,
  add column out_freezes int4 not null default 0,
  add column in_freezes int4 not null default 0,
  add column ceiling_minor int8,
  add constraint ledger_accounts_freezes_not_negative check (
    frozen_minor >= 0 and in_freezes >= 0 and out_freezes >= in_freezes),
  drop constraint ledger_accounts_state_known,
  add constraint ledger_accounts_state_known check (state in ('open', 'frozen', 'dormant', 'closed'));

create table ledger_freezes (
  id int8 not null,
  account_id int8 not null,
  cause int2 not null,
  amount_minor int8,
  remaining_minor int8,
  blocks_incoming boolean not null,
  reference text not null,
  expires_at timestamptz,
  state int2 not null,
  constraint ledger_freezes_pkey primary key (id),
  constraint ledger_freezes_remaining_within_amount check (
    (amount_minor is null) = (remaining_minor is null) and remaining_minor between 0 and amount_minor),
  constraint ledger_freezes_amount_lets_in check (amount_minor is null or not blocks_incoming),
  constraint ledger_freezes_used_is_empty check ((state = 4) = coalesce(remaining_minor = 0, false))
) with (fillfactor = 70);

create index ledger_freezes_account on ledger_freezes (account_id, id);

create index ledger_freezes_due on ledger_freezes (expires_at) where state = 1 and expires_at is not null;

grant select, insert, update on ledger_freezes to huitong_committer;

grant select on ledger_freezes to huitong_app;
