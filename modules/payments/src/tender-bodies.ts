import { AmountText, LineText } from '@huitong/contract'
import { badField } from '@huitong/http'
import { formatAmount } from '@huitong/kernel'
import Type, { type Static } from 'typebox'
import { discountDetails } from './discount-terms.ts'
import { WALLET_CURRENCY } from './limits.ts'
import { COUPON_ID, FAMILY_LINK_ID, INSTRUMENT_BODY, instrumentBody } from './payment-bodies.ts'
import { AmountBody, readAmount, readId } from './route-parts.ts'
import { CHOSEN_TENDERS, FUNDERS, GOODS_MAX, TENDER_NAMES, type TenderChoice, type TenderOffer } from './tender.ts'
import type { TenderQuote } from './tender-queries.ts'
import type { TradeDetails } from './trade.ts'

/** Tenders as a request names them: `[{ "tender": "coupon", "coupon": "coup_…" }, { "tender": "balance" }]`. */
export const TenderChoicesBody = Type.Array(
  Type.Object(
    {
      tender: Type.Enum([...CHOSEN_TENDERS]),
      coupon: Type.Optional(Type.String({ maxLength: 40, description: 'One of the customer’s coupons' })),
      familyLink: Type.Optional(
        Type.String({ maxLength: 40, description: 'Whose money: one of the customer’s family links' }),
      ),
    },
    { $id: 'TenderChoice' },
  ),
  {
    minItems: 1,
    maxItems: CHOSEN_TENDERS.length,
    description: 'What to pay with, in this order: each gives what it can of the rest. The usual order unless told.',
  },
)

/** Null where the request names none. */
export function readChoices(body: Static<typeof TenderChoicesBody> | undefined): readonly TenderChoice[] | null {
  if (body === undefined) return null
  return body.map(({ tender, coupon, familyLink }, index) => {
    if (body.findIndex((one) => one.tender === tender) !== index) {
      throw badField(`tenders.${index}.tender`, 'named_twice', 'is named twice')
    }
    if (coupon !== undefined && tender !== 'coupon')
      throw badField(`tenders.${index}.coupon`, 'not_a_coupon', 'goes with the tender coupon')
    if (familyLink !== undefined && tender !== 'family')
      throw badField(`tenders.${index}.familyLink`, 'not_family', 'goes with the tender family')
    if (tender === 'family' && familyLink === undefined)
      throw badField(`tenders.${index}.familyLink`, 'required', 'says whose money it is')
    if (familyLink !== undefined) return { tender, instrument: readId(FAMILY_LINK_ID, familyLink, 'family link') }
    return { tender, instrument: coupon === undefined ? null : readId(COUPON_ID, coupon, 'coupon') }
  })
}

/** What a merchant may say of an order about its discounts. */
export const DISCOUNT_TERMS = {
  discountable: Type.Optional(AmountBody),
  goods: Type.Optional(
    Type.Array(
      Type.Object(
        { id: LineText(64), amount: AmountBody },
        { $id: 'OrderedGoods', description: 'Price times quantity' },
      ),
      { minItems: 1, maxItems: GOODS_MAX, description: 'For coupons that are bound to goods' },
    ),
  ),
  withoutTenders: Type.Optional(
    Type.Array(Type.Enum(['coupon', 'red_packet']), {
      maxItems: TENDER_NAMES.length,
      description: 'Tenders that the order may not be paid with',
    }),
  ),
}

const DiscountTermsBody = Type.Object(DISCOUNT_TERMS)

/** They are kept with the order's details. */
export function readDiscountDetails(
  { discountable, goods = [], withoutTenders = [] }: Static<typeof DiscountTermsBody>,
  totalMinor: bigint,
): TradeDetails {
  const discountableMinor =
    discountable === undefined ? null : readAmount(discountable, 'discountable', { allowZero: true })
  if (discountableMinor !== null && discountableMinor > totalMinor) {
    throw badField('discountable.value', 'above_total', 'must not be more than the amount')
  }
  return discountDetails({
    discountableMinor,
    goods: goods.map(({ id, amount }, index) => ({ id, amountMinor: readAmount(amount, `goods.${index}.amount`) })),
    without: TENDER_NAMES.filter((name) => withoutTenders.some((one) => one === name)),
  })
}

const OfferBody = Type.Object(
  {
    tender: Type.Enum([...TENDER_NAMES]),
    ...INSTRUMENT_BODY,
    funder: Type.Enum([...FUNDERS]),
    label: Type.Union([Type.String(), Type.Null()]),
    amount: AmountText,
  },
  { $id: 'TenderOffer' },
)

export const TenderQuoteBody = Type.Object(
  {
    tenders: Type.Array(OfferBody),
    short: Type.String({ description: 'What is missing; 0.00 when the payment can be made' }),
    unused: Type.Array(
      Type.Object({ tender: Type.Enum([...TENDER_NAMES]), reason: Type.String() }, { $id: 'UnusedTender' }),
    ),
    others: Type.Array(OfferBody, { description: 'What each coupon or other tender would give by itself' }),
  },
  { $id: 'TenderQuote' },
)

export function tenderQuoteBody({ plan, instruments }: TenderQuote): Static<typeof TenderQuoteBody> {
  return {
    tenders: plan.offers.map(offerBody),
    short: formatAmount(plan.shortMinor, WALLET_CURRENCY),
    unused: [...plan.faults].map(([tender, reason]) => ({ tender, reason })),
    others: instruments.map(offerBody),
  }
}

function offerBody({ tender, instrument, funder, label, amountMinor }: TenderOffer): Static<typeof OfferBody> {
  return {
    tender,
    ...instrumentBody(tender, instrument),
    funder,
    label,
    amount: formatAmount(amountMinor, WALLET_CURRENCY),
  }
}
