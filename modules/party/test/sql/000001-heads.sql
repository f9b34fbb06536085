-- The end of the journal of an institution that has no ledger: what the committer needs to run at all.
create table heads_current (
  generation int8 not null,
  number int8 not null,
  hash bytea not null,
  at timestamptz not null,
  accounting_day date not null,
  last_counter int8 not null,
  flushed int8 not null
);

create table heads_batches (number int8 primary key, hash bytea not null);

insert into heads_current values (0, 0, '', '2026-01-01 00:00:00+00', '2026-11-22', 0, 0);

grant select, insert, update on heads_current, heads_batches to huitong_committer;
