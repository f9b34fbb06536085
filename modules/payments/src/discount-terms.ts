import { invariant } from '@huitong/kernel'
import Type from 'typebox'
import { Value } from 'typebox/value'
import { storedOneOf } from './stored.ts'
import { type OrderedGoods, TENDER_NAMES, type TenderName } from './tender.ts'
import type { TradeDetails } from './trade.ts'

/** What a merchant says of an order that tenders are judged by. */
export interface DiscountTerms {
  /** The part of the total on which discounts may be given; null for all of it. */
  readonly discountableMinor: bigint | null
  readonly goods: readonly OrderedGoods[]
  /** Tenders that the merchant does not take for it. */
  readonly without: readonly TenderName[]
}

const StoredGoods = Type.Array(Type.Tuple([Type.String(), Type.String()]))

/** The terms of an order out of its details, where they are kept as text. */
export function discountTerms({ discountable, goods, without_tenders: without }: TradeDetails): DiscountTerms {
  return {
    discountableMinor: discountable === undefined ? null : BigInt(discountable),
    goods: goods === undefined ? [] : readGoods(goods),
    without: without === undefined ? [] : without.split(' ').map((name) => storedOneOf(TENDER_NAMES, name)),
  }
}

/** The same terms as details; most orders have none. */
export function discountDetails({ discountableMinor, goods, without }: DiscountTerms): TradeDetails {
  return {
    ...(discountableMinor === null ? {} : { discountable: discountableMinor.toString() }),
    ...(goods.length === 0
      ? {}
      : { goods: JSON.stringify(goods.map((line) => [line.id, line.amountMinor.toString()])) }),
    ...(without.length === 0 ? {} : { without_tenders: without.join(' ') }),
  }
}

function readGoods(text: string): readonly OrderedGoods[] {
  const value: unknown = JSON.parse(text)
  invariant(Value.Check(StoredGoods, value), 'goods of an order are stored as pairs')
  return value.map(([id, minor]) => ({ id, amountMinor: BigInt(minor) }))
}
