-- What the institution said that it owes at a batch, by currency, and the sum tree from which each owner's proof is read. These are
-- statements about the books, not the books, so the server writes them and not the committer.
create table ledger_liability_statements (
  batch int8 not null,
  currency text not null,
  batch_hash bytea not null,
  at timestamptz not null,
  accounting_day date not null,
  count int4 not null,
  total_minor numeric(38) not null,
  root bytea not null,
  signature text not null,
  secret bytea not null,
  constraint ledger_liability_statements_pkey primary key (batch, currency),
  constraint ledger_liability_statements_not_negative check (count >= 0 and total_minor >= 0)
);

-- Pieces of the tree: leaves (level 0) and nodes (level 10) in the order of the tree, and the places of accounts (level -1).
create table ledger_liability_chunks (
  batch int8 not null,
  currency text not null,
  level int2 not null,
  first int8 not null,
  data bytea not null,
  constraint ledger_liability_chunks_pkey primary key (batch, currency, level, first)
);

grant select, insert on ledger_liability_statements to huitong_app;

grant select, insert, delete on ledger_liability_chunks to huitong_app;
