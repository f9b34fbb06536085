import type { WorkingSet } from '@huitong/committer'
import type { Party } from '@huitong/party'
import { createLimits, type Limits } from './limits.ts'
import { createPricingCommands, type PricingCommands } from './pricing-commands.ts'
import { createSharingRules, type SharingRules } from './sharing-rules.ts'

/** Rules as dated data, and the limits that they set. */
export interface Pricing {
  readonly limits: Limits
  readonly sharing: SharingRules
  readonly commands: PricingCommands
}

/** Takes pricing's tables of the working set; once a working set. */
export function createPricing(set: WorkingSet, party: Party): Pricing {
  const limits = createLimits(set, party)
  const sharing = createSharingRules(set)
  return { limits, sharing, commands: createPricingCommands(limits, sharing, party) }
}
