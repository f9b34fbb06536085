// What clients would send: one command per transfer, drawn from a seed so that runs can be compared.

import { randomBytes } from 'node:crypto'
import { ACCOUNTS, accountId } from './tables.ts'

export type Distribution = 'uniform' | 'zipf2'

export interface Input {
  readonly id: bigint
  readonly caller: number
  readonly key: string
  readonly debit: bigint
  readonly credit: bigint
  readonly amountMinor: bigint
}

const KEY_LENGTH = 20
const accountIds = Array.from({ length: ACCOUNTS }, (_, index) => accountId(index))

/** Xorshift, 32 bits: fast enough not to be what is measured. */
export function seeded(seed: number): () => number {
  let state = seed | 1
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) / 4_294_967_296
  }
}

function rank(random: () => number, distribution: Distribution): number {
  if (distribution === 'uniform') return Math.floor(random() * ACCOUNTS)
  // The inverse of the tail 1/k has the weights 1/(k(k+1)), which is zipf with exponent two.
  return Math.min(ACCOUNTS, Math.floor(1 / (random() + 1e-9))) - 1
}

function account(index: number): bigint {
  const id = accountIds[index % ACCOUNTS]
  if (id === undefined) throw new Error(`no account ${index}`)
  return id
}

export function inputSource(distribution: Distribution, firstId: bigint): (count: number) => Input[] {
  const random = seeded(20_260_101)
  let id = firstId
  return (count) => {
    const keys = randomBytes((count * KEY_LENGTH) / 2).toString('hex')
    const inputs: Input[] = []
    for (let n = 0; n < count; n++) {
      const debit = rank(random, distribution)
      let credit = rank(random, distribution)
      if (credit === debit) credit = debit + 1
      inputs.push({
        id: id++,
        caller: n % 50,
        key: keys.slice(n * KEY_LENGTH, (n + 1) * KEY_LENGTH),
        debit: account(debit),
        credit: account(credit),
        amountMinor: BigInt(1 + Math.floor(random() * 10_000)),
      })
    }
    return inputs
  }
}
