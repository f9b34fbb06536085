-- Accounts whose policy was ever set; all others are posted to at once.
create table ledger_posting_policies (
  account_id int8 not null,
  policy text not null,
  constraint ledger_posting_policies_pkey primary key (account_id),
  constraint ledger_posting_policies_known check (policy in ('immediate', 'summarised'))
);

-- Postings that were accepted and wait for the summary of their day: part of the journal, never changed.
create table ledger_buffered (
  batch int8 not null,
  position int4 not null,
  id int8 not null,
  debit_account int8 not null,
  credit_account int8 not null,
  amount_minor int8 not null,
  code int2 not null,
  reference int8,
  constraint ledger_buffered_pkey primary key (batch, position),
  constraint ledger_buffered_accounts_differ check (debit_account <> credit_account),
  constraint ledger_buffered_amount_positive check (amount_minor > 0)
);

-- What waits between two accounts.
create table ledger_buffers (
  debit_account int8 not null,
  credit_account int8 not null,
  amount_minor int8 not null,
  count int8 not null,
  constraint ledger_buffers_pkey primary key (debit_account, credit_account),
  constraint ledger_buffers_empty_together check (amount_minor >= 0 and (amount_minor = 0) = (count = 0))
) with (fillfactor = 50);

grant select, insert on ledger_buffered to huitong_committer;

grant select, insert, update on ledger_posting_policies, ledger_buffers to huitong_committer;

grant select on ledger_posting_policies, ledger_buffered, ledger_buffers to huitong_app;
