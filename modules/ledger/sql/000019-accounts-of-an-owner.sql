-- Pages of an owner's accounts are read in the order of their ids: without the id in the index, each page read all of them or walked over
-- everybody else's.
create index ledger_accounts_owner_id on ledger_accounts (owner, id) where owner is not null;

drop index ledger_accounts_owner;

alter index ledger_accounts_owner_id rename to ledger_accounts_owner;
