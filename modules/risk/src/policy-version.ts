import type { Policy } from './policy.ts'

/** One dated version of the policy. Never changed. */
export interface PolicyVersion {
  /** From 1. */
  readonly version: number
  /** A day in Beijing, included. */
  readonly effectiveFrom: string
  readonly policy: Policy
  /** Who decided on it, and why. */
  readonly source: string
  /** µs */
  readonly addedAt: number
}

export type NewPolicyVersion = Omit<PolicyVersion, 'version' | 'addedAt'>

/** The version that is in force on a day: of those that have begun the newest. */
export function inForce(versions: readonly PolicyVersion[], day: string): PolicyVersion | undefined {
  return versions.findLast((version) => version.effectiveFrom <= day)
}
