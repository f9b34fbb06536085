-- What few transfers say of themselves: an accounting day that is not their batch's, the transfer that they take back, and the entry
-- whose transfers stand or fall together. Absent on all others.
alter table ledger_transfers
  add column effective_on date,
  add column reverses int8,
  add column entry int8,
  add constraint ledger_transfers_only_postings_reverse check (reverses is null or kind = 1),
  add constraint ledger_transfers_reverse_earlier check (reverses < id),
  add constraint ledger_transfers_entry_starts_no_later check (entry <= id);
