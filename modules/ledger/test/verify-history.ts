import { generateKeyPairSync } from 'node:crypto'
import { type BatchSeal, merkleRoot, sealHash } from '@huitong/committer'
import { type ManualClock, manualClock } from '@huitong/kernel'
import type { Sql } from '@huitong/pg'
import { HistoryFollower } from '../src/history-follower.ts'
import { eventBytes, isLedgerEventKind, transferBytes } from '../src/journal-form.ts'
import type { PostingLeg } from '../src/posting-command.ts'
import { type SignedHead, signHead } from '../src/signed-head.ts'
import { type TransferRow, transferOf } from '../src/transfer-store.ts'
import { type LedgerWorld, move, promise, startLedgerWorld } from './ledger-world.ts'

export const START = 1_795_312_800_000_000
const MINUTE = 60_000_000

export const institutionKey = generateKeyPairSync('ed25519')

export interface History {
  readonly world: LedgerWorld
  readonly clock: ManualClock
  /** The owner of the tables, who can change what no program may. */
  readonly owner: Sql
  readonly bank: number
  readonly alice: number
  readonly bob: number
  readonly carol: number
  readonly openHold: number
  readonly signedHeads: SignedHead[]
  /** Posts one leg in a batch of its own and returns the transfer's id. */
  post(leg: PostingLeg): Promise<number>
  sign(): Promise<void>
}

/** An institution in which everything happened once that the journal can say; nothing was written back yet. */
export async function writeHistory(partitionBatches?: number): Promise<History> {
  const clock = manualClock(START)
  const world = await startLedgerWorld({ clock, ...(partitionBatches === undefined ? {} : { partitionBatches }) })
  const { committer, commands, institution } = world
  const owner = (await institution.dedicated({})).sql
  const signedHeads: SignedHead[] = []
  const follower = new HistoryFollower()

  async function post(leg: PostingLeg): Promise<number> {
    const outcome = await committer.submit({ kind: commands.post, input: { legs: [leg], raw: true } })
    const id = outcome.status === 'done' ? outcome.answer.transfers[0] : undefined
    if (id === undefined) throw new Error(`not posted: ${JSON.stringify(outcome)}`)
    return id
  }

  async function sign(): Promise<void> {
    const statement = await institution.db.read((tx) => follower.statement(tx, institution.schema))
    if (statement === undefined) throw new Error('nothing to sign')
    signedHeads.push(signHead(institutionKey.privateKey, statement))
  }

  const bank = await world.open('1002')
  const fees = await world.open('5001')
  const alice = await world.open('2003', 0n)
  const bob = await world.open('2003', 0n)
  const carol = await world.open('2003', 0n)
  const dave = await world.open('2003')
  await post(move(bank, alice, 10_000n))
  await post(move(bank, bob, 5_000n))
  await Promise.all(Array.from({ length: 40 }, (_, index) => post(move(alice, bob, BigInt(index + 1)))))
  await Promise.all(Array.from({ length: 40 }, () => post(move(bob, carol, 3n))))
  await post(move(alice, fees, 25n))
  await sign()

  const captured = await post(promise(alice, bob, 1_000n))
  const voided = await post(promise(alice, carol, 200n))
  const expired = await post(promise(alice, carol, 300n, START + MINUTE))
  const openHold = await post(promise(bob, carol, 400n, START + 60 * MINUTE))
  await post({ type: 'capture', hold: captured, amountMinor: 600n, final: false })
  await post({ type: 'capture', hold: captured, amountMinor: 100n, final: true })
  await post({ type: 'void', hold: voided })
  await post({ type: 'capture', hold: openHold, amountMinor: 50n, final: false })

  await committer.submit({ kind: commands.setFloor, input: { account: bob, floorMinor: -500n } })
  await committer.submit({ kind: commands.setState, input: { account: carol, state: 'frozen' } })
  await committer.submit({ kind: commands.setState, input: { account: carol, state: 'open' } })
  await committer.submit({ kind: commands.setState, input: { account: dave, state: 'closed' } })
  const linked = move(alice, carol, 1n)
  await committer.submit({ kind: commands.post, input: { legs: [linked, linked, linked], raw: true } })
  const idempotency = { caller: 'test', key: 'remembered' }
  await committer.submit({ kind: commands.post, input: { legs: [linked], raw: true }, idempotency })
  await committer.submit({ kind: commands.closeDay, input: { next: '2026-11-23' } })
  clock.advance(2 * MINUTE)
  // Time passed, so this batch also writes back a part of the balances.
  const ended = await committer.submit({ kind: commands.expireHold, input: { hold: expired } })
  if (ended.status !== 'done') throw new Error(`not expired: ${JSON.stringify(ended)}`)
  await post(move(bank, alice, 77n))
  await post(move(alice, carol, 7n))
  await sign()
  return { world, clock, owner, bank, alice, bob, carol, openHold, signedHeads, post, sign }
}

/** What one who owns the database can do: makes every root and hash of the chain anew from the rows as they are now. */
export async function rebuildChain(sql: Sql): Promise<void> {
  const batches = await sql<
    { number: bigint; at: number; accounting_day: string; last_counter: bigint; outcomes: Buffer | null }[]
  >`
    select number, at, accounting_day, last_counter, outcomes from ledger_batches order by number`
  let previousHash: Buffer | undefined
  for (const { number, at, accounting_day: accountingDay, last_counter, outcomes } of batches) {
    const leaves: Uint8Array[] = []
    for (const row of await sql<TransferRow[]>`select * from ledger_transfers where batch = ${number}`) {
      leaves[row.position] = transferBytes(transferOf(row))
    }
    const events = await sql<{ position: number; kind: string; account_id: bigint; data: string }[]>`
      select position, kind, account_id, data from ledger_events where batch = ${number}`
    for (const { position, kind, account_id, data } of events) {
      if (!isLedgerEventKind(kind)) throw new Error(`unknown event ${kind}`)
      leaves[position] = eventBytes({ position, kind, account: Number(account_id), data })
    }
    previousHash ??= await hashOfNothing(sql)
    const root = merkleRoot(leaves)
    const lastCounter = Number(last_counter)
    const seal: BatchSeal = {
      number: Number(number),
      previousHash,
      root,
      count: leaves.length,
      at,
      accountingDay,
      lastCounter,
      outcomes,
    }
    const hash = sealHash(seal)
    await sql`
      update ledger_batches set previous_hash = ${previousHash}, root = ${root}, hash = ${hash}, count = ${leaves.length}
      where number = ${number}`
    previousHash = hash
  }
  if (previousHash !== undefined) await sql`update ledger_head set hash = ${previousHash}`
}

async function hashOfNothing(sql: Sql): Promise<Buffer> {
  const [row] = await sql<{ hash: Buffer }[]>`select sha256('') as hash`
  if (row === undefined) throw new Error('no answer')
  return row.hash
}
