import { SUBJECTS, type SubjectClass } from './subjects.ts'
import { type AccountReplay, CREDITS_POSTED, DEBITS_POSTED } from './verify-accounts.ts'
import type { FindingList } from './verify-finding.ts'

/** Sums over all accounts of one currency, in minor units. Classes are on the side on which they grow. */
export interface CurrencyTotals {
  readonly currency: string
  readonly debitsMinor: bigint
  readonly creditsMinor: bigint
  readonly classes: Readonly<Record<SubjectClass, bigint>>
}

/** Per currency: all debits = all credits, and assets + expenses = liabilities + equity + income. */
export function totalsOf(accounts: AccountReplay, findings: FindingList): readonly CurrencyTotals[] {
  const sums = new Map<string, { debits: bigint; credits: bigint; classes: Record<SubjectClass, bigint> }>()
  for (const [, place] of accounts.all()) {
    const opening = accounts.opening(place)
    if (opening === undefined) continue
    let sum = sums.get(opening.currency)
    if (sum === undefined) {
      sum = { debits: 0n, credits: 0n, classes: { asset: 0n, liability: 0n, equity: 0n, income: 0n, expense: 0n } }
      sums.set(opening.currency, sum)
    }
    sum.debits += accounts.counter(place, DEBITS_POSTED)
    sum.credits += accounts.counter(place, CREDITS_POSTED)
    sum.classes[SUBJECTS[opening.subject].class] += accounts.normalBalance(place)
  }
  const totals: CurrencyTotals[] = []
  for (const [currency, { debits, credits, classes }] of sums) {
    const used = classes.asset + classes.expense
    const owed = classes.liability + classes.equity + classes.income
    if (debits !== credits) {
      const facts = { what: `debits and credits in ${currency}`, expected: String(debits), found: String(credits) }
      findings.add('totals_not_balanced', facts)
    } else if (used !== owed) {
      const facts = {
        what: `both sides of the balance sheet in ${currency}`,
        expected: String(used),
        found: String(owed),
      }
      findings.add('totals_not_balanced', facts)
    }
    totals.push({ currency, debitsMinor: debits, creditsMinor: credits, classes })
  }
  return totals
}
