-- Stretches of the journal whose transfers were detached to files. Written by the owner of the tables, who detaches them.
create table ledger_archives (
  first_batch int8 not null,
  end_batch int8 not null,
  transfers int8 not null,
  sha256 text not null,
  constraint ledger_archives_pkey primary key (first_batch),
  constraint ledger_archives_not_empty check (end_batch > first_batch and transfers >= 0)
);

grant select on ledger_archives to huitong_committer, huitong_app;
