import { AmountText, CurrencyText } from '@huitong/contract'
import { type CurrencyCode, currencyCode, err, ok, parseAmount, parsePublicId, type Result } from '@huitong/kernel'
import Type, { type Static } from 'typebox'
import { Exact, isRounding, parseRate, ROUNDINGS, type Rounding } from './exact.ts'
import { appliedRate, type SpreadTerms } from './exchange.ts'
import type { ExchangeRequest } from './exchange-command.ts'
import type { BadRequestField } from './journal-entry-request.ts'
import { ACCOUNT_ID } from './ledger-views.ts'
import type { RevaluationInput } from './revaluation-command.ts'

const RateText = Type.String({
  pattern: '^(0|[1-9][0-9]{0,11})(\\.[0-9]{1,18})?$',
  examples: ['7.1234'],
  description: 'Exact decimal text above zero',
})

const RoundingName = Type.String({ maxLength: 16, examples: Object.keys(ROUNDINGS) })

const Leg = Type.Object({
  account: Type.String({ maxLength: 40 }),
  currency: CurrencyText,
  amount: Type.Optional(AmountText),
})

export const ExchangeRequestBody = Type.Object({
  sell: Leg,
  buy: Leg,
  base: Type.String({
    maxLength: 3,
    description: 'The currency whose unit the rates are the price of',
    examples: ['USD'],
  }),
  midRate: RateText,
  appliedRate: Type.Optional(RateText),
  spreadBps: Type.Optional(RateText),
  spread: Type.Optional(RateText),
  rounding: RoundingName,
  postSpread: Type.Optional(Type.Boolean({ description: 'Post the spread to income now; false unless told' })),
})

export const RevaluationRequestBody = Type.Object({
  base: CurrencyText,
  rates: Type.Array(Type.Object({ currency: CurrencyText, rate: RateText }), { minItems: 1, maxItems: 200 }),
  rounding: RoundingName,
})

type Read<T> = Result<T, BadRequestField>

/** Fixed is the one side that tells its amount; the applied rate is told in exactly one of three ways. */
export function exchangeRequest(body: Static<typeof ExchangeRequestBody>): Read<ExchangeRequest> {
  const sell = readLeg('sell', body.sell)
  if (!sell.ok) return sell
  const buy = readLeg('buy', body.buy)
  if (!buy.ok) return buy
  const [sold, bought] = [sell.value, buy.value]
  if (sold.currency === bought.currency) return bad('buy.currency', 'another_currency', 'is the currency that is sold')
  const amount = sold.amountMinor ?? bought.amountMinor
  if (amount === undefined || (sold.amountMinor !== undefined && bought.amountMinor !== undefined)) {
    return bad('sell.amount', 'one_amount', 'tell the amount of one side; the other follows from the rate')
  }
  if (body.base !== sold.currency && body.base !== bought.currency) {
    return bad('base', 'one_of_two', `must be ${sold.currency} or ${bought.currency}`)
  }
  const base = body.base === sold.currency ? 'sold' : 'bought'
  const midRate = parseRate(body.midRate)
  if (!midRate.ok) return bad('midRate', midRate.error, 'must be above zero')
  const spread = readSpread(body)
  if (!spread.ok) return spread
  const applied = appliedRate(midRate.value, base, spread.value)
  if (!applied.ok) return bad(FIELD_OF[spread.value.type], applied.error, 'leaves no rate above zero')
  const rounding = readRounding(body.rounding)
  if (!rounding.ok) return rounding
  return ok({
    ...{ from: sold.account, to: bought.account, sold: sold.currency, bought: bought.currency },
    ...{ fixed: sold.amountMinor === undefined ? 'bought' : 'sold', amountMinor: amount, base },
    ...{ midRate: midRate.value, appliedRate: applied.value, rounding: rounding.value },
    ...{ postSpread: body.postSpread ?? false, reference: null },
  })
}

export function revaluationRequest(body: Static<typeof RevaluationRequestBody>): Read<RevaluationInput> {
  const base = readCurrency('base', body.base)
  if (!base.ok) return base
  const rates: RevaluationInput['rates'][number][] = []
  for (const [index, { currency, rate }] of body.rates.entries()) {
    const code = readCurrency(`rates[${index}].currency`, currency)
    if (!code.ok) return code
    if (code.value === base.value || rates.some((one) => one.currency === code.value)) {
      return bad(`rates[${index}].currency`, 'once', 'must be another currency than the base, and told once')
    }
    const parsed = parseRate(rate)
    if (!parsed.ok) return bad(`rates[${index}].rate`, parsed.error, 'must be above zero')
    rates.push({ currency: code.value, rate: parsed.value })
  }
  const rounding = readRounding(body.rounding)
  return rounding.ok ? ok({ base: base.value, rates, rounding: rounding.value }) : rounding
}

const FIELD_OF = { applied: 'appliedRate', bps: 'spreadBps', absolute: 'spread' } as const

function readSpread({ appliedRate, spreadBps, spread }: Static<typeof ExchangeRequestBody>): Read<SpreadTerms> {
  const told: SpreadTerms[] = []
  if (appliedRate !== undefined) told.push({ type: 'applied', rate: new Exact(appliedRate) })
  if (spreadBps !== undefined) told.push({ type: 'bps', bps: new Exact(spreadBps) })
  if (spread !== undefined) told.push({ type: 'absolute', spread: new Exact(spread) })
  const [only, another] = told
  if (only !== undefined && another === undefined) return ok(only)
  return bad('appliedRate', 'one_of_three', 'tell one of appliedRate, spreadBps and spread')
}

function readRounding(text: string): Read<Rounding> {
  if (isRounding(text)) return ok(text)
  return bad('rounding', 'known_rounding', `must be one of ${Object.keys(ROUNDINGS).join(', ')}`)
}

function readLeg(
  name: string,
  leg: Static<typeof Leg>,
): Read<{ readonly account: number; readonly currency: CurrencyCode; readonly amountMinor: bigint | undefined }> {
  const account = parsePublicId(ACCOUNT_ID, leg.account)
  if (!account.ok) return bad(`${name}.account`, account.error, 'is not the id of an account')
  const currency = readCurrency(`${name}.currency`, leg.currency)
  if (!currency.ok) return currency
  if (leg.amount === undefined) return ok({ account: account.value, currency: currency.value, amountMinor: undefined })
  const amount = parseAmount(leg.amount, currency.value)
  if (!amount.ok) return bad(`${name}.amount`, amount.error, `is not an amount of ${currency.value} that can be moved`)
  return ok({ account: account.value, currency: currency.value, amountMinor: amount.value })
}

function readCurrency(field: string, text: string): Read<CurrencyCode> {
  const code = currencyCode(text)
  return code.ok ? code : bad(field, 'iso_4217', 'is not a currency')
}

function bad(field: string, rule: string, message: string): { readonly ok: false; readonly error: BadRequestField } {
  return err({ field, rule, message })
}
