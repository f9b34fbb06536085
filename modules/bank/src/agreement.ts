import type { Micros } from '@huitong/kernel'

export const AGREEMENT_STATES = ['pending', 'active', 'ended'] as const
type AgreementState = (typeof AGREEMENT_STATES)[number]

/** What a platform may take from an account. It waits for the one-time code that its owner got, and lasts until either side ends it. */
export interface Agreement {
  readonly id: number
  readonly account: string
  /** Member number of the platform, and its account there. */
  readonly platform: string
  readonly platformAccount: string
  readonly state: AgreementState
  readonly codeHash: string | null
  readonly codeExpiresAt: Micros
  readonly codeTries: number
  readonly singleMaxMinor: bigint
  readonly dayMaxMinor: bigint
  readonly spentOn: string | null
  readonly spentMinor: bigint
  readonly madeAt: Micros
  readonly endedAt: Micros | null
}

/** How long a code is good for, µs, how often it may be wrong, and how often the four factors may be wrong on a day. */
export const CODE_LIFE = 300_000_000
export const CODE_TRIES_MAX = 5
export const WRONG_FACTORS_MAX = 5
