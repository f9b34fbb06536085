// The variants that are compared, each as its difference from one before it.

import type { Variant } from './run-variant.ts'

const R1: Variant = {
  name: 'R1',
  shape: 'rows',
  rows: { appended: 'unnest', outbox: 'jsonb', key: 'text', entries: false, linked: false },
  batch: 2000,
  distribution: 'uniform',
  flushAfterMs: 0,
  loadBalances: true,
  probeKeys: true,
  ahead: false,
  follower: 'none',
  prepare: [],
  session: [],
}
const R2: Variant = { ...R1, name: 'R2', rows: { ...R1.rows, appended: 'copy' } }
const R3: Variant = { ...R2, name: 'R3', loadBalances: false, flushAfterMs: 5_000 }
const R4: Variant = { ...R3, name: 'R4', probeKeys: false }
const R5: Variant = { ...R4, name: 'R5', ahead: true }
const P1: Variant = { ...R4, name: 'P1', shape: 'packed', flushAfterMs: 0 }
const P2: Variant = { ...P1, name: 'P2', flushAfterMs: 5_000, ahead: true }
const P3: Variant = { ...P2, name: 'P3', follower: 'all-rows' }

const NO_HISTORY = ['drop index ledger_transfers_debit', 'drop index ledger_transfers_credit']
const HASHED_OUTCOMES = [
  'alter table committer_outcomes rename to committer_outcomes_by_text',
  `create table committer_outcomes (
     batch int8 not null, position int4 not null, kind int2 not null, outcome int2 not null, key uuid not null,
     input_hash bytea not null)`,
  `insert into committer_outcomes select batch, position, kind, outcome, encode(substr(input_hash, 1, 16), 'hex')::uuid, input_hash
     from committer_outcomes_by_text`,
  'drop table committer_outcomes_by_text',
  'create unique index committer_outcomes_hash on committer_outcomes (key) with (fillfactor = 70)',
]
const ENTRIES = [
  ...NO_HISTORY,
  `create table ledger_entries (account_id int8 not null, sequence int8 not null, batch int8 not null, position int4 not null)`,
  `insert into ledger_entries select debit_account, debit_sequence, batch, position from ledger_transfers
     union all select credit_account, credit_sequence, batch, position from ledger_transfers`,
  'create index ledger_entries_account on ledger_entries (account_id, sequence) with (fillfactor = 70)',
]
const LINKED = [
  ...NO_HISTORY,
  'alter table ledger_transfers add debit_previous int8, add credit_previous int8',
  'create index ledger_transfers_debit on ledger_transfers (debit_account, debit_sequence) with (fillfactor = 70) where debit_sequence % 16 = 0',
  'create index ledger_transfers_credit on ledger_transfers (credit_account, credit_sequence) with (fillfactor = 70) where credit_sequence % 16 = 0',
]
const NEW_PARTITIONS = [
  `create table ledger_transfers_1 partition of ledger_transfers for values from (1000000) to (2000000)`,
  `create table committer_outbox_1 partition of committer_outbox for values from (1000000) to (2000000)`,
  'update ledger_head set number = 1000000, flushed = 1000000',
]

const R7: Variant = { ...R5, name: 'R7', rows: { ...R5.rows, linked: true }, prepare: LINKED }
const R7_LEAN: Variant = {
  ...R7,
  name: 'R7 lean',
  rows: { ...R7.rows, key: 'hash16', outbox: 'none' },
  batch: 4000,
  flushAfterMs: 30_000,
  prepare: [...HASHED_OUTCOMES, ...LINKED],
}
const R6: Variant = { ...R5, name: 'R6', follower: 'history', prepare: ENTRIES }
const R6_LEAN: Variant = {
  ...R6,
  name: 'R6 lean',
  rows: { ...R6.rows, key: 'hash16', outbox: 'none' },
  flushAfterMs: 30_000,
  prepare: [...HASHED_OUTCOMES, ...ENTRIES],
}

export const VARIANTS: readonly Variant[] = [
  R1,
  R2,
  R3,
  R4,
  R5,
  R6,
  R6_LEAN,
  R7,
  R7_LEAN,
  P1,
  P2,
  P3,
  { ...P3, name: 'P3 probing', probeKeys: true, ahead: false },
  { ...R7, name: 'R7 4000', batch: 4000 },
  { ...R7, name: 'R7 zipf2', distribution: 'zipf2' },
  { ...R7_LEAN, name: 'R7 lean 500', batch: 500 },
  { ...R7_LEAN, name: 'R7 lean zipf2', distribution: 'zipf2' },
  { ...R6_LEAN, name: 'R6 lean 500', batch: 500 },
  { ...R6_LEAN, name: 'R6 lean 4000', batch: 4000 },
  { ...R6_LEAN, name: 'R6 lean zipf2', distribution: 'zipf2' },
  { ...R6, name: 'R6 hashed key', rows: { ...R6.rows, key: 'hash16' }, prepare: [...HASHED_OUTCOMES, ...ENTRIES] },
  { ...R5, name: 'R5 zipf2', distribution: 'zipf2' },
  { ...R5, name: 'R5 500', batch: 500 },
  { ...R5, name: 'R5 4000', batch: 4000 },
  { ...R5, name: 'R5 fresh partition', prepare: NEW_PARTITIONS },
  { ...R5, name: 'R5 flush 30s', flushAfterMs: 30_000 },
  { ...R5, name: 'R5 no outbox', rows: { ...R5.rows, outbox: 'none' } },
  {
    ...R5,
    name: 'R5 text outbox',
    rows: { ...R5.rows, outbox: 'text' },
    prepare: ['alter table committer_outbox alter column body type text'],
  },
  { ...R5, name: 'R5 no history indexes', prepare: NO_HISTORY },
  { ...R5, name: 'R5 entries table', rows: { ...R5.rows, entries: true }, prepare: ENTRIES },
  { ...R5, name: 'R5 hashed key', rows: { ...R5.rows, key: 'hash16' }, prepare: HASHED_OUTCOMES },
  {
    ...R5,
    name: 'R5 hash indexes',
    prepare: [
      ...NO_HISTORY,
      'create index ledger_transfers_debit on ledger_transfers using hash (debit_account)',
      'create index ledger_transfers_credit on ledger_transfers using hash (credit_account)',
    ],
  },
  { ...R5, name: 'R5 pglz', session: ["set wal_compression = 'pglz'"] },
  {
    ...R5,
    name: 'R5 leanest',
    rows: { ...R5.rows, key: 'hash16', outbox: 'none' },
    flushAfterMs: 30_000,
    batch: 4000,
    prepare: [...HASHED_OUTCOMES, ...NEW_PARTITIONS],
  },
]
