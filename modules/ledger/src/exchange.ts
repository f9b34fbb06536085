import { type CurrencyCode, err, ok, type Result, scaleOf } from '@huitong/kernel'
import { Exact, exactOf, type Rounding, roundMinor } from './exact.ts'

/**
 * An exchange of one currency for another. A rate is the price of one unit of the base, which is one of the two currencies, in units of
 * the other; one of the two amounts is fixed and the other follows from the applied rate.
 */
export interface ExchangeTerms {
  readonly sold: CurrencyCode
  readonly bought: CurrencyCode
  readonly fixed: 'sold' | 'bought'
  readonly amountMinor: bigint
  readonly base: 'sold' | 'bought'
  readonly midRate: Exact
  readonly appliedRate: Exact
  readonly rounding: Rounding
}

export interface ExchangeAmounts {
  readonly soldMinor: bigint
  readonly boughtMinor: bigint
  /** The currency that is not the base, in which spread and remainder are. */
  readonly counter: CurrencyCode
  /** What the institution earns against the mid rate: negative when the applied rate is better than it. Rounded as the amount is. */
  readonly spreadMinor: bigint
  /** What rounding moved, exact and in units of the counter currency; positive to the institution, negative to the other side. */
  readonly remainder: Exact
}

/** How the applied rate is told: itself, or by how much it is worse than the mid rate for whoever asks for the exchange. */
export type SpreadTerms =
  | { readonly type: 'applied'; readonly rate: Exact }
  | { readonly type: 'bps'; readonly bps: Exact }
  | { readonly type: 'absolute'; readonly spread: Exact }

/** Worse is lower when the base is sold, higher when it is bought. */
export function appliedRate(
  midRate: Exact,
  base: ExchangeTerms['base'],
  spread: SpreadTerms,
): Result<Exact, 'rate_not_positive'> {
  const rate = rateOf(midRate, base === 'sold' ? -1 : 1, spread)
  return rate.greaterThan(0) ? ok(rate) : err('rate_not_positive')
}

function rateOf(midRate: Exact, sign: 1 | -1, spread: SpreadTerms): Exact {
  switch (spread.type) {
    case 'applied':
      return spread.rate
    case 'bps':
      return midRate.plus(midRate.mul(spread.bps).div(10_000).mul(sign))
    case 'absolute':
      return midRate.plus(spread.spread.mul(sign))
  }
}

/** Minor units of the other currency that so many minor units of the base are worth. */
function worth(baseMinor: Exact, rate: Exact, base: CurrencyCode, counter: CurrencyCode): Exact {
  return baseMinor.mul(rate).mul(new Exact(10).pow(scaleOf(counter) - scaleOf(base)))
}

export function exchangeAmounts(terms: ExchangeTerms): ExchangeAmounts {
  const { sold, bought, fixed, base, appliedRate: rate, midRate, rounding } = terms
  const [baseCurrency, counter] = base === 'sold' ? [sold, bought] : [bought, sold]
  const given = exactOf(terms.amountMinor)
  const baseMinor =
    fixed === base
      ? terms.amountMinor
      : roundMinor(given.div(worth(new Exact(1), rate, baseCurrency, counter)), rounding)
  const exactCounter = worth(exactOf(baseMinor), rate, baseCurrency, counter)
  const counterMinor = fixed === base ? roundMinor(exactCounter, rounding) : terms.amountMinor
  const midMinor = roundMinor(worth(exactOf(baseMinor), midRate, baseCurrency, counter), rounding)
  const toInstitution = (value: Exact) => (base === 'sold' ? value : value.neg())
  const remainder = toInstitution(exactCounter.minus(exactOf(counterMinor)))
  return {
    soldMinor: base === 'sold' ? baseMinor : counterMinor,
    boughtMinor: base === 'sold' ? counterMinor : baseMinor,
    counter,
    spreadMinor: base === 'sold' ? midMinor - counterMinor : counterMinor - midMinor,
    remainder: remainder.div(new Exact(10).pow(scaleOf(counter))),
  }
}
