import type { LedgerCommands } from '@huitong/ledger'
import type { OracleBooks, Told } from '@huitong/oracle'
import type { Random } from './random.ts'

/** Something that exists: the oracle's number of it and the product's id. */
export interface Known {
  readonly number: number
  readonly id: number
}

/** What was posted as transfers that stand or fall together: their numbers, and the product's id of all of it. */
interface KnownEntry {
  readonly numbers: readonly number[]
  readonly id: number
}

/** What was scheduled, and how the oracle decides it at a time (µs). */
export interface KnownScheduled {
  readonly id: number
  readonly dueAt: number
  readonly judge: (now: number) => Told
  isWaiting: boolean
}

/** Accounts that every institution has and that exchanges and templates find by their subject; the oracle's numbers. */
export interface OwnAccounts {
  readonly fees: number
  readonly shares: number
  readonly source: Readonly<Record<'CNY' | 'USD', number>>
  readonly position: Readonly<Record<'CNY' | 'USD', number>>
  readonly spread: Readonly<Record<'CNY' | 'USD', number>>
  readonly retained: Readonly<Record<'CNY' | 'USD', number>>
}

/** What the callers of a run know: ids by the oracle's numbers. */
export interface Knowledge {
  readonly ids: number[]
  /** Accounts that steps choose from, by currency. */
  readonly chosen: Readonly<Record<'CNY' | 'USD', number[]>>
  readonly own: OwnAccounts
  readonly sets: readonly number[]
  readonly holds: Known[]
  readonly transfers: Known[]
  readonly entries: KnownEntry[]
  readonly freezes: Known[]
  readonly scheduled: KnownScheduled[]
}

/** What a step is drawn from. `now` in µs. */
export interface Drawing {
  readonly random: Random
  readonly oracle: OracleBooks
  readonly knowledge: Knowledge
  readonly commands: LedgerCommands
  readonly now: number
}

export const SECOND = 1_000_000

/** Of something that does not exist. */
export const UNKNOWN: Known = { number: 1_000_000_000, id: 999_999_999 * 1024 }

const REMEMBERED = 5000

/** Some are forgotten, so that a long run does not pick old ones only. */
export function remember<T>(random: Random, list: T[], one: T): void {
  if (list.length < REMEMBERED) list.push(one)
  else list[random.below(list.length)] = one
}

/**
 * One of the list that is still of use; now and then any, or one that never was. What is of no more use is taken from the list when it is
 * met, or in a long run nearly everything that is picked would be.
 */
export function pick<T>(random: Random, list: T[], otherwise: T, isLive: (one: T) => boolean): T {
  if (random.oneIn(50)) return otherwise
  const any = random.oneIn(10)
  for (let tries = 0; tries < 20 && list.length > 0; tries += 1) {
    const at = random.below(list.length)
    const one = list[at]
    if (one === undefined) break
    if (any || isLive(one)) return one
    const last = list.pop()
    if (last !== undefined && at < list.length) list[at] = last
  }
  return otherwise
}
