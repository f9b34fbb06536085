import type { Clock, Micros } from '@huitong/kernel'

/** Calls in a row without an answer before an address is left alone. */
const SILENT_MAX = 3
const FIRST_REST: Micros = 1_000_000
const LONGEST_REST: Micros = 300_000_000

/**
 * Leaves alone for a while who does not answer: whoever waits for a dead partner's time-out waits in vain, and its unanswered payments would
 * keep those of others from being sent. The rest doubles from a second to five minutes with each call that finds nobody, and the first
 * answer ends it. One call at a time tries whether somebody is there again.
 */
export interface PartnerCircuit {
  /** Whether to call now. A caller who is told so says afterwards what came of it. */
  mayCall(address: string): boolean
  answered(address: string): void
  silent(address: string): void
  /** Whether an address is left alone now. */
  rests(address: string): boolean
}

interface Silence {
  readonly calls: number
  readonly until: Micros
  /** Somebody tries at the moment. */
  readonly tried: boolean
}

export function createPartnerCircuit(clock: Clock): PartnerCircuit {
  const silences = new Map<string, Silence>()
  const open = (silence: Silence | undefined) => silence !== undefined && silence.calls >= SILENT_MAX

  return {
    mayCall: (address) => {
      const silence = silences.get(address)
      if (silence === undefined || !open(silence)) return true
      if (silence.tried || silence.until > clock.now()) return false
      silences.set(address, { ...silence, tried: true })
      return true
    },
    answered: (address) => {
      silences.delete(address)
    },
    silent: (address) => {
      const calls = (silences.get(address)?.calls ?? 0) + 1
      const rest = Math.min(FIRST_REST * 2 ** Math.max(0, calls - SILENT_MAX), LONGEST_REST)
      silences.set(address, { calls, until: clock.now() + rest, tried: false })
    },
    rests: (address) => {
      const silence = silences.get(address)
      return silence !== undefined && open(silence) && (silence.tried || silence.until > clock.now())
    },
  }
}
