// The committer's share of a batch: balances in memory, floor, sequences, leaf hashes, Merkle root and chain.

import { hash } from 'node:crypto'
import { setImmediate as turn } from 'node:timers/promises'
import type { Input } from './inputs.ts'
import { ACCOUNTS, accountId, INITIAL_MINOR } from './tables.ts'

export interface Balance {
  readonly account: bigint
  sequence: bigint
  debitsPosted: bigint
  creditsPosted: bigint
  /** Batch and position of its newest transfer, as one number; 0 before the first. */
  last: bigint
  /** When this balance first differed from its row; 0 when it does not. */
  dirtySince: number
  dirtyBatch: bigint
}

export interface Decided {
  readonly input: Input
  readonly inputHash: Buffer
  readonly debitSequence: bigint
  readonly debitBalanceMinor: bigint
  readonly creditSequence: bigint
  readonly creditBalanceMinor: bigint
  /** The transfer before this one of the same account, as a place in the journal. */
  readonly debitPrevious: bigint
  readonly creditPrevious: bigint
}

export interface Batch {
  readonly number: bigint
  readonly transfers: readonly Decided[]
  /** All leaves in order, `LEAF` bytes each: the canonical binary form that is hashed. */
  readonly leaves: Buffer
  readonly previous: Buffer
  readonly root: Buffer
  readonly hash: Buffer
}

export const LEAF = 96
/** A place in the journal is `batch × PLACES + position`. */
const PLACES = 65_536n
// Between two turns of the event loop the connection cannot move, and a batch needs about a dozen answers. A third of a
// millisecond keeps PostgreSQL fed; a turn itself costs some microseconds.
const TRANSFERS_PER_TURN = 64

export class Committer {
  readonly balances = new Map<bigint, Balance>()
  /** Balances that differ from their rows, oldest first. */
  readonly dirty = new Set<Balance>()
  #number: bigint
  #hash = hash('sha256', '', 'buffer')

  constructor(number: bigint, sequence: bigint) {
    this.#number = number
    for (let n = 0; n < ACCOUNTS; n++) {
      const account = accountId(n)
      const balance = {
        account,
        sequence,
        debitsPosted: 0n,
        creditsPosted: INITIAL_MINOR,
        last: 0n,
        dirtySince: 0,
        dirtyBatch: 0n,
      }
      this.balances.set(account, balance)
    }
  }

  get number(): bigint {
    return this.#number
  }

  /** Decides a batch; gives the event loop a turn now and then, so that the batch before it can be written meanwhile. */
  async decide(inputs: readonly Input[], now: number): Promise<Batch> {
    const number = ++this.#number
    const leaves = Buffer.allocUnsafeSlow(inputs.length * LEAF)
    const view = new DataView(leaves.buffer)
    const transfers: Decided[] = []
    const hashes: Buffer[] = []
    for (const input of inputs) {
      const position = transfers.length
      if (position % TRANSFERS_PER_TURN === TRANSFERS_PER_TURN - 1) await turn()
      const debit = this.#touch(input.debit, now, number)
      const credit = this.#touch(input.credit, now, number)
      debit.debitsPosted += input.amountMinor
      const debitBalanceMinor = debit.creditsPosted - debit.debitsPosted
      if (debitBalanceMinor < 0n) throw new Error('an account of the benchmark ran dry')
      credit.creditsPosted += input.amountMinor
      const decided = {
        input,
        inputHash: hash(
          'sha256',
          `${input.caller}:${input.key}:${input.debit}:${input.credit}:${input.amountMinor}:CNY`,
          'buffer',
        ),
        debitSequence: ++debit.sequence,
        debitBalanceMinor,
        creditSequence: ++credit.sequence,
        creditBalanceMinor: credit.creditsPosted - credit.debitsPosted,
        debitPrevious: debit.last,
        creditPrevious: credit.last,
      }
      debit.last = credit.last = number * PLACES + BigInt(position)
      transfers.push(decided)
      writeLeaf(view, number, position, decided)
      hashes.push(hash('sha256', leaves.subarray(position * LEAF, (position + 1) * LEAF), 'buffer'))
    }
    const root = merkleRoot(hashes)
    const previous = this.#hash
    this.#hash = hash('sha256', Buffer.concat([previous, root]), 'buffer')
    return { number, transfers, leaves, previous, root, hash: this.#hash }
  }

  /**
   * Takes the balances that have waited for `afterMs`, oldest first, at most `limit`; they count as clean from here on.
   */
  takeDirty(now: number, afterMs: number, limit: number): Balance[] {
    const taken: Balance[] = []
    for (const balance of this.dirty) {
      if (taken.length >= limit || now - balance.dirtySince < afterMs) break
      taken.push(balance)
      this.dirty.delete(balance)
      balance.dirtySince = 0
    }
    return taken
  }

  /** The last batch all of whose balances are in their rows: recovery replays what follows it. */
  flushedThrough(): bigint {
    for (const balance of this.dirty) return balance.dirtyBatch - 1n
    return this.#number
  }

  #touch(account: bigint, now: number, number: bigint): Balance {
    const balance = this.balances.get(account)
    if (balance === undefined) throw new Error(`no account ${account}`)
    if (balance.dirtySince === 0) {
      balance.dirtySince = now
      balance.dirtyBatch = number
      this.dirty.add(balance)
    }
    return balance
  }
}

function writeLeaf(view: DataView, number: bigint, position: number, decided: Decided): void {
  const at = position * LEAF
  const { input } = decided
  view.setBigInt64(at, number)
  view.setInt32(at + 8, position)
  view.setInt16(at + 12, 1)
  view.setInt16(at + 14, input.caller)
  view.setBigInt64(at + 16, input.id)
  view.setBigInt64(at + 24, input.debit)
  view.setBigInt64(at + 32, input.credit)
  view.setBigInt64(at + 40, input.amountMinor)
  view.setBigInt64(at + 48, 0n)
  view.setBigInt64(at + 56, decided.debitSequence)
  view.setBigInt64(at + 64, decided.debitBalanceMinor)
  view.setBigInt64(at + 72, decided.creditSequence)
  view.setBigInt64(at + 80, decided.creditBalanceMinor)
  view.setBigInt64(at + 88, 0n)
}

function merkleRoot(leaves: readonly Buffer[]): Buffer {
  let level = leaves
  const pair = Buffer.alloc(65, 1)
  while (level.length > 1) {
    const above: Buffer[] = []
    for (let n = 0; n < level.length; n += 2) {
      const left = level[n]
      const right = level[n + 1]
      if (left === undefined) break
      if (right === undefined) {
        above.push(left)
        continue
      }
      left.copy(pair, 1)
      right.copy(pair, 33)
      above.push(hash('sha256', pair, 'buffer'))
    }
    level = above
  }
  return level[0] ?? hash('sha256', '', 'buffer')
}
