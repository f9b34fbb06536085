-- How much of a transfer was taken back, so that it is never more than was posted; transfers of which nothing was have no row.
create table ledger_reversals (
  transfer_id int8 not null,
  amount_minor int8 not null,
  reversed_minor int8 not null,
  constraint ledger_reversals_pkey primary key (transfer_id),
  constraint ledger_reversals_within_amount check (reversed_minor between 1 and amount_minor)
) with (fillfactor = 70);

grant select, insert, update on ledger_reversals to huitong_committer;

grant select on ledger_reversals to huitong_app;
