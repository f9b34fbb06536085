import { CNY, err, invariant, type JsonObject, type Micros, ok, parseAmount, type Result } from '@huitong/kernel'
import { readNotifyUrl } from '@huitong/party'
import { alipayDiscountTerms } from './alipay-discount-terms.ts'
import { amount, type FieldRule, ignored, notOffered, oneOf, parsed, required, text } from './alipay-field-rules.ts'
import { type AlipayFieldFault, type AlipayFields, type FieldTable, readAlipayFields } from './alipay-fields.ts'
import { endOfLife, readAlipayLife, readAlipayTime } from './alipay-times.ts'
import { deferralDetail } from './deferral.ts'
import { discountDetails } from './discount-terms.ts'
import { PAYMENT_MINOR_MAX } from './limits.ts'
import type { TradeDetail, TradeDetails } from './trade.ts'

/*
 * The fields that precreate, pay and create share. Those of the platform that mean nothing here are taken and judged for size only;
 * those that would send money elsewhere than we do are refused, since leaving them out would not be what was asked.
 */

const OUT_TRADE_NO = text({
  max: 64,
  pattern: /^[0-9A-Za-z_]{1,64}$/,
  form: '1 to 64 letters, digits and underscores',
})

const LIFE: FieldRule = parsed((written) => {
  const read = readAlipayLife(written)
  return read.ok ? ok(written) : read
})

export const ADDRESS: FieldRule = parsed((written) => {
  const read = readNotifyUrl(written)
  return read.ok ? ok(written) : err('must be an http or https address of at most 256 characters')
})

const CHANNELS = text({ max: 256, pattern: /^\w+(?:,\w+)*$/, form: 'names of channels, separated by commas' })

export const ORDER_FIELDS = {
  out_trade_no: required(OUT_TRADE_NO),
  total_amount: required(amount({ maxMinor: PAYMENT_MINOR_MAX })),
  subject: required(
    text({ max: 256, pattern: /^[^/=&]+$/, form: '1 to 256 characters without /, =, & and control characters' }),
  ),
  product_code: text({ max: 64 }),
  seller_id: text({ max: 28 }),
  body: text({ max: 400 }),
  operator_id: text({ max: 28 }),
  store_id: text({ max: 32 }),
  terminal_id: text({ max: 32 }),
  passback_params: text({ max: 512 }),
  timeout_express: LIFE,
  time_expire: parsed((written) => {
    const read = readAlipayTime(written)
    return read.ok ? ok(written) : read
  }),
  discountable_amount: amount({ maxMinor: PAYMENT_MINOR_MAX, allowZero: true }),
  undiscountable_amount: amount({ maxMinor: PAYMENT_MINOR_MAX, allowZero: true }),
  enable_pay_channels: CHANNELS,
  disable_pay_channels: CHANNELS,
  notify_url: ADDRESS,
  return_url: ADDRESS,
  goods_detail: ignored(65_536),
  extend_params: ignored(),
  query_options: ignored(),
  business_params: ignored(),
  ext_user_info: ignored(),
  settle_info: ignored(),
  sub_merchant: ignored(),
  merchant_order_no: text({ max: 64 }),
  code_type: text({ max: 64 }),
  qr_code_timeout_express: LIFE,
  royalty_info: notOffered('profit sharing'),
} as const satisfies FieldTable<string>

export type OrderField = keyof typeof ORDER_FIELDS
type OrderFields = AlipayFields<OrderField>

/** What rules over single fields cannot say. */
export function orderFault(fields: OrderFields): AlipayFieldFault | undefined {
  const discountable = fields.text('discountable_amount')
  const undiscountable = fields.text('undiscountable_amount')
  if (discountable !== null && undiscountable !== null) {
    const sum = minorOf(discountable) + minorOf(undiscountable)
    if (sum !== minorOf(fields.required('total_amount'))) {
      return { field: 'total_amount', text: 'must be the sum of discountable_amount and undiscountable_amount' }
    }
  }
  const settlement = orderSettlement(fields)
  if (!settlement.ok) return settlement.error
  return channelFault(fields.text('enable_pay_channels'), fields.text('disable_pay_channels'))
}

const PERIOD_FIELDS = {
  settle_period_time: text({
    max: 4,
    pattern: /^(?:[1-9][0-9]?|[12][0-9]{2}|3[0-5][0-9]|36[0-5])d$/,
    form: '1d to 365d',
  }),
} as const
const FREEZE_FIELDS = { royalty_freeze: oneOf(['true', 'false']) } as const

/**
 * When the payment is settled, as a detail of the order: `settle_info.settle_period_time` lets it wait for `alipay.trade.settle.confirm`,
 * `extend_params.royalty_freeze` for its sharing. What else these objects have means nothing here.
 */
function orderSettlement(fields: OrderFields): Result<string | undefined, AlipayFieldFault> {
  const { settle_period_time = null } = fields.object('settle_info')
  const period = readAlipayFields({ settle_period_time }, PERIOD_FIELDS, 'settle_info.')
  if (!period.ok) return period
  const { royalty_freeze = null } = fields.object('extend_params')
  const freeze = readAlipayFields({ royalty_freeze }, FREEZE_FIELDS, 'extend_params.')
  if (!freeze.ok) return freeze
  const days = period.value.text('settle_period_time')?.slice(0, -1)
  const forSharing = freeze.value.text('royalty_freeze') === 'true'
  return ok(deferralDetail({ confirmWithinDays: days === undefined ? null : Number(days), forSharing }))
}

// An order that excludes the balance must not be paid from it; and without it hardly any could be paid.
function channelFault(enabled: string | null, disabled: string | null): AlipayFieldFault | undefined {
  if (enabled !== null && disabled !== null) {
    return { field: 'enable_pay_channels', text: 'and disable_pay_channels exclude each other' }
  }
  if (enabled !== null && !enabled.split(',').includes('balance')) {
    return { field: 'enable_pay_channels', text: 'must include balance' }
  }
  if (disabled?.split(',').includes('balance') === true) {
    return { field: 'disable_pay_channels', text: 'must not include balance' }
  }
  return undefined
}

/** The amount of a judged field, in fen. */
export function minorOf(written: string): bigint {
  return judged(parseAmount(written, CNY, { allowZero: true }))
}

/** How long the order waits for payment: for `life`, or until `expiresAt` when that is set. */
export interface OrderTime {
  readonly life: Micros
  readonly expiresAt: Micros | null
}

/** `time_expire` wins; then the life of the scanned code, where there is one, and the life of the order. */
export function orderTime(fields: OrderFields, now: Micros, usual: Micros): OrderTime {
  const until = fields.text('time_expire')
  if (until !== null) return { life: usual, expiresAt: judged(readAlipayTime(until)) }
  const written = fields.text('qr_code_timeout_express') ?? fields.text('timeout_express')
  if (written === null) return { life: usual, expiresAt: null }
  const life = judged(readAlipayLife(written))
  return 'micros' in life ? { life: life.micros, expiresAt: null } : { life: usual, expiresAt: endOfLife(life, now) }
}

/** What the merchant gets back unread. */
export function orderDetails(
  fields: OrderFields,
  content: JsonObject,
  appId: string,
  defaultNotifyUrl: string | null,
): TradeDetails {
  const given: readonly (readonly [TradeDetail, string | null])[] = [
    ['application', appId],
    ['body', fields.text('body')],
    ['notify_url', fields.text('notify_url') ?? defaultNotifyUrl],
    ['operator', fields.text('operator_id')],
    ['passback', fields.text('passback_params')],
    ['product', fields.text('product_code')],
    ['return_url', fields.text('return_url')],
    ['settlement', judged(orderSettlement(fields)) ?? null],
    ['store', fields.text('store_id')],
    ['terminal', fields.text('terminal_id')],
  ]
  const details: { [Name in TradeDetail]?: string } = {}
  for (const [name, value] of given) if (value !== null) details[name] = value
  return { ...details, ...discountDetails(alipayDiscountTerms(fields, content, discountableMinor(fields))) }
}

/** What is not discountable is said one way or the other; null where all of it is. */
function discountableMinor(fields: OrderFields): bigint | null {
  const discountable = fields.text('discountable_amount')
  if (discountable !== null) return minorOf(discountable)
  const undiscountable = fields.text('undiscountable_amount')
  if (undiscountable === null) return null
  const rest = minorOf(fields.required('total_amount')) - minorOf(undiscountable)
  return rest > 0n ? rest : 0n
}

/** Reads once more what a rule has judged already. */
function judged<T>(read: Result<T, unknown>): T {
  invariant(read.ok, 'a field that was judged can be read')
  return read.value
}
