import { type AlipayRefusal, alipayBusinessRefusal } from '@huitong/formats'
import { err, type Result } from '@huitong/kernel'
import { alipayOutcome, alipayRefusal } from './alipay-outcome.ts'
import type { AlipayServices } from './alipay-services.ts'
import { PAY_CODES } from './alipay-sub-codes.ts'
import { authorisationReference } from './authorisation-queries.ts'
import { TILL_TRADE_LIFE } from './limits.ts'
import type { TradeAnswer } from './trade-answer.ts'
import type { OrderTerms } from './trade-decide.ts'

/** The products under which the platform turns what is frozen into a payment. */
const PRODUCTS: ReadonlySet<string> = new Set(['PRE_AUTH', 'PREAUTH_PAY', 'PRE_AUTH_ONLINE'])

export interface AskedCapture {
  readonly authNo: string
  /** `COMPLETE` gives the rest back; without it the rest stays frozen. */
  readonly mode: string | null
  /** The payer, where the merchant names one: it must be the one who authorised. */
  readonly buyerId: string | null
}

/** Pays an order of `alipay.trade.pay` out of an authorisation. */
export async function captureOrder(
  { committer, payments, people, queries }: AlipayServices,
  terms: OrderTerms,
  { authNo, mode, buyerId }: AskedCapture,
): Promise<Result<TradeAnswer, AlipayRefusal>> {
  const { product } = terms.details
  if (product !== undefined && !PRODUCTS.has(product)) {
    return err(
      alipayBusinessRefusal('ACQ.PRE_AUTH_PROD_CODE_INCONSISTENT', 'product_code is not one of authorisations'),
    )
  }
  const { authorisations } = queries
  const numbers = { merchant: terms.merchant, number: authNo, authorisationNumber: null }
  if (buyerId !== null) {
    const found = await authorisations.find(numbers)
    if (found === undefined) return err(alipayRefusal('authorisation_not_found', PAY_CODES))
    if ((await people.byUserId(buyerId))?.id !== found.payer) {
      return err(alipayBusinessRefusal('ACQ.PAYER_UNMATCHED', 'buyer_id is not the payer of the authorisation'))
    }
  }
  const reference = await authorisationReference(authorisations, numbers)
  const input = { ...terms, ...reference, final: mode === 'COMPLETE', life: TILL_TRADE_LIFE }
  return alipayOutcome(await committer.submit({ kind: payments.capture, input }), PAY_CODES)
}
