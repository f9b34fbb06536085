/** A rule that holds from one day to another. Days in Beijing, both included; null: until a later version begins. */
export interface DatedRule {
  readonly effectiveFrom: string
  readonly effectiveTo: string | null
}

/** The version that is in force on a day: of those that have begun the newest, unless that has ended. */
export function inForce<Version extends DatedRule>(versions: readonly Version[], day: string): Version | undefined {
  const begun = versions.findLast((version) => version.effectiveFrom <= day)
  return begun === undefined || (begun.effectiveTo !== null && begun.effectiveTo < day) ? undefined : begun
}
