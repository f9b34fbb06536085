import { AmountText } from '@huitong/contract'
import { badField, type HttpApp, HttpProblem, reply } from '@huitong/http'
import { beijingDay, parseAmount, startOfBeijingDay } from '@huitong/kernel'
import { customerOf, PAYMENT_MINOR_MAX, WALLET_CURRENCY } from '@huitong/payments'
import Type from 'typebox'
import { GATE_STATES } from './bank-gate.ts'
import { selectAskedOf } from './bank-outcome-store.ts'
import { OPTION_FAULTS, rankCards } from './card-option.ts'
import { selectCards } from './card-store.ts'
import { selectChannelBanks } from './channel-bank-store.ts'
import { CardBody, cardBody, Member } from './channel-views.ts'
import { CARD_TAGS, CHANNEL_READ, CHANNEL_TAGS, type ChannelRouteParts, OWN_READ } from './route-parts.ts'

const Seconds = Type.Union([Type.Number(), Type.Null()])

const HealthBody = Type.Object(
  {
    member: Member,
    name: Type.String(),
    gate: Type.Enum([...GATE_STATES], { description: 'resting: left alone; trying: a few orders a second' }),
    settled: Type.Integer(),
    declined: Type.Integer({ description: 'For a reason of the customer’s' }),
    failed: Type.Integer({ description: 'Nobody said in time, or the bank could not' }),
    success: Type.Number({ description: 'Of those that settled or failed' }),
    medianSeconds: Seconds,
    p99Seconds: Seconds,
  },
  { $id: 'ChannelBankHealth' },
)

const OptionBody = Type.Object(
  { card: CardBody, usable: Type.Boolean(), why: Type.Union([Type.Enum([...OPTION_FAULTS]), Type.Null()]) },
  { $id: 'CardOption' },
)

/** By which way money goes: how the banks are, and which card is the best for an amount. */
export function addRoutingRoutes(http: HttpApp, { db, gate, clock }: ChannelRouteParts): void {
  http.route({
    method: 'GET',
    url: '/v1/channels/health',
    access: CHANNEL_READ,
    summary: 'How each bank did in the last minute, as this process saw it',
    tags: CHANNEL_TAGS,
    schema: { response: { 200: Type.Object({ items: Type.Array(HealthBody) }) } },
    handler: async () => {
      const banks = await db.read(selectChannelBanks)
      const items = banks.map(({ member, name }) => {
        const { settled, declined, failed, success, medianTook, p99Took } = gate.healthOf(member)
        const times = { medianSeconds: seconds(medianTook), p99Seconds: seconds(p99Took) }
        return { member, name, gate: gate.stateOf(member), settled, declined, failed, success, ...times }
      })
      return reply({ items })
    },
  })

  http.route({
    method: 'GET',
    url: '/v1/me/card-options',
    access: OWN_READ,
    summary: "The caller's cards for an amount, the best first, and why others cannot be used",
    tags: CARD_TAGS,
    schema: {
      querystring: Type.Object({ amount: AmountText }),
      response: { 200: Type.Object({ items: Type.Array(OptionBody) }) },
    },
    handler: async ({ caller, query }) => {
      const customer = customerOf(caller)
      const amount = parseAmount(query.amount, WALLET_CURRENCY, { maxMinor: PAYMENT_MINOR_MAX })
      if (!amount.ok) throw badField('amount', amount.error, 'is not an amount of CNY')
      const { cards, banks, asked } = await db.read(async (tx) => ({
        cards: await selectCards(tx, customer),
        banks: await selectChannelBanks(tx),
        asked: await selectAskedOf(tx, customer, startOfBeijingDay(beijingDay(clock.now()))),
      }))
      const facts = cards.map((card) => ({
        ...{ card, bank: banks.find(({ member }) => member === card.bank), gate: gate.stateOf(card.bank) },
        ...{ health: gate.healthOf(card.bank), askedTodayMinor: asked.get(card.fingerprint) ?? 0n },
      }))
      const options = rankCards(facts, amount.value)
      return reply({
        items: options.map(({ card, fault }) => ({ card: cardBody(card), usable: fault === null, why: fault })),
      })
    },
  })
}

function seconds(micros: number | null): number | null {
  return micros === null ? null : Math.round(micros / 1_000) / 1_000
}

/** Waits for a bank's turn. Throws when it does not come soon: nothing was done, and other ways are open. */
export async function enterGate({ db, gate }: ChannelRouteParts, bank: string): Promise<void> {
  const at = (await db.read(selectChannelBanks)).find(({ member }) => member === bank)
  const entry = await gate.enter(bank, at?.capacity ?? null)
  if (entry === 'go') return
  const words = entry === 'busy' ? 'has more to do than it can' : 'does not do what it is asked at the moment'
  const after = entry === 'busy' ? 1 : Math.max(1, Math.ceil(gate.restsFor(bank) / 1_000))
  throw new HttpProblem(
    503,
    `bank_${entry}`,
    `The bank ${words}. Nothing was done: use another card, or the balance.`,
    {
      headers: { 'retry-after': String(after) },
    },
  )
}
