import type { CurrencyCode } from '@huitong/kernel'
import type { InstitutionKind } from './institution-kind.ts'
import type { LedgerRefusalCode } from './ledger-refusals.ts'
import { SUBJECTS, type Subject, type SubjectCode, subjectCode } from './subjects.ts'
import type { TransferCode } from './transfer.ts'

/** A subject in its place: the headings above it, outermost first. */
export interface ChartLine {
  readonly code: SubjectCode
  readonly subject: Subject
  /** 0 for the heading of a class. */
  readonly depth: number
}

/** All subjects in the order of a report: each heading, then what it sums up. */
const LINES: readonly ChartLine[] = linesUnder(null, 0)

/** The chart of accounts of a kind of institution, in the order of a report. */
export function chartOf(kind: InstitutionKind): readonly ChartLine[] {
  return LINES.filter((line) => isInChart(line.subject, kind))
}

/** Why no account may be opened on a subject in this currency; undefined when it may. In order of precedence. */
export function chartForbids(
  kind: InstitutionKind,
  code: SubjectCode,
  currency: CurrencyCode,
): Extract<LedgerRefusalCode, `subject_${string}`> | undefined {
  const subject: Subject = SUBJECTS[code]
  if (!isInChart(subject, kind)) return 'subject_not_in_chart'
  if (!subject.posting) return 'subject_is_heading'
  if (subject.currencies !== 'any' && !subject.currencies.includes(currency)) return 'subject_not_in_currency'
  return undefined
}

/** The heading of the heading, and so on up to the class. */
export function headingsOf(code: SubjectCode): readonly SubjectCode[] {
  const { parent }: Subject = SUBJECTS[code]
  const above = parent === null ? undefined : subjectCode(parent)
  return above === undefined ? [] : [above, ...headingsOf(above)]
}

/**
 * Purposes for which money that is held for others may become income of the institution: a fee, the spread of an exchange, and taking back
 * what had gone the other way. With any other code such a transfer is
 * refused: a mistaken account number must not turn customers' money into fees.
 */
const EARNING_CODES: ReadonlySet<TransferCode> = new Set<TransferCode>(['merchant_fee', 'exchange', 'reversal'])

/** Whether the chart allows a transfer of this purpose from the debited to the credited subject. */
export function pairAllowed(debit: SubjectCode, credit: SubjectCode, code: TransferCode): boolean {
  return SUBJECTS[credit].class !== 'income' || SUBJECTS[debit].heldFor === 'institution' || EARNING_CODES.has(code)
}

function isInChart({ kinds }: Subject, kind: InstitutionKind): boolean {
  return kinds === 'all' || kinds.includes(kind)
}

function linesUnder(parent: string | null, depth: number): readonly ChartLine[] {
  return subjectCodes()
    .filter((code) => SUBJECTS[code].parent === parent)
    .flatMap((code) => [{ code, subject: SUBJECTS[code], depth }, ...linesUnder(code, depth + 1)])
}

function subjectCodes(): readonly SubjectCode[] {
  return Object.keys(SUBJECTS)
    .map(subjectCode)
    .filter((code) => code !== undefined)
    .sort()
}
