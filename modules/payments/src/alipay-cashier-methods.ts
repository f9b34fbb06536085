import type { AlipayRefusal } from '@huitong/formats'
import { ok, type Result } from '@huitong/kernel'
import { ignored, notOffered, oneOf, required, text } from './alipay-field-rules.ts'
import { type AlipayFields, readAlipayFields } from './alipay-fields.ts'
import { type AlipayCall, invalidField } from './alipay-method.ts'
import { ADDRESS, ORDER_FIELDS, type OrderField } from './alipay-order-fields.ts'
import { alipayOutcome } from './alipay-outcome.ts'
import { readOrder } from './alipay-read-order.ts'
import type { AlipayServices } from './alipay-services.ts'
import { PRECREATE_CODES } from './alipay-sub-codes.ts'
import { TRADE_LIFE } from './limits.ts'
import { drawOrderCodeToken, orderCodeHash } from './order-code.ts'

/** A method that shows a page to the buyer instead of answering the merchant: it gives the token of an order code. */
export interface AlipayCashierMethod {
  readonly name: string
  readonly open: (call: AlipayCall) => Promise<Result<string, AlipayRefusal>>
}

/** The products of web payments, and the method that each belongs to. */
export const CASHIER_PRODUCTS = {
  FAST_INSTANT_TRADE_PAY: 'alipay.trade.page.pay',
  QUICK_WAP_WAY: 'alipay.trade.wap.pay',
} as const

const COMMON = {
  ...ORDER_FIELDS,
  goods_type: oneOf(['0', '1']),
  promo_params: ignored(),
  invoice_info: ignored(),
  agreement_sign_params: notOffered('an agreement to be signed with the payment'),
  request_from_url: text({ max: 256 }),
} as const

const PAGE_FIELDS = {
  ...COMMON,
  product_code: required(oneOf(['FAST_INSTANT_TRADE_PAY'])),
  qr_pay_mode: oneOf(['0', '1', '2', '3', '4']),
  qrcode_width: text({ max: 4, pattern: /^[0-9]{1,4}$/, form: 'a width in pixels' }),
  integration_type: oneOf(['PCWEB', 'ALIAPP']),
} as const

const WAP_FIELDS = {
  ...COMMON,
  product_code: required(oneOf(['QUICK_WAP_WAY'])),
  // Required by the platform; clients of ours may do without a way back.
  quit_url: ADDRESS,
  auth_token: notOffered('a buyer who was signed in elsewhere'),
  specified_channel: notOffered('a channel other than the balance'),
} as const

/**
 * `alipay.trade.page.pay` and `alipay.trade.wap.pay`. As with a code that is shown on a screen, there is no trade before a buyer
 * continues; opening the same order again gives one more page of the same order, so a reload does no harm.
 */
export function alipayCashierMethods(services: AlipayServices): readonly AlipayCashierMethod[] {
  return [
    {
      name: CASHIER_PRODUCTS.FAST_INSTANT_TRADE_PAY,
      open: async (call) => {
        const fields = readAlipayFields(call.content, PAGE_FIELDS)
        if (!fields.ok) return invalidField(PRECREATE_CODES, fields.error.field, fields.error.text)
        return showOrder(services, call, fields.value, null)
      },
    },
    {
      name: CASHIER_PRODUCTS.QUICK_WAP_WAY,
      open: async (call) => {
        const fields = readAlipayFields(call.content, WAP_FIELDS)
        if (!fields.ok) return invalidField(PRECREATE_CODES, fields.error.field, fields.error.text)
        return showOrder(services, call, fields.value, fields.value.text('quit_url'))
      },
    },
  ]
}

async function showOrder(
  services: AlipayServices,
  call: AlipayCall,
  fields: AlipayFields<OrderField>,
  quitUrl: string | null,
): Promise<Result<string, AlipayRefusal>> {
  const order = await readOrder(services, fields, call, PRECREATE_CODES, TRADE_LIFE)
  if (!order.ok) return order
  const { terms, time } = order.value
  const details = quitUrl === null ? terms.details : { ...terms.details, quit_url: quitUrl }
  const token = drawOrderCodeToken(services.chance)
  const input = {
    ...terms,
    details,
    tokenHash: orderCodeHash(token),
    tradeLife: time.life,
    tradeExpiresAt: time.expiresAt,
  }
  const { committer, payments } = services
  const shown = alipayOutcome(await committer.submit({ kind: payments.precreate, input }), PRECREATE_CODES)
  return shown.ok ? ok(token) : shown
}
