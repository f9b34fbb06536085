-- Running sums of all trades that were ever paid, counted by the commands themselves, so that showing them costs one row.
create table escrow_totals (
  currency text not null,
  payments int8 not null,
  paid_minor int8 not null,
  constraint escrow_totals_pkey primary key (currency),
  constraint escrow_totals_not_negative check (payments >= 0 and paid_minor >= payments)
);

insert into escrow_totals (currency, payments, paid_minor)
select currency, count(*), sum(paid_minor) from escrow_trades where paid_minor > 0 group by currency;

grant select, insert, update on escrow_totals to huitong_committer;

grant select on escrow_totals to huitong_app;
