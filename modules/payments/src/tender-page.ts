import { type Html, html } from '@huitong/http'
import { err, formatAmount, ok, type Result } from '@huitong/kernel'
import { WALLET_CURRENCY } from './limits.ts'
import {
  choiceText,
  hasInstruments,
  TENDER_NAMES,
  type TenderChoice,
  type TenderName,
  type TenderOffer,
} from './tender.ts'
import type { TenderQuote } from './tender-queries.ts'

/*
 * The part of the cashier page on which a buyer sees what pays how much, and changes it by links. What is shown is what the button sends: the
 * coupon by name, so that the payment is made as it was seen or not at all.
 */

const WORDS: Readonly<Record<TenderName, string>> = {
  coupon: 'Coupon · 优惠券',
  red_packet: 'Red packets · 红包',
  family: 'Family card · 亲情卡',
  card: 'Bank card · 银行卡',
  balance: 'Balance · 余额',
}

/** Nothing where the balance is all that there is. */
export function tenderPart(quote: TenderQuote, path: string): Html {
  const { plan, instruments } = quote
  if (instruments.length === 0 && plan.offers.every((offer) => offer.tender === 'balance')) return html``
  const short = plan.shortMinor === 0n ? '' : html`<p>${amountOf(plan.shortMinor)} is missing. 余额不足。</p>`
  return html`<dl>
${plan.offers.map((offer) => html`<dt>${tenderName(offer)}</dt><dd>${amountOf(offer.amountMinor)}</dd>\n`)}</dl>${short}
${otherWays(quote).map(({ words, choices }) => html`<a class="away" href="${path}?pay=${encodeURIComponent(choicesText(choices))}">${words}</a>\n`)}`
}

/** What the button sends: the tenders that are shown. Nothing where the buyer has no choice. */
export function tenderField({ plan, choices, instruments }: TenderQuote): Html {
  if (instruments.length === 0 && choices.length === 1) return html``
  return html`<input type="hidden" name="pay" value="${choicesText(shownChoices(plan.offers, choices))}">`
}

/** Null where the text names none. */
export function readChoicesText(text: string | null | undefined): Result<readonly TenderChoice[] | null, 'unreadable'> {
  if (text === null || text === undefined || text === '') return ok(null)
  const choices: TenderChoice[] = []
  for (const part of text.split(',')) {
    const [name, written, ...more] = part.split(':')
    const tender = TENDER_NAMES.find((known) => known === name)
    const instrument = written === undefined ? null : Number(written)
    if (tender === undefined || more.length > 0) return err('unreadable')
    const isId = instrument === null || (Number.isSafeInteger(instrument) && instrument > 0)
    if (!isId || (instrument !== null && !hasInstruments(tender))) return err('unreadable')
    if (choices.some((choice) => choice.tender === tender)) return err('unreadable')
    choices.push({ tender, instrument })
  }
  return ok(choices)
}

/** As they are shown; tenders that give nothing now follow, for what may have changed until the button is pressed. */
function shownChoices(offers: readonly TenderOffer[], choices: readonly TenderChoice[]): readonly TenderChoice[] {
  const shown = offers.map(({ tender, instrument }) => ({ tender, instrument }))
  const others = choices.filter(({ tender }) => !hasInstruments(tender) && !shown.some((one) => one.tender === tender))
  return [...shown, ...others]
}

function otherWays({ plan, choices, instruments }: TenderQuote) {
  const used = (offer: TenderOffer) =>
    plan.offers.some((one) => one.tender === offer.tender && one.instrument === offer.instrument)
  const without = (tender: TenderName) => choices.filter((choice) => choice.tender !== tender)
  const instead = instruments
    .filter((offer) => !used(offer))
    .map((offer) => ({
      words: `Use ${tenderName(offer)}, ${amountOf(offer.amountMinor)} · 使用`,
      choices: [{ tender: offer.tender, instrument: offer.instrument }, ...without(offer.tender)],
    }))
  const leaving = plan.offers
    .filter((offer) => offer.tender !== 'balance')
    .map((offer) => ({ words: `Without ${tenderName(offer)} · 不使用`, choices: without(offer.tender) }))
  return [...instead, ...leaving].filter((way) => way.choices.length > 0)
}

function choicesText(choices: readonly TenderChoice[]): string {
  return choices.map(choiceText).join(',')
}

export function tenderName({ tender, label }: TenderOffer): string {
  return label === null ? WORDS[tender] : `${WORDS[tender]}: ${label}`
}

function amountOf(minor: bigint): string {
  return formatAmount(minor, WALLET_CURRENCY)
}
