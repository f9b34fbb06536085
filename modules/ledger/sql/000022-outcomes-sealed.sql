-- SHA-256 over the row of `committer_outcome_batches`, which the batch's hash covers; null where nothing was remembered, and in batches from
-- before outcomes were sealed.
alter table ledger_batches add column outcomes bytea,
  add constraint ledger_batches_outcomes_digest check (octet_length(outcomes) = 32);
