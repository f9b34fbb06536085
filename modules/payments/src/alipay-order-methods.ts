import { type AlipayRefusal, alipayWaiting } from '@huitong/formats'
import { err, ok, type Result } from '@huitong/kernel'
import { readPaymentCode } from '@huitong/party'
import { captureOrder } from './alipay-capture.ts'
import { ignored, notOffered, oneOf, text } from './alipay-field-rules.ts'
import { type AlipayMethod, type AlipayResult, alipayMethod, invalidField } from './alipay-method.ts'
import { ORDER_FIELDS } from './alipay-order-fields.ts'
import { alipayOutcome, alipayRefusal } from './alipay-outcome.ts'
import { type ReadOrder, readOrder } from './alipay-read-order.ts'
import type { AlipayServices } from './alipay-services.ts'
import { CREATE_CODES, PAY_CODES, PRECREATE_CODES } from './alipay-sub-codes.ts'
import { buyerFields, fundBills, paidAmounts, timeField, tradeNumbers } from './alipay-trade-answer.ts'
import { TILL_TRADE_LIFE, TRADE_LIFE } from './limits.ts'
import { drawOrderCodeToken, orderCodeHash } from './order-code.ts'
import { assessedCode } from './payer-proof.ts'
import type { TradeAnswer } from './trade-answer.ts'

/** Methods that begin an order: shown as a code, paid by the buyer's code, or made for a named buyer. */
export function alipayOrderMethods(services: AlipayServices): readonly AlipayMethod[] {
  return [precreate(services), pay(services), create(services)]
}

function precreate(services: AlipayServices): AlipayMethod {
  const { committer, payments, chance, orderCodeUrl } = services
  return alipayMethod({
    name: 'alipay.trade.precreate',
    kind: 'command',
    fields: ORDER_FIELDS,
    codes: PRECREATE_CODES,
    run: async (fields, call) => {
      const order = await readOrder(services, fields, call, PRECREATE_CODES, TILL_TRADE_LIFE)
      if (!order.ok) return order
      const token = drawOrderCodeToken(chance)
      const { terms, time } = order.value
      const input = { ...terms, tokenHash: orderCodeHash(token), tradeLife: time.life, tradeExpiresAt: time.expiresAt }
      const shown = alipayOutcome(await committer.submit({ kind: payments.precreate, input }), PRECREATE_CODES)
      if (!shown.ok) return shown
      return ok({ out_trade_no: shown.value.orderNumber, qr_code: orderCodeUrl(token) })
    },
  })
}

const PAY_FIELDS = {
  ...ORDER_FIELDS,
  scene: oneOf(['bar_code', 'security_code']),
  auth_code: text({ max: 64 }),
  auth_no: text({ max: 64 }),
  auth_confirm_mode: oneOf(['COMPLETE', 'NOT_COMPLETE']),
  agreement_params: notOffered('a payment by agreement'),
  buyer_id: text({ max: 28 }),
  buyer_open_id: notOffered('a buyer by open_id'),
  advance_payment_type: notOffered('an advance payment'),
  is_async_pay: ignored(),
  pay_params: ignored(),
  promo_params: ignored(),
  request_org_pid: text({ max: 32 }),
} as const

/** By the code that the buyer shows, or out of what an authorisation holds. */
function pay(services: AlipayServices): AlipayMethod {
  return alipayMethod({
    name: 'alipay.trade.pay',
    kind: 'command',
    fields: PAY_FIELDS,
    codes: PAY_CODES,
    run: async (fields, call) => {
      const order = await readOrder(services, fields, call, PAY_CODES, TILL_TRADE_LIFE)
      if (!order.ok) return order
      const authNo = fields.text('auth_no')
      const authCode = fields.text('auth_code')
      if (authNo !== null && authCode !== null)
        return invalidField(PAY_CODES, 'auth_no', 'and auth_code exclude each other')
      if (authNo !== null) {
        const asked = { authNo, mode: fields.text('auth_confirm_mode'), buyerId: fields.text('buyer_id') }
        return paidAnswer(services, await captureOrder(services, order.value.terms, asked))
      }
      if (authCode === null) return invalidField(PAY_CODES, 'auth_code', 'is missing')
      for (const name of ['auth_confirm_mode', 'buyer_id'] as const) {
        if (fields.has(name)) return invalidField(PAY_CODES, name, 'goes with auth_no, which is missing')
      }
      return paidAnswer(services, await payOrderByCode(services, order.value, authCode))
    },
  })
}

async function payOrderByCode({ committer, payments, vault }: AlipayServices, order: ReadOrder, authCode: string) {
  // A code of the wrong form is judged with the order all the same: an order that is paid already must be told so.
  const code = readPaymentCode(authCode, vault)
  const codeHash = code.ok ? code.value : vault.index('payment-code', '')
  const assessment = await assessedCode(payments, 'payment_code', order.terms.totalMinor)
  const input = { ...order.terms, codeHash, ...order.time, assessment }
  return alipayOutcome(await committer.submit({ kind: payments.payByCode, input }), PAY_CODES)
}

async function paidAnswer({ people }: AlipayServices, paid: Result<TradeAnswer, AlipayRefusal>): Promise<AlipayResult> {
  if (!paid.ok) return paid
  const { trade } = paid.value
  const about = {
    ...tradeNumbers(trade),
    ...buyerFields(await people.buyer(trade.buyer)),
    total_amount: trade.total,
  }
  // Its payer has to prove more, or staff look at it: the merchant queries until it is paid or closed, or calls it off.
  if (trade.paidAt === null) return ok(alipayWaiting(about))
  return ok({
    ...about,
    ...paidAmounts(trade),
    gmt_payment: timeField(trade.paidAt),
    ...fundBills(trade),
  })
}

const CREATE_FIELDS = {
  ...ORDER_FIELDS,
  buyer_id: text({ max: 28 }),
  buyer_logon_id: text({ max: 100 }),
  buyer_open_id: notOffered('a buyer by open_id'),
  op_app_id: text({ max: 32 }),
} as const

function create(services: AlipayServices): AlipayMethod {
  const { committer, payments, people } = services
  return alipayMethod({
    name: 'alipay.trade.create',
    kind: 'command',
    fields: CREATE_FIELDS,
    codes: CREATE_CODES,
    run: async (fields, call) => {
      const order = await readOrder(services, fields, call, CREATE_CODES, TRADE_LIFE)
      if (!order.ok) return order
      const userId = fields.text('buyer_id')
      const logonId = fields.text('buyer_logon_id')
      if (userId === null && logonId === null)
        return invalidField(CREATE_CODES, 'buyer_id', 'or buyer_logon_id is needed')
      const buyer = userId !== null ? await people.byUserId(userId) : await people.byLogonId(logonId ?? '')
      if (buyer === undefined) return err(alipayRefusal('customer_not_found', CREATE_CODES))
      const { terms, time } = order.value
      const input = { ...terms, buyer: buyer.id, ...time }
      const made = alipayOutcome(await committer.submit({ kind: payments.create, input }), CREATE_CODES)
      return made.ok ? ok(tradeNumbers(made.value.trade)) : made
    },
  })
}
