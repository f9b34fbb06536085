import type { CurrencyCode } from '@huitong/kernel'
import { type ChartLine, chartOf, headingsOf } from './chart.ts'
import type { InstitutionKind } from './institution-kind.ts'
import type { SubjectMovement } from './report-store.ts'
import { isCreditNormal, SUBJECTS, type SubjectClass, type SubjectCode } from './subjects.ts'

export const REPORTS = ['trial-balance', 'balance-sheet', 'income-statement'] as const

export type ReportName = (typeof REPORTS)[number]

/** One subject or heading. Opening and closing stand on the side on which the subject grows; headings are sums. */
interface ReportLine {
  readonly line: ChartLine
  readonly openingMinor: bigint
  readonly debitsMinor: bigint
  readonly creditsMinor: bigint
  readonly closingMinor: bigint
}

/** A report in one currency. */
export interface Report {
  readonly currency: CurrencyCode
  readonly lines: readonly ReportLine[]
  readonly debitsMinor: bigint
  readonly creditsMinor: bigint
  /** Income less expenses: of the period in an income statement, since the beginning in the others. */
  readonly resultMinor: bigint
  /** Whether what was there before, what moved, and what is there after each come to zero over the chart. */
  readonly balanced: boolean
}

/** Before a year is closed, or after. */
export type ReportClosing = 'before' | 'after'

/** Whether a report counts what closed a year. An income statement never does: it would show nothing of a closed year. */
export function countsYearEnd(name: ReportName, closing: ReportClosing): boolean {
  return name !== 'income-statement' && closing === 'after'
}

const CLASSES: Readonly<Record<ReportName, readonly SubjectClass[]>> = {
  'trial-balance': ['asset', 'liability', 'equity', 'income', 'expense'],
  'balance-sheet': ['asset', 'liability', 'equity'],
  'income-statement': ['income', 'expense'],
}

/**
 * Makes a report of what moved, one for each currency. All three are balanced by the same sums over the whole chart, also where a report
 * shows a part of it: a balance sheet balances when its result is counted with equity.
 */
export function makeReports(
  name: ReportName,
  kind: InstitutionKind,
  movements: readonly SubjectMovement[],
): readonly Report[] {
  const currencies = [...new Set(movements.map((movement) => movement.currency))]
  return currencies.map((currency) =>
    makeReport(
      name,
      kind,
      currency,
      movements.filter((movement) => movement.currency === currency),
    ),
  )
}

interface Sums {
  openingMinor: bigint
  debitsMinor: bigint
  creditsMinor: bigint
}

function makeReport(
  name: ReportName,
  kind: InstitutionKind,
  currency: CurrencyCode,
  movements: readonly SubjectMovement[],
): Report {
  const sums = new Map<SubjectCode, Sums>()
  let openingMinor = 0n
  let debitsMinor = 0n
  let creditsMinor = 0n
  let resultMinor = 0n
  for (const movement of movements) {
    const opening = movement.openingDebitsMinor - movement.openingCreditsMinor
    const isResult = CLASSES['income-statement'].includes(SUBJECTS[movement.subject].class)
    const moved = movement.creditsMinor - movement.debitsMinor
    if (isResult) resultMinor += name === 'income-statement' ? moved : moved - opening
    openingMinor += opening
    debitsMinor += movement.debitsMinor
    creditsMinor += movement.creditsMinor
    for (const code of [movement.subject, ...headingsOf(movement.subject)]) {
      const sum = sums.get(code) ?? { openingMinor: 0n, debitsMinor: 0n, creditsMinor: 0n }
      sum.openingMinor += opening
      sum.debitsMinor += movement.debitsMinor
      sum.creditsMinor += movement.creditsMinor
      sums.set(code, sum)
    }
  }
  const lines = chartOf(kind).flatMap((line) => {
    const sum = sums.get(line.code)
    if (sum === undefined || !CLASSES[name].includes(line.subject.class)) return []
    const sign = isCreditNormal(line.code) ? -1n : 1n
    const opening = name === 'income-statement' ? 0n : sum.openingMinor
    const closing = opening + sum.debitsMinor - sum.creditsMinor
    const { debitsMinor: debits, creditsMinor: credits } = sum
    return [
      { line, openingMinor: sign * opening, debitsMinor: debits, creditsMinor: credits, closingMinor: sign * closing },
    ]
  })
  const balanced = openingMinor === 0n && debitsMinor === creditsMinor
  return { currency, lines, debitsMinor, creditsMinor, resultMinor, balanced }
}
