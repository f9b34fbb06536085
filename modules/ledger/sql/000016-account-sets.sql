-- Sets of accounts, as trees: the parent is given once and never changes.
create table ledger_sets (
  id int8 not null,
  name text not null,
  parent_id int8,
  root_id int8 not null,
  depth int2 not null,
  constraint ledger_sets_pkey primary key (id),
  constraint ledger_sets_depth_bounded check (depth between 1 and 8),
  constraint ledger_sets_root_at_top check ((parent_id is null) = (root_id = id)),
  constraint ledger_sets_parent_before check (parent_id < id)
);

create index ledger_sets_parent on ledger_sets (parent_id) where parent_id is not null;

-- From the batch of its first place up to the batch in which it ended, which does not count any more.
create table ledger_set_members (
  set_id int8 not null,
  account_id int8 not null,
  from_batch int8 not null,
  from_position int4 not null,
  to_batch int8,
  constraint ledger_set_members_pkey primary key (set_id, account_id, from_batch, from_position),
  constraint ledger_set_members_ends_after_start check (to_batch >= from_batch)
);

-- What the members of a set and of all sets below it have, per currency.
create table ledger_set_balances (
  set_id int8 not null,
  currency text not null,
  members int8 not null,
  debits_posted int8 not null,
  credits_posted int8 not null,
  debits_pending int8 not null,
  credits_pending int8 not null,
  constraint ledger_set_balances_pkey primary key (set_id, currency),
  constraint ledger_set_balances_not_negative check (
    members >= 0 and debits_posted >= 0 and credits_posted >= 0 and debits_pending >= 0 and credits_pending >= 0)
) with (fillfactor = 50);

-- The sets that an account is in itself, as ids with commas; null for nearly all, which then cost nothing more.
alter table ledger_accounts add column set_ids text;

create index ledger_accounts_in_sets on ledger_accounts (id) where set_ids is not null;

grant select, insert on ledger_sets to huitong_committer;

grant select, insert, update on ledger_set_members, ledger_set_balances to huitong_committer;

grant select on ledger_sets, ledger_set_members, ledger_set_balances to huitong_app;
