import type { Outcome } from '@huitong/committer'
import { CNY } from '@huitong/kernel'
import type { PostingAnswer, PostingLeg } from '@huitong/ledger'
import type { BenchWorld } from './bench-world.ts'
import type { Ask } from './drive.ts'

/** Xorshift, 32 bits, from a seed: the same requests in every run, and cheap enough not to be what is measured. */
export function seeded(seed: number): () => number {
  let state = seed | 1
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) / 4_294_967_296
  }
}

let lastKey = 0

/** One posting under a key of its own, through the function that `POST /v1/ledger/postings` calls. */
export function post(world: BenchWorld, leg: PostingLeg): Promise<'refused' | readonly number[]> {
  lastKey += 1
  const asked = world.committer.submit({
    kind: world.commands.post,
    input: { legs: [leg], raw: true },
    idempotency: { caller: 'staff:1', key: `bench-${process.pid}-${lastKey}` },
  })
  // Not an async function, nor are the workloads: each would cost every command a promise and what goes on after it.
  return asked.then(transfersOf)
}

function transfersOf(outcome: Outcome<PostingAnswer>): 'refused' | readonly number[] {
  if (outcome.status === 'done') return outcome.answer.transfers
  if (outcome.status === 'refused') return 'refused'
  throw new Error(`not decided: ${JSON.stringify(outcome)}`)
}

function promise(debit: number, credit: number, amountMinor: bigint): PostingLeg {
  return {
    type: 'hold',
    debit,
    credit,
    amountMinor,
    currency: CNY,
    code: 'adjustment',
    reference: null,
    expiresAt: null,
  }
}

export function move(debit: number, credit: number, amountMinor: bigint): PostingLeg {
  return {
    type: 'transfer',
    debit,
    credit,
    amountMinor,
    currency: CNY,
    code: 'adjustment',
    reference: null,
    expiresAt: null,
  }
}

function pick(accounts: readonly number[], index: number): number {
  return accounts[Math.min(accounts.length - 1, index)] ?? 0
}

/** Both accounts drawn with equal chance. */
export function uniform(world: BenchWorld): Ask {
  const random = seeded(7)
  const { accounts } = world
  return () => {
    const debit = Math.floor(random() * accounts.length)
    const credit = (debit + 1 + Math.floor(random() * (accounts.length - 1))) % accounts.length
    return post(world, move(pick(accounts, debit), pick(accounts, credit), 1n))
  }
}

/** Both accounts by Zipf's law with exponent 2: the first account has a part in most transfers. */
export function zipf2(world: BenchWorld): Ask {
  const random = seeded(11)
  const { accounts } = world
  // The tail of weights 1/k² is close to 1/k, so its inverse is 1/u.
  const draw = () => Math.min(accounts.length, Math.floor(1 / (random() + 1e-9))) - 1
  return () => {
    const debit = draw()
    let credit = draw()
    if (credit === debit) credit = (debit + 1) % accounts.length
    return post(world, move(pick(accounts, debit), pick(accounts, credit), 1n))
  }
}

/**
 * One account with a floor takes part in every command: 30 % ask for more than it has, 20 % are a hold that is then captured or
 * voided (two commands each), the rest move money in or out.
 */
export function hot(world: BenchWorld): Ask {
  const random = seeded(13)
  const { accounts } = world
  const hotAccount = pick(accounts, 0)
  const open: number[] = []
  return () => {
    const other = pick(accounts, 1 + Math.floor(random() * (accounts.length - 1)))
    const draw = random()
    if (draw < 0.3) return post(world, move(hotAccount, other, 1_000_000_000_000n))
    if (draw < 0.5) {
      const hold = open.pop()
      if (hold === undefined) {
        return post(world, promise(hotAccount, other, 1n)).then((held) => {
          if (held !== 'refused') open.push(...held)
          return held
        })
      }
      const end: PostingLeg =
        random() < 0.5 ? { type: 'capture', hold, amountMinor: 1n, final: true } : { type: 'void', hold }
      return post(world, end)
    }
    const leg = draw < 0.75 ? move(hotAccount, other, 1n) : move(other, hotAccount, 1n)
    return post(world, leg)
  }
}
