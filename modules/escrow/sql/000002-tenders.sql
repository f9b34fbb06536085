-- What paid a trade beside the balance, and what went back to it.
alter table escrow_trades add column tenders jsonb,
  add constraint escrow_trades_tenders_of_paid check (tenders is null or paid_at is not null);
