import type { IsoMessage } from '@huitong/iso20022'
import type { Bench, BenchOptions } from '../bench-options.ts'
import { bareCommitBaseline } from '../ledger/baselines.ts'
import { drive } from '../ledger/drive.ts'
import { lineOf, type Row, rowOf } from '../row.ts'
import { type ClearingBenchWorld, startClearingWorld } from './clearing-world.ts'
import { completeTransfer, MESSAGES_OF_TRANSFER, messagesOnly } from './complete-transfer.ts'

const ACCOUNTS = 200
/** Transfers under way at once. */
const CLIENTS = 200

/**
 * Whole transfers between two banks over the clearing house, all three in this process with a committer each: every message signed, verified
 * and held against its schema, every step one command with its idempotency record.
 */
async function clearingBench(options: BenchOptions): Promise<void> {
  const print = (row: Row) => process.stdout.write(`${options.json ? JSON.stringify(row) : lineOf(row)}\n`)
  const world = await startClearingWorld(ACCOUNTS)
  try {
    // One transfer alone first: its messages are what the baseline works on.
    const messages: IsoMessage[] = []
    await completeTransfer(world, ({ message }) => messages.push(message))(0)
    if (messages.length !== MESSAGES_OF_TRANSFER) throw new Error(`a transfer took ${messages.length} messages`)
    const baseline = await messagesOnly(world, messages, Math.min(options.seconds, 10))
    const bare = await bareCommitBaseline(world.server.connection, 5)
    print(rowOf('bare-commit', bare, 'messages-only', baseline.perSecond))
    const ask = completeTransfer(world, () => undefined)
    const measured = await drive(CLIENTS, options.seconds, ask)
    await checkBooks(world)
    print(rowOf('complete-transfer', measured, 'messages-only', baseline.perSecond))
  } finally {
    await world.stop()
  }
}

/** A run after which the three books do not agree measures nothing. */
async function checkBooks({ hub, payerBank, payeeBank }: ClearingBenchWorld): Promise<void> {
  for (const { committer } of [hub, payerBank, payeeBank]) await committer.flush()
  for (const { end, db } of [payerBank, payeeBank]) {
    const owner = `participant:${end.member}`
    const [ours] = await db.read(
      (tx) => tx.sql<{ minor: string }[]>`
        select sum(b.debits_posted - b.credits_posted)::text as minor
        from ledger_accounts a join ledger_balances b on b.account_id = a.id where a.subject = '1005'`,
    )
    const [theirs] = await hub.db.read(
      (tx) => tx.sql<{ minor: string }[]>`
        select sum(b.credits_posted - b.debits_posted)::text as minor
        from ledger_accounts a join ledger_balances b on b.account_id = a.id where a.owner = ${owner}`,
    )
    if (ours === undefined || ours.minor !== theirs?.minor) {
      throw new Error(`${end.member} has ${ours?.minor}, and ${theirs?.minor} at the clearing house`)
    }
  }
}

export const CLEARING_BENCH: Bench = {
  about: 'whole transfers from bank to bank over the clearing house',
  rows: ['complete-transfer'],
  run: clearingBench,
}
