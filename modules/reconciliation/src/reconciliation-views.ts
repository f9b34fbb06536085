import { CurrencyText, Day, PublicId, SignedAmountText, Timestamp } from '@huitong/contract'
import { formatAmount, microsToIso, publicId } from '@huitong/kernel'
import Type from 'typebox'
import { DIFFERENCE_KINDS, MATCH_RULES, type MatchRule } from './match.ts'
import { STATEMENT_FORMATS } from './statement-file.ts'
import { DIFFERENCE_STATES, type Statement, type StoredDifference } from './statement-store.ts'

export const STATEMENT_ID = 'rstm'
export const DIFFERENCE_ID = 'rdif'
const ACCOUNT_ID = 'acct'
const TRANSFER_ID = 'tran'
const NullableTransfer = Type.Union([PublicId(TRANSFER_ID), Type.Null()])

export const StatementBody = Type.Object(
  {
    id: PublicId(STATEMENT_ID),
    account: PublicId(ACCOUNT_ID),
    format: Type.Enum([...STATEMENT_FORMATS]),
    firstDay: Day,
    lastDay: Day,
    windowDays: Type.Integer(),
    lines: Type.Integer(),
    matched: Type.Integer({ description: 'Lines that entries were found for' }),
    differing: Type.Integer({ description: 'Differences of either side' }),
    madeAt: Timestamp,
    madeBy: Type.String(),
    rules: Type.Optional(Type.Partial(Type.Object(ruleCounts()))),
  },
  { $id: 'ReconciliationStatement' },
)

function ruleCounts() {
  const count = Type.Integer()
  return { exact: count, reference: count, group: count, similar_reference: count, amount: count } satisfies Record<
    MatchRule,
    typeof count
  >
}

export function statementBody(statement: Statement, rules?: ReadonlyMap<MatchRule, number>) {
  const { firstDay, lastDay, windowDays, lines, matched, differing, madeBy } = statement
  return {
    ...{ id: publicId(STATEMENT_ID, statement.id), account: publicId(ACCOUNT_ID, statement.account) },
    format: statement.format === 'csv' ? ('csv' as const) : ('camt.053' as const),
    ...{ firstDay, lastDay, windowDays, lines, matched, differing },
    ...{ madeAt: microsToIso(statement.madeAt), madeBy },
    ...(rules === undefined
      ? {}
      : { rules: Object.fromEntries(MATCH_RULES.map((rule) => [rule, rules.get(rule) ?? 0])) }),
  }
}

export const DifferenceBody = Type.Object(
  {
    id: PublicId(DIFFERENCE_ID),
    statement: PublicId(STATEMENT_ID),
    account: PublicId(ACCOUNT_ID),
    kind: Type.Enum([...DIFFERENCE_KINDS]),
    state: Type.Enum([...DIFFERENCE_STATES]),
    day: Day,
    ageDays: Type.Integer({ description: 'Days since it was found, while it is open' }),
    line: Type.Union([Type.Integer(), Type.Null()]),
    transfer: NullableTransfer,
    amount: SignedAmountText,
    currency: CurrencyText,
    reference: Type.String(),
    text: Type.String(),
    resolvedBy: NullableTransfer,
    note: Type.Union([Type.String(), Type.Null()]),
    foundAt: Timestamp,
  },
  { $id: 'ReconciliationDifference' },
)

const DAY_MICROS = 86_400_000_000

export function differenceBody(of: StoredDifference, now: number) {
  const { kind, state, day, line, currency, reference, text, note } = of
  const transferOf = (id: number | null) => (id === null ? null : publicId(TRANSFER_ID, id))
  return {
    ...{ id: publicId(DIFFERENCE_ID, of.id), statement: publicId(STATEMENT_ID, of.statement) },
    ...{ account: publicId(ACCOUNT_ID, of.account), kind, state, day, line, transfer: transferOf(of.transfer) },
    ageDays: state === 'open' ? Math.max(0, Math.floor((now - of.foundAt) / DAY_MICROS)) : 0,
    ...{ amount: formatAmount(of.minor, currency), currency, reference, text, resolvedBy: transferOf(of.resolvedBy) },
    ...{ note, foundAt: microsToIso(of.foundAt) },
  }
}
