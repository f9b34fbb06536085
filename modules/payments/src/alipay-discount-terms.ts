import { CNY, isJsonObject, JsonNumber, type JsonObject, type JsonValue, parseAmount } from '@huitong/kernel'
import type { AlipayFields } from './alipay-fields.ts'
import type { DiscountTerms } from './discount-terms.ts'
import { GOODS_MAX, type OrderedGoods, TENDER_NAMES, type TenderName } from './tender.ts'

/**
 * The platform's names of channels by the tender that each is here. It calls money out of red packets a coupon, and has several names for
 * what is a coupon here.
 */
const CHANNELS: Readonly<Record<TenderName, readonly string[]>> = {
  coupon: ['voucher', 'promotion', 'mdiscount'],
  red_packet: ['coupon'],
  // Nothing but money of a balance to the merchant.
  family: ['balance'],
  card: ['debitCardExpress', 'bankPay'],
  balance: ['balance'],
}

type DiscountField = 'enable_pay_channels' | 'disable_pay_channels'

/**
 * What an order says about its discounts. Goods that do not say what they are and cost are no goods that a coupon could be bound to; the
 * platform takes them all the same, and so does this.
 */
export function alipayDiscountTerms(
  fields: AlipayFields<DiscountField>,
  content: JsonObject,
  discountableMinor: bigint | null,
): DiscountTerms {
  const enabled = fields.text('enable_pay_channels')?.split(',')
  const disabled = fields.text('disable_pay_channels')?.split(',')
  const without = TENDER_NAMES.filter((tender) => {
    const named = (channels: readonly string[]) => CHANNELS[tender].some((channel) => channels.includes(channel))
    return (enabled !== undefined && !named(enabled)) || (disabled !== undefined && named(disabled))
  })
  const given = content.goods_detail
  const goods = Array.isArray(given) ? given.slice(0, GOODS_MAX).flatMap(orderedGoods) : []
  return { discountableMinor, goods, without }
}

function orderedGoods(line: JsonValue): readonly OrderedGoods[] {
  if (!isJsonObject(line)) return []
  const id = textOf(line.goods_id)
  const price = parseAmount(textOf(line.price) ?? '', CNY, { allowZero: true })
  const quantity = textOf(line.quantity) ?? ''
  if (id === undefined || id.length > 64 || !price.ok || !/^[1-9][0-9]{0,8}$/.test(quantity)) return []
  return [{ id, amountMinor: price.value * BigInt(quantity) }]
}

function textOf(value: JsonValue | undefined): string | undefined {
  if (value instanceof JsonNumber) return value.text
  return typeof value === 'string' ? value : undefined
}
