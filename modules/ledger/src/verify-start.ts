import { makeId } from '@huitong/kernel'
import type { InstitutionDatabase } from '@huitong/pg'
import type { PostingBuffer } from './posting-policy.ts'
import { readBuffers, readPolicies } from './posting-policy-store.ts'
import { type AccountingSeen, readAccountingSeen } from './verify-accounting-store.ts'
import {
  AccountReplay,
  HAS_BALANCE_ROW,
  ROW_CREDITS_PENDING,
  ROW_CREDITS_POSTED,
  ROW_DEBITS_PENDING,
  ROW_DEBITS_POSTED,
  ROW_LAST_ENTRY,
  ROW_SEQUENCE,
} from './verify-accounts.ts'
import { eachBalance } from './verify-balance-store.ts'
import type { FindingList } from './verify-finding.ts'
import { type FreezeRowSeen, readFreezesSeen, readRestraintsSeen } from './verify-freeze-store.ts'
import { type HeadSeen, idAfter, lastBatchNumber, readHeadSeen } from './verify-head-store.ts'
import { eachOpenHold } from './verify-hold-store.ts'
import type { HoldRowSeen } from './verify-holds.ts'
import { strayIds, strayJournalBatches } from './verify-journal-store.ts'
import { countMarks } from './verify-mark-store.ts'
import { eachReversal, type ReversalRowSeen } from './verify-reversal-store.ts'
import type { CopiedRow } from './verify-rows.ts'
import { digestOfScheduled } from './verify-scheduled.ts'
import { eachScheduled } from './verify-scheduled-store.ts'
import { readSetRows, type SetRowsSeen } from './verify-sets-store.ts'

const CHUNK_ROWS = 200_000

/** What is read before the replay. */
export interface Start {
  readonly accounts: AccountReplay
  /** Entries up to this batch must be in every balance row that was read. */
  readonly flushed: number
  readonly head: HeadSeen
  /** The last batch; the replay ends with it. */
  readonly end: number
  readonly openHolds: ReadonlyMap<number, HoldRowSeen>
  readonly reversals: ReadonlyMap<number, ReversalRowSeen>
  readonly marks: number
  readonly buffers: readonly PostingBuffer[]
  readonly policies: ReadonlyMap<number, string>
  readonly sets: SetRowsSeen
  /** Digests of the rows of scheduled postings. */
  readonly scheduled: ReadonlyMap<number, string>
  readonly accounting: AccountingSeen
  readonly freezes: ReadonlyMap<number, FreezeRowSeen>
  readonly restraints: ReadonlyMap<number, string>
}

/**
 * Reads all balance rows, and in the snapshot of the last of them the head, the last batch and the open holds. Ids grow, so that
 * snapshot is the first that no account comes after: the rows are neither ahead of its journal nor is one of its accounts missing.
 */
export async function readStart(db: Pick<InstitutionDatabase, 'read'>, findings: FindingList): Promise<Start> {
  const accounts = new AccountReplay()
  const reversals = new Map<number, ReversalRowSeen>()
  const openHolds = new Map<number, HoldRowSeen>()
  const scheduled = new Map<number, string>()
  let after: bigint | null = null
  let flushed: number | undefined
  for (;;) {
    const from: bigint | null = after
    const last = await db.read(async (tx) => {
      const { sql } = tx
      const head = await readHeadSeen(sql)
      flushed ??= head.flushed
      const rows = await eachBalance(sql, from, CHUNK_ROWS, (row) => {
        keepBalance(accounts, row)
        after = row.bigint(0)
      })
      if (rows === CHUNK_ROWS) return undefined
      const end = await lastBatchNumber(sql)
      await eachOpenHold(sql, (hold) => openHolds.set(hold.id, hold))
      await eachReversal(sql, (transfer, row) => reversals.set(transfer, row))
      for (const batch of await strayJournalBatches(sql, end)) findings.add('rows_without_batch', { batch })
      const stray = await strayIds(sql, makeId(1, 0), idAfter(head.lastCounter))
      for (const account of stray.accounts) findings.add('account_not_journaled', { account })
      for (const hold of stray.holds) findings.add('hold_not_journaled', { hold })
      await eachScheduled(sql, (id, row) => scheduled.set(id, digestOfScheduled(row)))
      const freezes = await readFreezesSeen(sql)
      const restraints = await readRestraintsSeen(sql)
      const accounting = await readAccountingSeen(tx)
      const buffers = await readBuffers(sql)
      const policies = await readPolicies(sql)
      const sets = await readSetRows(sql)
      return { head, end, marks: await countMarks(sql), accounting, buffers, policies, freezes, restraints, sets }
    })
    if (last !== undefined) return { accounts, flushed: flushed ?? 0, openHolds, reversals, scheduled, ...last }
  }
}

function keepBalance(accounts: AccountReplay, row: CopiedRow): void {
  const place = accounts.add(row.number(0))
  accounts.set(place, HAS_BALANCE_ROW)
  const { view } = accounts
  view.setFloat64(place + ROW_SEQUENCE, row.number(1))
  view.setBigInt64(place + ROW_DEBITS_POSTED, row.bigint(2))
  view.setBigInt64(place + ROW_CREDITS_POSTED, row.bigint(3))
  view.setBigInt64(place + ROW_DEBITS_PENDING, row.bigint(4))
  view.setBigInt64(place + ROW_CREDITS_PENDING, row.bigint(5))
  view.setFloat64(place + ROW_LAST_ENTRY, row.number(6))
}
