-- Pages of what is promised out of an account are read in the order of their ids, as the list of an account's freezes is.
create index ledger_holds_debit_account_id on ledger_holds (debit_account, id) where state = 1;

drop index ledger_holds_debit_account;

alter index ledger_holds_debit_account_id rename to ledger_holds_debit_account;
