import { alipayBusinessRefusal } from '@huitong/formats'
import { err, type Micros, ok } from '@huitong/kernel'
import type { AlipayFields } from './alipay-fields.ts'
import { type AlipayCall, type AlipayResult, invalidField } from './alipay-method.ts'
import { minorOf, type OrderField, type OrderTime, orderDetails, orderFault, orderTime } from './alipay-order-fields.ts'
import type { AlipayServices } from './alipay-services.ts'
import type { SubCodes } from './alipay-sub-codes.ts'
import type { OrderTerms } from './trade-decide.ts'

export interface ReadOrder {
  readonly terms: OrderTerms
  readonly time: OrderTime
}

/** The order that the shared fields describe, for the merchant whose application calls. */
export async function readOrder(
  { people, clock }: AlipayServices,
  fields: AlipayFields<OrderField>,
  { application, content }: AlipayCall,
  codes: SubCodes,
  usualLife: Micros,
): Promise<{ readonly ok: true; readonly value: ReadOrder } | Extract<AlipayResult, { readonly ok: false }>> {
  const fault = orderFault(fields)
  if (fault !== undefined) return invalidField(codes, fault.field, fault.text)
  const sellerId = fields.text('seller_id')
  if (sellerId !== null && (await people.seller(application.merchantId))?.sellerNumber !== sellerId) {
    return err(alipayBusinessRefusal('ACQ.SELLER_NOT_EXIST', 'seller_id is not the merchant of this application'))
  }
  const terms: OrderTerms = {
    merchant: application.merchantId,
    orderNumber: fields.required('out_trade_no'),
    subject: fields.required('subject'),
    details: orderDetails(fields, content, application.appId, application.notifyUrl),
    totalMinor: minorOf(fields.required('total_amount')),
  }
  return ok({ terms, time: orderTime(fields, clock.now(), usualLife) })
}
