import { CurrencyText, SignedAmountText } from '@huitong/contract'
import { formatAmount } from '@huitong/kernel'
import Type from 'typebox'
import type { Report } from './report.ts'

const ReportLineBody = Type.Object({
  code: Type.String(),
  name: Type.String(),
  nameZh: Type.String(),
  depth: Type.Integer(),
  heading: Type.Boolean(),
  opening: SignedAmountText,
  debits: SignedAmountText,
  credits: SignedAmountText,
  closing: SignedAmountText,
})

export const ReportBody = Type.Object(
  {
    currency: CurrencyText,
    lines: Type.Array(ReportLineBody),
    debits: SignedAmountText,
    credits: SignedAmountText,
    result: SignedAmountText,
    balanced: Type.Boolean({ description: 'Whether everything comes to zero over the whole chart' }),
  },
  { $id: 'LedgerReport' },
)

/** How a report looks from outside: amounts as text. */
export function reportBody({ currency, lines, debitsMinor, creditsMinor, resultMinor, balanced }: Report) {
  const text = (minor: bigint) => formatAmount(minor, currency)
  return {
    currency,
    lines: lines.map(({ line, ...sums }) => ({
      ...{ code: line.code, name: line.subject.name, nameZh: line.subject.nameZh, depth: line.depth },
      heading: !line.subject.posting,
      ...{ opening: text(sums.openingMinor), debits: text(sums.debitsMinor) },
      ...{ credits: text(sums.creditsMinor), closing: text(sums.closingMinor) },
    })),
    ...{ debits: text(debitsMinor), credits: text(creditsMinor), result: text(resultMinor), balanced },
  }
}

/** Comma-separated, one line a subject, headings among them (RFC 4180). */
export function reportCsv(reports: readonly Report[]): string {
  const rows = reports
    .map(reportBody)
    .flatMap(({ currency, lines }) =>
      lines.map((line) => [
        ...[currency, line.code, quoted(line.name), quoted(line.nameZh), line.heading ? 'heading' : 'subject'],
        ...[line.opening, line.debits, line.credits, line.closing],
      ]),
    )
  return [HEADER, ...rows].map((row) => `${row.join(',')}\r\n`).join('')
}

const HEADER = ['currency', 'subject', 'name', 'name_zh', 'kind', 'opening', 'debits', 'credits', 'closing']

function quoted(text: string): string {
  return `"${text.replaceAll('"', '""')}"`
}
