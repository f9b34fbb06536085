import type { BusinessTie } from '@huitong/ledger'
import { selectSpentInWindows } from './family-read-store.ts'

/** What each link has counted on its last day and in its month is what it paid then, less what went back. */
export const FAMILY_TIES: readonly BusinessTie[] = [
  {
    name: 'family.windows',
    table: 'family_links',
    differences: async (tx) =>
      (await selectSpentInWindows(tx)).flatMap(({ link, dayMinor, monthMinor, countedDayMinor, countedMonthMinor }) =>
        dayMinor === countedDayMinor && monthMinor === countedMonthMinor
          ? []
          : [
              {
                what: `link ${link}`,
                expected: `${dayMinor} on the day, ${monthMinor} in the month`,
                found: `${countedDayMinor}, ${countedMonthMinor}`,
              },
            ],
      ),
  },
]
