-- The end of the journal: one row. A batch that does not hit it with its generation and predecessor fails (fencing).
create table ledger_head (
  singleton boolean not null default true,
  generation int8 not null default 0,
  holder text,
  number int8 not null default 0,
  hash bytea not null default sha256(''),
  at timestamptz not null default '2020-01-01 00:00:00+00',
  accounting_day date,
  last_counter int8 not null default 0,
  flushed int8 not null default 0,
  constraint ledger_head_pkey primary key (singleton),
  constraint ledger_head_is_one_row check (singleton),
  constraint ledger_head_flushed_not_ahead check (flushed <= number)
) with (fillfactor = 10);

insert into ledger_head default values;

create table ledger_batches (
  number int8 not null,
  previous_hash bytea not null,
  root bytea not null,
  hash bytea not null,
  count int4 not null,
  at timestamptz not null,
  accounting_day date not null,
  last_counter int8 not null,
  constraint ledger_batches_pkey primary key (number),
  constraint ledger_batches_count_not_negative check (count >= 0)
);

-- Finds the batch of a transfer by its id, since ids grow with batches.
create index ledger_batches_last_counter on ledger_batches (last_counter);

create index ledger_batches_at on ledger_batches (at);

create table ledger_accounts (
  id int8 not null,
  subject text not null,
  currency text not null,
  owner text,
  floor_minor int8,
  state text not null,
  constraint ledger_accounts_pkey primary key (id),
  constraint ledger_accounts_state_known check (state in ('open', 'frozen', 'closed'))
);

create index ledger_accounts_owner on ledger_accounts (owner) where owner is not null;

create index ledger_accounts_subject on ledger_accounts (subject, id);

-- Written back seconds after a change; half-empty pages let updates stay on their page.
create table ledger_balances (
  account_id int8 not null,
  sequence int8 not null,
  debits_posted int8 not null,
  credits_posted int8 not null,
  debits_pending int8 not null,
  credits_pending int8 not null,
  last_entry int8,
  constraint ledger_balances_pkey primary key (account_id),
  constraint ledger_balances_not_negative check (
    debits_posted >= 0 and credits_posted >= 0 and debits_pending >= 0 and credits_pending >= 0 and sequence >= 0)
) with (fillfactor = 50);

create table ledger_transfers (
  batch int8 not null,
  position int4 not null,
  id int8 not null,
  kind int2 not null,
  code int2 not null,
  debit_account int8 not null,
  credit_account int8 not null,
  amount_minor int8 not null,
  released_minor int8 not null,
  hold_id int8,
  hold_expires_at timestamptz,
  reference int8,
  debit_sequence int8 not null,
  debit_balance_minor int8 not null,
  debit_previous int8,
  credit_sequence int8 not null,
  credit_balance_minor int8 not null,
  credit_previous int8,
  constraint ledger_transfers_pkey primary key (batch, position),
  constraint ledger_transfers_accounts_differ check (debit_account <> credit_account),
  constraint ledger_transfers_amounts_fit_kind check (
    case kind
      when 1 then amount_minor > 0 and released_minor = 0
      when 2 then amount_minor > 0 and released_minor = 0
      when 3 then amount_minor > 0 and released_minor >= amount_minor
      else kind in (4, 5) and amount_minor = 0 and released_minor > 0
    end)
) partition by range (batch);

-- Every 64th entry of an account, so that any entry is found in at most 64 links from a mark.
create table ledger_marks (
  account_id int8 not null,
  sequence int8 not null,
  location int8 not null,
  constraint ledger_marks_pkey primary key (account_id, sequence)
);

create table ledger_events (
  batch int8 not null,
  position int4 not null,
  kind text not null,
  account_id int8 not null,
  data text not null,
  constraint ledger_events_pkey primary key (batch, position)
);

create index ledger_events_account on ledger_events (account_id, batch);

create table ledger_holds (
  id int8 not null,
  debit_account int8 not null,
  credit_account int8 not null,
  amount_minor int8 not null,
  remaining_minor int8 not null,
  state int2 not null,
  expires_at timestamptz,
  code int2 not null,
  reference int8,
  constraint ledger_holds_pkey primary key (id),
  constraint ledger_holds_remaining_within_amount check (remaining_minor between 0 and amount_minor),
  constraint ledger_holds_ended_is_empty check ((state = 1) = (remaining_minor > 0))
) with (fillfactor = 70);

create index ledger_holds_due on ledger_holds (expires_at) where state = 1 and expires_at is not null;

create index ledger_holds_debit_account on ledger_holds (debit_account) where state = 1;

-- The committer's role owns nothing, so a partition is made for it by the owner of the tables.
create function ledger_create_partition(name text, first_batch int8, end_batch int8) returns void
language plpgsql security definer set search_path from current as $$
begin
  execute format('create table if not exists %I partition of ledger_transfers for values from (%s) to (%s)', name, first_batch, end_batch);
end
$$;

revoke all on function ledger_create_partition(text, int8, int8) from public;

grant execute on function ledger_create_partition(text, int8, int8) to huitong_committer;

grant select, update on ledger_head to huitong_committer;

grant select, insert on ledger_batches, ledger_transfers, ledger_marks, ledger_events to huitong_committer;

grant select, insert, update on ledger_accounts, ledger_balances, ledger_holds to huitong_committer;

grant select on ledger_head, ledger_batches, ledger_accounts, ledger_balances, ledger_transfers, ledger_marks, ledger_events, ledger_holds to huitong_app;
