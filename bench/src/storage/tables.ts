// The tables that the variants share, and how they are filled before anything is measured.

import type { Sql } from './server.ts'

export const ACCOUNTS = 100_000
export const PRELOAD_BATCH = 2_000
/** Every account starts with this much, so that the floor is checked but refuses nobody. */
export const INITIAL_MINOR = 1_000_000_000_000n
export const GENERATION = 1n

/** Public ids carry a 10-bit customer slot in their low bits. */
export function accountId(index: number): bigint {
  return BigInt(index) * 1024n + BigInt(index & 1023)
}

const TABLES = [
  `create table ledger_head (
    generation int8 not null, number int8 not null, flushed int8 not null, hash bytea not null, at timestamptz not null)
    with (fillfactor = 10)`,
  `create table ledger_batches (
    number int8 primary key, previous bytea not null, root bytea not null, hash bytea not null, count int4 not null,
    at timestamptz not null)`,
  `create table ledger_records (number int8 primary key, record bytea not null)`,
  `alter table ledger_records alter column record set storage external`,
  `create table ledger_balances (
    account_id int8 not null, sequence int8 not null, debits_posted int8 not null, credits_posted int8 not null,
    debits_pending int8 not null, credits_pending int8 not null) with (fillfactor = 50)`,
  `create table ledger_transfers (
    batch int8 not null, position int4 not null, code int4 not null, id int8 not null, debit_account int8 not null,
    credit_account int8 not null, amount_minor int8 not null, released_minor int8 not null,
    debit_sequence int8 not null, debit_balance_minor int8 not null, credit_sequence int8 not null,
    credit_balance_minor int8 not null, kind int2 not null, hold_id int8, effective_on date) partition by range (batch)`,
  `create table ledger_transfers_0 partition of ledger_transfers for values from (0) to (1000000)`,
  `create table committer_outcomes (
    batch int8 not null, position int4 not null, caller int4 not null, kind int2 not null, outcome int2 not null,
    key text not null, input_hash bytea not null)`,
  `create table committer_outbox (
    batch int8 not null, position int4 not null, ordinal int2 not null, topic int2 not null, key int8 not null,
    body jsonb not null) partition by range (batch)`,
  `create table committer_outbox_0 partition of committer_outbox for values from (0) to (1000000)`,
]

// Indexes are built after the rows but with the fill that a random-order b-tree settles at, so that the measured
// inserts meet pages as full as a long-lived table has them.
const INDEXES = [
  'alter table ledger_balances add primary key (account_id)',
  'alter table ledger_transfers add primary key (batch, position)',
  'create index ledger_transfers_debit on ledger_transfers (debit_account, debit_sequence) with (fillfactor = 70)',
  'create index ledger_transfers_credit on ledger_transfers (credit_account, credit_sequence) with (fillfactor = 70)',
  'create unique index committer_outcomes_key on committer_outcomes (caller, key) with (fillfactor = 70)',
  'alter table committer_outbox add primary key (batch, position, ordinal)',
]

function fill(rows: number): string[] {
  return [
    `insert into ledger_balances
       select n * 1024 + n % 1024, ${rows}, 0, ${INITIAL_MINOR}, 0, 0 from generate_series(0, ${ACCOUNTS - 1}) n`,
    `insert into ledger_transfers
       select 1 + i / ${PRELOAD_BATCH}, i % ${PRELOAD_BATCH}, 1, i, d * 1024 + d % 1024, c * 1024 + c % 1024, 100, 0,
         i, ${INITIAL_MINOR}, i, ${INITIAL_MINOR}, 1, null, null
       from (select i, d, (d + 1 + (random() * ${ACCOUNTS - 2})::int8) % ${ACCOUNTS} c
             from (select i, (random() * ${ACCOUNTS - 1})::int8 d from generate_series(0, ${rows - 1}) i) a) b`,
    `insert into committer_outcomes
       select 1 + i / ${PRELOAD_BATCH}, i % ${PRELOAD_BATCH}, i % 50, 1, 0, left(md5(i::text), 20), sha256(int8send(i))
       from generate_series(0, ${rows - 1}) i`,
    `insert into committer_outbox
       select 1 + i / ${PRELOAD_BATCH}, i % ${PRELOAD_BATCH}, 0, 1, i,
         jsonb_build_object('transfer', i::text, 'debit', (i::int8 * 1024)::text, 'credit', (i::int8 * 2048)::text, 'amount', '1.00',
           'currency', 'CNY', 'at', '2026-01-01T00:00:00.000000Z')
       from generate_series(0, ${rows - 1}) i`,
    `insert into ledger_head values (${GENERATION}, ${Math.ceil(rows / PRELOAD_BATCH)}, ${Math.ceil(rows / PRELOAD_BATCH)}, sha256(''), now())`,
  ]
}

/** Makes and fills the database that every variant starts from as a copy. */
export async function preload(sql: Sql, rows: number): Promise<void> {
  for (const statement of [...TABLES, ...fill(rows), ...INDEXES, 'vacuum (analyze)']) await sql.unsafe(statement)
}
