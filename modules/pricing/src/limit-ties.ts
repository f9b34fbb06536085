import type { BusinessTie } from '@huitong/ledger'
import { readSpentSums } from './spent-store.ts'

/**
 * What limits have counted is what was spent and not given back. Of all persons together: whose account belongs to which person changes, and
 * what they spent is then counted together.
 */
export const LIMIT_TIES: readonly BusinessTie[] = [
  {
    name: 'pricing.lifetime-counters',
    table: 'pricing_spent',
    differences: async (tx) => {
      const { countedMinor, spentMinor } = await readSpentSums(tx)
      if (countedMinor === spentMinor) return []
      return [{ what: 'all persons', expected: String(spentMinor), found: String(countedMinor) }]
    },
  },
]
