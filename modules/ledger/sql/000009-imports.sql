-- Names that files of clients use for accounts and transfers; what one names can be brought in once.
create table ledger_account_references (
  reference text not null,
  account_id int8 not null,
  constraint ledger_account_references_pkey primary key (reference),
  constraint ledger_account_references_account unique (account_id)
);

create table ledger_transfer_references (
  reference text not null,
  transfer_id int8 not null,
  constraint ledger_transfer_references_pkey primary key (reference)
);

create index ledger_transfer_references_transfer on ledger_transfer_references (transfer_id);

-- How far a file has been brought in. It moves in the commit that brings the lines in, so no line has two effects.
create table ledger_imports (
  id text not null,
  next_line int8 not null,
  accepted int8 not null,
  repeated int8 not null,
  refused int8 not null,
  constraint ledger_imports_pkey primary key (id),
  constraint ledger_imports_counts_not_negative check (next_line >= 1 and accepted >= 0 and repeated >= 0 and refused >= 0)
);

create table ledger_import_refusals (
  import_id text not null,
  line int8 not null,
  code text not null,
  detail text not null,
  constraint ledger_import_refusals_pkey primary key (import_id, line)
);

grant select, insert on ledger_account_references, ledger_transfer_references, ledger_import_refusals to huitong_committer;

grant select, insert, update on ledger_imports to huitong_committer;

grant select on ledger_account_references, ledger_transfer_references, ledger_imports, ledger_import_refusals to huitong_app;
