-- What paid a purchase beside the balance, and in which order a customer's tenders are used.
alter table payments_trades add column tenders jsonb,
  add constraint payments_trades_tenders_of_paid check (tenders is null or paid_at is not null);

alter table payments_refunds add column tenders jsonb;

alter table payments_wallets add column tender_order text,
  add constraint payments_wallets_tender_order_named check (tender_order <> '');

alter table payments_house_accounts drop constraint payments_house_accounts_role_known;
alter table payments_house_accounts add constraint payments_house_accounts_role_known
  check (role in ('reserve', 'fee_income', 'tender_transit'));
