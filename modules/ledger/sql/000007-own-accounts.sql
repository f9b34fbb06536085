-- Finds the institution's own accounts of a subject among millions of customers'.
create index ledger_accounts_own on ledger_accounts (subject) where owner is null;
