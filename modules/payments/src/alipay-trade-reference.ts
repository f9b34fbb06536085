import type { AlipayRefusal } from '@huitong/formats'
import { err, ok, type Result } from '@huitong/kernel'
import { text } from './alipay-field-rules.ts'
import type { AlipayFields } from './alipay-fields.ts'
import { invalidField } from './alipay-method.ts'
import { alipayRefusal } from './alipay-outcome.ts'
import type { AlipayServices } from './alipay-services.ts'
import type { SubCodes } from './alipay-sub-codes.ts'
import type { TradeReference } from './context.ts'
import { type TradeNumbers, tradeReference } from './payments-queries.ts'
import { type TradeView, tradeView } from './views.ts'

/** How a merchant names a trade. When both are given, `trade_no` decides. */
export const TRADE_REFERENCE_FIELDS = {
  trade_no: text({ max: 64 }),
  // Looser than for a new order: a number that no order can have is not found, which says more than that it is malformed.
  out_trade_no: text({ max: 64 }),
} as const

type ReferenceFields = AlipayFields<keyof typeof TRADE_REFERENCE_FIELDS>

/** The trade that a query means. Another merchant's is as unknown as one that does not exist. */
export async function findNamedTrade(
  { queries }: AlipayServices,
  merchant: number,
  fields: ReferenceFields,
  codes: SubCodes,
): Promise<Result<TradeView, AlipayRefusal>> {
  const numbers = readNumbers(merchant, fields, codes)
  if (!numbers.ok) return numbers
  const found = await queries.findTrade(numbers.value)
  return found === undefined ? err(alipayRefusal('trade_not_found', codes)) : ok(tradeView(found))
}

/** The trade that a command means. */
export async function namedTradeReference(
  { queries }: AlipayServices,
  merchant: number,
  fields: ReferenceFields,
  codes: SubCodes,
): Promise<Result<TradeReference, AlipayRefusal>> {
  const numbers = readNumbers(merchant, fields, codes)
  return numbers.ok ? ok(await tradeReference(queries, numbers.value)) : numbers
}

function readNumbers(merchant: number, fields: ReferenceFields, codes: SubCodes): Result<TradeNumbers, AlipayRefusal> {
  const tradeNumber = fields.text('trade_no')
  const orderNumber = fields.text('out_trade_no')
  if (tradeNumber === null && orderNumber === null) return invalidField(codes, 'trade_no', 'or out_trade_no is needed')
  return ok({ merchant, tradeNumber, orderNumber })
}
