import type { CommandKind, Outcome } from '@huitong/committer'
import type { LedgerCommands } from '../src/ledger-commands.ts'
import type { LedgerWorld } from './ledger-world.ts'
import type { Known, Prepared } from './model-world.ts'
import { NO_ACCOUNT } from './random-requests.ts'

/** A request with what the oracle expects of it, and how it is sent to an institution. */
export interface Resolved {
  readonly expected: string
  /** The idempotency key under which it is asked for. */
  readonly key: string | undefined
  readonly submit: (world: LedgerWorld) => Promise<Outcome<unknown>>
  /** What the answer teaches; text when something is wrong with it. */
  readonly learn: (answer: unknown) => string | undefined
}

export function resolved<Input, Answer>(
  expected: string,
  kind: (commands: LedgerCommands) => CommandKind<Input, Answer>,
  input: Input | ((world: LedgerWorld) => Input),
  /** Text when something is wrong with the answer. */
  learn?: (answer: Answer) => unknown,
  key?: string,
): Resolved {
  let answered: Answer | undefined
  return {
    expected,
    key,
    submit: async (world) => {
      const idempotency = key === undefined ? {} : { idempotency: { caller: 'model', key } }
      const made = isMaker(input) ? input(world) : input
      const outcome = await world.committer.submit({ kind: kind(world.commands), input: made, ...idempotency })
      if (outcome.status === 'done') answered = outcome.answer
      return outcome
    },
    learn: () => {
      const wrong = answered === undefined ? undefined : learn?.(answered)
      return typeof wrong === 'string' ? wrong : undefined
    },
  }
}

function isMaker<Input>(input: Input | ((world: LedgerWorld) => Input)): input is (world: LedgerWorld) => Input {
  return typeof input === 'function'
}

/** The product's id of an account; one that nothing has when the oracle knows none of that number. */
export function idOf({ ids }: Prepared, account: number): number {
  return account === NO_ACCOUNT ? 999 * 1024 : (ids[account] ?? 998 * 1024)
}

/** What is known at that index, or what does not exist. */
export function knownAt(list: readonly Known[], index: number): Known {
  return list[index] ?? { number: 1_000_000, id: 997 * 1024 }
}

export function minor(amount: number): bigint
export function minor(amount: number | null): bigint | null
export function minor(amount: number | null): bigint | null {
  return amount === null ? null : BigInt(amount)
}

export function isForeign({ oracle }: Prepared, account: number): boolean {
  return oracle.core.accounts[account]?.foreign === true
}
