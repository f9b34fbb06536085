import type { WorkingSet } from '@huitong/committer'
import { beijingDay, type Result } from '@huitong/kernel'
import { inForce } from './dated-rule.ts'
import { decideNextVersion } from './dated-rule-decide.ts'
import type { LimitRefusal } from './limit-refusals.ts'
import { EVERY_MERCHANT, type NewSharingRule, type SharingRuleVersion } from './sharing-rule.ts'
import { sharingRuleTable } from './sharing-rule-store.ts'

/** How much of a payment may be passed on, for the decide functions of commands that do so. */
export interface SharingRules {
  need(merchant: number): void
  /** In basis points: the merchant's own rule, else that of every merchant, else nothing. */
  maxBps(merchant: number): number
  versions(merchant: number): readonly SharingRuleVersion[]
  addVersion(merchant: number, version: NewSharingRule): Result<SharingRuleVersion, LimitRefusal>
}

export function createSharingRules(set: WorkingSet): SharingRules {
  const rules = set.table(sharingRuleTable)
  const today = () => beijingDay(set.batch.at)
  const current = (merchant: number) => inForce(rules.get(merchant) ?? [], today())

  return {
    need: (merchant) => {
      for (const whose of [merchant, EVERY_MERCHANT]) rules.need(whose)
    },
    maxBps: (merchant) => (current(merchant) ?? current(EVERY_MERCHANT))?.maxBps ?? 0,
    versions: (merchant) => rules.get(merchant) ?? [],
    addVersion: (merchant, version) => {
      const versions = rules.get(merchant) ?? []
      const added = decideNextVersion(versions, version, today(), set.batch.at)
      if (added.ok) rules.put(merchant, [...versions, added.value])
      return added
    },
  }
}
