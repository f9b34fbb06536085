-- A mark carries its account's counters after its entry, so that they are known as of any batch from at most 64 entries.
alter table ledger_marks
  add column debits_posted int8,
  add column credits_posted int8,
  add column debits_pending int8,
  add column credits_pending int8;

update ledger_marks m set
  debits_posted = r.debits_posted, credits_posted = r.credits_posted,
  debits_pending = r.debits_pending, credits_pending = r.credits_pending
from (
  select account_id, sequence,
    sum(debit_posted) over entries as debits_posted, sum(credit_posted) over entries as credits_posted,
    sum(debit_pending) over entries as debits_pending, sum(credit_pending) over entries as credits_pending
  from (
    select debit_account as account_id, debit_sequence as sequence,
      amount_minor * (kind in (1, 3))::int as debit_posted, 0 as credit_posted,
      amount_minor * (kind = 2)::int - released_minor as debit_pending, 0 as credit_pending
    from ledger_transfers
    union all
    select credit_account, credit_sequence, 0, amount_minor * (kind in (1, 3))::int,
      0, amount_minor * (kind = 2)::int - released_minor
    from ledger_transfers) sides
  window entries as (partition by account_id order by sequence)) r
where m.account_id = r.account_id and m.sequence = r.sequence;

alter table ledger_marks
  alter column debits_posted set not null,
  alter column credits_posted set not null,
  alter column debits_pending set not null,
  alter column credits_pending set not null;

-- Finds the last batch of an accounting day: one entry a batch, at the right edge of the index.
create index ledger_batches_accounting_day on ledger_batches (accounting_day, number);
