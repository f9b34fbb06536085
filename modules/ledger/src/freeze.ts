/**
 * Why an account is frozen, by rank: who freezes for a cause of a higher rank goes before all of lower ones, and only an authority of
 * at least a freeze's own rank lifts it. `judicial`: a court or another authority; `risk`: suspicion; `dispute`: money that two parties
 * claim; `hold`: a precaution of the institution. Numbers are stored; a number is never given to another cause.
 */
export const FREEZE_CAUSES = { hold: 1, dispute: 2, risk: 3, judicial: 4 } as const

export type FreezeCause = keyof typeof FREEZE_CAUSES

export function freezeCauses(): readonly FreezeCause[] {
  return Object.keys(FREEZE_CAUSES).filter(isFreezeCause)
}

export function isFreezeCause(text: string): text is FreezeCause {
  return Object.hasOwn(FREEZE_CAUSES, text)
}

export function freezeCauseOf(stored: number): FreezeCause | undefined {
  return freezeCauses().find((cause) => FREEZE_CAUSES[cause] === stored)
}

/** `used`: all of its amount was deducted. */
export const FREEZE_STATES = { active: 1, lifted: 2, expired: 3, used: 4 } as const

export type FreezeState = keyof typeof FREEZE_STATES

export function isFreezeState(text: string): text is FreezeState {
  return Object.hasOwn(FREEZE_STATES, text)
}

export function freezeStateOf(stored: number): FreezeState | undefined {
  const names: readonly FreezeState[] = ['active', 'lifted', 'expired', 'used']
  return names.find((name) => FREEZE_STATES[name] === stored)
}

export interface Freeze {
  readonly id: number
  readonly account: number
  readonly cause: FreezeCause
  /** What must stay in the account; null: nothing may leave it at all. */
  readonly amountMinor: bigint | null
  /** Of the amount, what was not deducted yet; null of a freeze without an amount. */
  readonly remainingMinor: bigint | null
  /** Whether nothing may come in either; only of a freeze without an amount. */
  readonly blocksIncoming: boolean
  /** Number of the document or case that asks for it, never a name. */
  readonly reference: string
  /** µs; it counts until its expiry is journaled. Null: it does not expire. */
  readonly expiresAt: number | null
  readonly state: FreezeState
}

/** Whether `first` gets at the money of the account before `second`: by rank, then by age. */
export function goesBefore(first: Pick<Freeze, 'cause' | 'id'>, second: Pick<Freeze, 'cause' | 'id'>): boolean {
  const ranks = FREEZE_CAUSES[first.cause] - FREEZE_CAUSES[second.cause]
  return ranks === 0 ? first.id < second.id : ranks > 0
}
