-- What moved in an accounting day, by subject and currency. Written back seconds later, like balances: `through` is the last batch that
-- a row counts. A transfer that belongs to an earlier day than its batch's stands in a row of its own, and so do those that close a
-- year.
create table ledger_day_totals (
  day date not null,
  effective_on date not null,
  year_end boolean not null,
  subject text not null,
  currency text not null,
  debits_minor numeric(38, 0) not null,
  credits_minor numeric(38, 0) not null,
  entries int8 not null,
  through int8 not null,
  constraint ledger_day_totals_pkey primary key (day, effective_on, year_end, subject, currency),
  constraint ledger_day_totals_effective_no_later check (effective_on <= day),
  constraint ledger_day_totals_not_negative check (debits_minor >= 0 and credits_minor >= 0),
  constraint ledger_day_totals_has_entries check (entries > 0)
) with (fillfactor = 50);

-- Days that were closed. A day is tied when the sums of its accounts were found to be those of its subjects.
create table ledger_days (
  day date not null,
  next_day date not null,
  closed_batch int8 not null,
  closed_at timestamptz not null,
  closed_by text,
  tied_batch int8,
  constraint ledger_days_pkey primary key (day),
  constraint ledger_days_go_on check (next_day > day),
  constraint ledger_days_tied_after_close check (tied_batch >= closed_batch)
);

create index ledger_days_untied on ledger_days (day) where tied_batch is null;

insert into ledger_day_totals (day, effective_on, year_end, subject, currency, debits_minor, credits_minor, entries, through)
select b.accounting_day, coalesce(t.effective_on, b.accounting_day), false, a.subject, a.currency,
  sum(side.debit_minor), sum(side.credit_minor), count(*), max(t.batch)
from ledger_transfers t
join ledger_batches b on b.number = t.batch
cross join lateral (values (t.debit_account, t.amount_minor, 0::int8), (t.credit_account, 0::int8, t.amount_minor))
  as side (account_id, debit_minor, credit_minor)
join ledger_accounts a on a.id = side.account_id
where t.kind in (1, 3)
group by 1, 2, 3, 4, 5;

insert into ledger_days (day, next_day, closed_batch, closed_at)
select (e.data::jsonb ->> 'closed')::date, (e.data::jsonb ->> 'next')::date, e.batch, b.at
from ledger_events e join ledger_batches b on b.number = e.batch
where e.kind = 'day_closed';

grant select, insert, update on ledger_day_totals, ledger_days to huitong_committer;

grant select on ledger_day_totals, ledger_days to huitong_app;

-- No transfer may be back-dated to this day or an earlier one.
alter table ledger_settings add column final_through date;
