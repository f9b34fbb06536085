import { type AlipayRefusal, alipayBusinessRefusal } from '@huitong/formats'
import { err, ok, type Result } from '@huitong/kernel'
import { amount, ignored, list, notOffered, oneOf, record, required, text } from './alipay-field-rules.ts'
import { readAlipayFields } from './alipay-fields.ts'
import { type AlipayMethod, alipayMethod, invalidField } from './alipay-method.ts'
import { minorOf } from './alipay-order-fields.ts'
import { alipayOutcome } from './alipay-outcome.ts'
import type { AlipayServices } from './alipay-services.ts'
import { readList } from './alipay-sharing-methods.ts'
import { CONFIRM_CODES } from './alipay-sub-codes.ts'
import { namedTradeReference, TRADE_REFERENCE_FIELDS } from './alipay-trade-reference.ts'
import { PAYMENT_MINOR_MAX } from './limits.ts'

/** Settling payments whose order asked, by `settle_info.settle_period_time`, that this waits for their merchant. */
export function alipaySettleMethods(services: AlipayServices): readonly AlipayMethod[] {
  return [confirm(services)]
}

const CONFIRM_FIELDS = {
  out_request_no: required(
    text({
      max: 64,
      pattern: /^[0-9A-Za-z_-]{1,64}$/,
      form: '1 to 64 letters, digits, hyphens and underscores',
    }),
  ),
  trade_no: required(TRADE_REFERENCE_FIELDS.trade_no),
  settle_info: record(),
  extend_params: record(),
} as const

const SETTLE_INFO_FIELDS = {
  settle_detail_infos: list(),
  settle_period_time: notOffered('another period for a payment that was made'),
  merchant_type: ignored(32),
} as const

const DETAIL_FIELDS = {
  trans_in_type: required(oneOf(['defaultSettle', 'userId'])),
  trans_in: text({ max: 64 }),
  amount: required(amount({ maxMinor: PAYMENT_MINOR_MAX })),
  actual_amount: notOffered('another amount than that of the trade'),
  summary_dimension: ignored(64),
  settle_entity_id: ignored(64),
  settle_entity_type: ignored(32),
} as const

const EXTEND_FIELDS = { royalty_freeze: oneOf(['true', 'false']) } as const

function confirm(services: AlipayServices): AlipayMethod {
  const { committer, payments } = services
  return alipayMethod({
    name: 'alipay.trade.settle.confirm',
    kind: 'command',
    fields: CONFIRM_FIELDS,
    codes: CONFIRM_CODES,
    run: async (fields, { application }) => {
      const info = readAlipayFields(fields.object('settle_info'), SETTLE_INFO_FIELDS, 'settle_info.')
      if (!info.ok) return invalidField(CONFIRM_CODES, info.error.field, info.error.text)
      const extend = readAlipayFields(fields.object('extend_params'), EXTEND_FIELDS, 'extend_params.')
      if (!extend.ok) return invalidField(CONFIRM_CODES, extend.error.field, extend.error.text)
      const details = fields.object('settle_info').settle_detail_infos
      const amountMinor = info.value.has('settle_detail_infos')
        ? await readAmount(details, application.merchantId)
        : ok(null)
      if (!amountMinor.ok) return amountMinor
      const named = readAlipayFields({ trade_no: fields.required('trade_no') }, TRADE_REFERENCE_FIELDS)
      if (!named.ok) return invalidField(CONFIRM_CODES, named.error.field, named.error.text)
      const reference = await namedTradeReference(services, application.merchantId, named.value, CONFIRM_CODES)
      if (!reference.ok) return reference
      const freeze = extend.value.text('royalty_freeze')
      const input = {
        ...reference.value,
        requestNumber: fields.required('out_request_no'),
        amountMinor: amountMinor.value,
        forSharing: freeze === null ? null : freeze === 'true',
      }
      const done = alipayOutcome(await committer.submit({ kind: payments.settle, input }), CONFIRM_CODES)
      if (!done.ok) return done
      const { trade, step } = done.value
      return ok({ trade_no: trade.tradeNumber, out_request_no: step.requestNumber, settle_amount: step.settled })
    },
  })

  /** The sum of what is settled. All of it goes to the merchant of the trade: to itself, or to what it is by default. */
  async function readAmount(
    details: Parameters<typeof readList>[0],
    merchant: number,
  ): Promise<Result<bigint, AlipayRefusal>> {
    const rows = readList(details, 'settle_info.settle_detail_infos', DETAIL_FIELDS, CONFIRM_CODES)
    if (!rows.ok) return rows
    const seller = await services.people.seller(merchant)
    let sum = 0n
    for (const row of rows.value) {
      const account = row.text('trans_in')
      if (row.required('trans_in_type') === 'userId' && account !== seller?.sellerNumber) {
        return err(alipayBusinessRefusal('ACQ.SETTLE_ACCOUNT_INVALID', 'trans_in is not the merchant of the trade'))
      }
      sum += minorOf(row.required('amount'))
    }
    return ok(sum)
  }
}
