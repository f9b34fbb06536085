import { type AlipayRefusal, alipayBusinessRefusal } from '@huitong/formats'
import { err, type JsonObject, ok, type Result } from '@huitong/kernel'
import { amount, ignored, list, oneOf, required, text } from './alipay-field-rules.ts'
import { type AlipayMethod, alipayMethod } from './alipay-method.ts'
import { minorOf } from './alipay-order-fields.ts'
import { alipayOutcome } from './alipay-outcome.ts'
import type { AlipayServices } from './alipay-services.ts'
import { readList } from './alipay-sharing-methods.ts'
import { REFUND_CODES, REFUND_QUERY_CODES } from './alipay-sub-codes.ts'
import { alipayTime } from './alipay-times.ts'
import { buyerFields, refundDetails, tradeNumbers } from './alipay-trade-answer.ts'
import { findNamedTrade, namedTradeReference, TRADE_REFERENCE_FIELDS } from './alipay-trade-reference.ts'
import { PAYMENT_MINOR_MAX, WALLET_CURRENCY } from './limits.ts'
import type { ShareReturn } from './share-commands.ts'
import { refundView } from './views.ts'

/** Refunds, and the question what became of one. */
export function alipayRefundMethods(services: AlipayServices): readonly AlipayMethod[] {
  return [refund(services), refundQuery(services)]
}

const REFUND_NUMBER = text({
  max: 64,
  pattern: /^[0-9A-Za-z_-]{1,64}$/,
  form: '1 to 64 letters, digits, hyphens and underscores',
})

const REFUND_FIELDS = {
  ...TRADE_REFERENCE_FIELDS,
  refund_amount: required(amount({ maxMinor: PAYMENT_MINOR_MAX })),
  out_request_no: REFUND_NUMBER,
  refund_reason: text({ max: 256 }),
  operator_id: text({ max: 30 }),
  store_id: text({ max: 32 }),
  terminal_id: text({ max: 32 }),
  query_options: ignored(),
  refund_goods_detail: ignored(65_536),
  refund_royalty_parameters: list(),
} as const

function refund(services: AlipayServices): AlipayMethod {
  const { committer, payments, people } = services
  return alipayMethod({
    name: 'alipay.trade.refund',
    kind: 'command',
    fields: REFUND_FIELDS,
    codes: REFUND_CODES,
    run: async (fields, { application, content }) => {
      const reference = await namedTradeReference(services, application.merchantId, fields, REFUND_CODES)
      if (!reference.ok) return reference
      const returns = await readReturns(services, content)
      if (!returns.ok) return returns
      const input = {
        ...reference.value,
        ...(returns.value.length === 0 ? {} : { returns: returns.value }),
        refundNumber: fields.text('out_request_no'),
        amountMinor: minorOf(fields.required('refund_amount')),
        reason: fields.text('refund_reason'),
      }
      const made = alipayOutcome(await committer.submit({ kind: payments.refund, input }), REFUND_CODES)
      if (!made.ok) return made
      const { trade, refund: done, changed } = made.value
      return ok({
        ...tradeNumbers(trade),
        ...buyerFields(await people.buyer(trade.buyer)),
        fund_change: changed ? 'Y' : 'N',
        // All refunds of the trade so far, as on the platform; this one is told in send_back_fee.
        refund_fee: trade.refunded,
        send_back_fee: done.amount,
        gmt_refund_pay: alipayTime(done.createdAt),
        ...refundDetails(done),
      })
    },
  })
}

/** A share that comes back with a refund: `trans_out` is the receiver, who got it of this payment. */
const RETURN_FIELDS = {
  royalty_type: oneOf(['transfer']),
  trans_out: required(text({ max: 100 })),
  trans_out_type: oneOf(['userId', 'loginName']),
  trans_in: text({ max: 64 }),
  trans_in_type: oneOf(['userId']),
  amount: required(amount({ maxMinor: PAYMENT_MINOR_MAX })),
  desc: text({ max: 128 }),
  royalty_scene: text({ max: 64 }),
  trans_in_name: text({ max: 64 }),
} as const

async function readReturns(
  { people }: AlipayServices,
  content: JsonObject,
): Promise<Result<readonly ShareReturn[], AlipayRefusal>> {
  const given = content.refund_royalty_parameters
  if (given === undefined || given === null || given === '') return ok([])
  const rows = readList(given, 'refund_royalty_parameters', RETURN_FIELDS, REFUND_CODES)
  if (!rows.ok) return rows
  const returns: ShareReturn[] = []
  for (const row of rows.value) {
    const account = row.required('trans_out')
    const byLogon = row.text('trans_out_type') === 'loginName'
    const found = byLogon ? await people.byLogonId(account) : await people.byUserId(account)
    if (found === undefined) {
      return err(alipayBusinessRefusal('ACQ.REFUND_ROYALTY_PAYEE_ACCOUNT_NOT_EXIST', 'There is no such receiver.'))
    }
    returns.push({ customer: found.id, amountMinor: minorOf(row.required('amount')) })
  }
  return ok(returns)
}

function refundQuery(services: AlipayServices): AlipayMethod {
  const { queries } = services
  return alipayMethod({
    name: 'alipay.trade.fastpay.refund.query',
    kind: 'query',
    fields: {
      ...TRADE_REFERENCE_FIELDS,
      out_request_no: required(text({ max: 64 })),
      query_options: ignored(),
      org_pid: text({ max: 32 }),
    },
    codes: REFUND_QUERY_CODES,
    run: async (fields, { application }) => {
      const found = await findNamedTrade(services, application.merchantId, fields, REFUND_QUERY_CODES)
      if (!found.ok) return found
      const trade = found.value
      const made = await queries.refund(trade.id, fields.required('out_request_no'))
      // No refund under this number: the trade is known, and nothing is said of a refund.
      if (made === undefined) return ok(tradeNumbers(trade))
      const view = refundView(made, WALLET_CURRENCY)
      return ok({
        ...tradeNumbers(trade),
        out_request_no: view.refundNumber,
        refund_reason: view.reason ?? undefined,
        total_amount: trade.total,
        refund_amount: view.amount,
        refund_status: 'REFUND_SUCCESS',
        gmt_refund_pay: alipayTime(view.createdAt),
        ...refundDetails(view),
      })
    },
  })
}
