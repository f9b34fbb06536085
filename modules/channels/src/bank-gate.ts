import { setTimeout } from 'node:timers/promises'
import type { Clock, Micros } from '@huitong/kernel'
import { type BankHealth, healthOf, isBad, type OrderOutcome } from './bank-health.ts'

/*
 * The way to each bank: as many orders a second as it takes, one after the other, and none for a while when half of them came to nothing. What it
 * holds back waits a moment or is told to come again; nothing was written for it. It lives in the process that takes orders, and
 * starts anew with it.
 */

/** `busy`: more are waiting than the bank takes in the time that anybody waits. `resting`: it is left alone. */
type Entry = 'go' | 'busy' | 'resting'

export const GATE_STATES = ['open', 'trying', 'resting'] as const
export type GateState = (typeof GATE_STATES)[number]

export interface BankGate {
  /** Waits for the bank's turn, in the order of asking. */
  enter(bank: string, capacity: number | null): Promise<Entry>
  /** Looks at how orders of a bank went lately. */
  look(bank: string, outcomes: readonly OrderOutcome[]): void
  stateOf(bank: string): GateState
  healthOf(bank: string): BankHealth
  /** For how long a bank is left alone yet, ms. */
  restsFor(bank: string): number
}

export interface BankGateOptions {
  readonly clock: Clock
  /** 2 s unless told. */
  readonly waitMaxMs?: number
  /** How long a bank is left alone, 30 s unless told. */
  readonly restMs?: number
  /** Waits so many milliseconds; a timer unless told. */
  readonly wait?: (ms: number) => Promise<unknown>
}

const WAIT_MAX_MS = 2_000
const REST_MS = 30_000
/** One that is tried again gets so many orders a second, until they say how it is. */
const TRIES_A_SECOND = 2

interface Lane {
  /** When the next order may go, µs. */
  nextAt: Micros
  restsUntil: Micros
  /** Only orders since then count: what came before made it rest. */
  since: Micros
  state: GateState
  health: BankHealth
}

export function createBankGate({
  clock,
  waitMaxMs = WAIT_MAX_MS,
  restMs = REST_MS,
  wait = setTimeout,
}: BankGateOptions): BankGate {
  const lanes = new Map<string, Lane>()

  function laneOf(bank: string): Lane {
    const known = lanes.get(bank)
    if (known !== undefined) return known
    const made: Lane = { nextAt: 0, restsUntil: 0, since: 0, state: 'open', health: healthOf([]) }
    lanes.set(bank, made)
    return made
  }

  return {
    enter: async (bank, capacity) => {
      const lane = laneOf(bank)
      const now = clock.now()
      if (lane.state === 'resting' && lane.restsUntil > now) return 'resting'
      if (lane.state === 'resting') lane.state = 'trying'
      const rate = lane.state === 'trying' ? Math.min(TRIES_A_SECOND, capacity ?? TRIES_A_SECOND) : capacity
      if (rate === null) return 'go'
      const at = Math.max(lane.nextAt, now)
      const waitMs = (at - now) / 1_000
      if (waitMs > waitMaxMs) return 'busy'
      lane.nextAt = at + 1_000_000 / rate
      if (waitMs > 0) await wait(waitMs)
      return 'go'
    },
    look: (bank, outcomes) => {
      const lane = laneOf(bank)
      lane.health = healthOf(outcomes.filter(({ madeAt }) => madeAt >= lane.since))
      const now = clock.now()
      if (lane.state === 'resting') return
      if (isBad(lane.health)) {
        lane.state = 'resting'
        lane.restsUntil = now + restMs * 1_000
        lane.since = lane.restsUntil
      } else if (lane.state === 'trying' && lane.health.settled > 0) lane.state = 'open'
    },
    stateOf: (bank) => laneOf(bank).state,
    healthOf: (bank) => laneOf(bank).health,
    restsFor: (bank) => Math.max(0, Math.ceil((laneOf(bank).restsUntil - clock.now()) / 1_000)),
  }
}
