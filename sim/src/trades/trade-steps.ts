import type { AuditedPart, TradeAuditor } from '@huitong/oracle'
import type { Random } from '../random.ts'
import { fen, yuan } from './amounts.ts'
import type { Answer, TradeClient } from './trade-client.ts'
import type { SimCustomer, SimMerchant, SimPeople } from './trade-people.ts'

/** What steps draw from and learn for later ones. */
export interface TradeKnowledge {
  readonly client: TradeClient
  readonly operator: string
  readonly auditor: TradeAuditor
  readonly random: Random
  readonly people: SimPeople
  readonly payments: { readonly id: string; readonly merchant: SimMerchant; readonly totalMinor: bigint }[]
  readonly escrows: { readonly id: string; readonly merchant: SimMerchant; readonly customer: SimCustomer }[]
  readonly packets: string[]
  readonly campaigns: string[]
  /** Grows by one for each order, refund and transfer number. */
  number: number
}

export type TradeStep = (knowledge: TradeKnowledge) => Promise<Answer>

function nextNumber(knowledge: TradeKnowledge): string {
  knowledge.number += 1
  return `SIM_${knowledge.number}`
}

function partsOf(
  list: readonly { tender: string; funder: AuditedPart['funder']; amount: string; returned?: string }[],
) {
  return list.map(({ tender, funder, amount, returned }) => ({
    ...{ tender, funder },
    amountMinor: fen(amount) - (returned === undefined ? 0n : fen(returned)),
  }))
}

/** All that must not change when a request is repeated; a problem names each request that it was told to. */
function said({ status, body }: Answer): string {
  return JSON.stringify(status < 300 ? body : body.code)
}

/** A key of its own, or one that two requests at once share. */
async function ask(knowledge: TradeKnowledge, path: string, token: string, body: object): Promise<Answer> {
  const { client, random } = knowledge
  const key = `step-${nextNumber(knowledge)}`
  if (!random.oneIn(6)) return client.post(path, token, body, key)
  const [one, other] = await Promise.all([client.post(path, token, body, key), client.post(path, token, body, key)])
  if (said(one) !== said(other)) {
    throw new Error(`one key was answered ${JSON.stringify(one.body)} and ${JSON.stringify(other.body)}`)
  }
  return one
}

const topUp: TradeStep = async (knowledge) => {
  const { operator, auditor, random, people } = knowledge
  const { id } = random.pick(people.customers)
  const amountMinor = BigInt(1 + random.below(5_000))
  const answer = await ask(knowledge, `/v1/wallets/${id}/top-ups`, operator, { amount: yuan(amountMinor) })
  if (answer.status < 300) auditor.toppedUp(id, amountMinor)
  return answer
}

const transfer: TradeStep = async (knowledge) => {
  const { auditor, random, people } = knowledge
  const [from, to] = [random.pick(people.customers), random.pick(people.customers)]
  const amountMinor = BigInt(10 + random.below(3_000))
  const body = { transferNumber: nextNumber(knowledge), payee: { customer: to.id }, amount: yuan(amountMinor) }
  const answer = await ask(knowledge, '/v1/transfers', from.session, body)
  if (answer.status === 200 || answer.status === 201) auditor.transferred(from.id, to.id, amountMinor)
  return answer
}

/** An order of a merchant, confirmed by its buyer with the tenders of their usual order, or with the balance alone. */
const pay: TradeStep = async (knowledge) => {
  const { client, auditor, random, people } = knowledge
  const [customer, merchant] = [random.pick(people.customers), random.pick(people.merchants)]
  const totalMinor = BigInt(1 + random.below(3_000))
  const order = {
    orderNumber: nextNumber(knowledge),
    amount: yuan(totalMinor),
    subject: '龙井茶',
    customer: customer.id,
  }
  const opened = await client.post('/v1/payments', merchant.apiKey, order)
  if (opened.status >= 300) return opened
  const tenders = random.oneIn(3) ? { tenders: [{ tender: 'balance' }] } : {}
  const answer = await ask(knowledge, `/v1/payments/${opened.body.id}/confirm`, customer.session, tenders)
  if (answer.status !== 200 || answer.body.state !== 'paid') return answer
  // The buyer is not told the fee; the merchant is.
  const { body } = await client.get(`/v1/payments/${opened.body.id}`, merchant.apiKey)
  const parts = partsOf(answer.body.tenders)
  const { id } = opened.body
  auditor.paid({ id, buyer: customer.id, merchant: merchant.id, totalMinor, parts, feeMinor: fen(body.fee) })
  knowledge.payments.push({ id, merchant, totalMinor })
  return answer
}

/** A part, the rest, or a fen too much; two of them at once now and then. */
const refund: TradeStep = async (knowledge) => {
  const { auditor, random, payments } = knowledge
  if (payments.length === 0) return NOTHING
  const { id, merchant, totalMinor } = random.pick(payments)
  const one = async (): Promise<Answer> => {
    const amountMinor = random.oneIn(4) ? totalMinor : BigInt(1 + random.below(Number(totalMinor)))
    const body = { refundNumber: nextNumber(knowledge), amount: yuan(amountMinor) }
    const answer = await ask(knowledge, `/v1/payments/${id}/refunds`, merchant.apiKey, body)
    if (answer.status !== 201) return answer
    const { refund: made, payment } = answer.body
    auditor.refunded({
      ...{ payment: id, amountMinor, refundedAfterMinor: fen(payment.refunded), parts: partsOf(made.tenders) },
      feeReturnedMinor: fen(made.feeReturned),
    })
    return answer
  }
  const [answer] = random.oneIn(3) ? await Promise.all([one(), one()]) : [await one()]
  return answer
}

function sawEscrow(
  { auditor }: TradeKnowledge,
  customer: SimCustomer,
  merchant: SimMerchant,
  body: Answer['body'],
): void {
  auditor.escrow({
    ...{ id: body.id, buyer: customer.id, merchant: merchant.id, step: body.steps, totalMinor: fen(body.total) },
    ...{ paidMinor: fen(body.paid), heldMinor: fen(body.held), releasedMinor: fen(body.released) },
    ...{ returnedMinor: fen(body.returned), refundedMinor: fen(body.refunded) },
    ...{ feeMinor: fen(body.fee ?? '0.00'), feeReturnedMinor: fen(body.feeReturned ?? '0.00') },
    keptParts: partsOf(body.tenders),
  })
}

const openEscrow: TradeStep = async (knowledge) => {
  const { random, people, escrows } = knowledge
  const [customer, merchant] = [random.pick(people.customers), random.pick(people.merchants)]
  const amount = yuan(BigInt(2 + random.below(2_000)))
  const body = { orderNumber: nextNumber(knowledge), amount, subject: '紫砂壶', customer: customer.id }
  const answer = await ask(knowledge, '/v1/escrow-trades', merchant.apiKey, body)
  if (answer.status < 300) escrows.push({ id: answer.body.id, merchant, customer })
  return answer
}

/** Any step by either side, in whatever state the trade is. What the merchant sees afterwards is what counts. */
const stepEscrow: TradeStep = async (knowledge) => {
  const { client, random, escrows } = knowledge
  const known = escrows[escrows.length - 1 - random.below(Math.min(escrows.length, 12))]
  if (known === undefined) return NOTHING
  const { id, merchant, customer } = known
  const amount = yuan(BigInt(1 + random.below(1_500)))
  const parcel = { carrier: '顺丰速运', trackingNumber: nextNumber(knowledge) }
  const [path, token, body] = random.pick<readonly [string, string, object]>([
    ['pay', customer.session, random.oneIn(2) ? {} : { tenders: [{ tender: 'balance' }] }],
    ['pay', customer.session, {}],
    ['shipments', merchant.apiKey, parcel],
    ['shipments', merchant.apiKey, { ...parcel, amount }],
    ['confirm', customer.session, {}],
    ['confirm', customer.session, {}],
    ['cancel', merchant.apiKey, {}],
    ['refunds', merchant.apiKey, { amount }],
    ['refunds', merchant.apiKey, { amount }],
  ])
  const answer = await ask(knowledge, `/v1/escrow-trades/${id}/${path}`, token, body)
  const { status, body: now } = await client.get(`/v1/escrow-trades/${id}`, merchant.apiKey)
  if (status === 200) sawEscrow(knowledge, customer, merchant, now)
  return answer
}

const claimCoupon: TradeStep = async (knowledge) => {
  const { random, people, campaigns } = knowledge
  if (campaigns.length === 0) return NOTHING
  return ask(
    knowledge,
    `/v1/coupon-campaigns/${random.pick(campaigns)}/coupons`,
    random.pick(people.customers).session,
    {},
  )
}

const sendPacket: TradeStep = async (knowledge) => {
  const { auditor, random, people, packets } = knowledge
  const { id, session } = random.pick(people.customers)
  const totalMinor = BigInt(10 + random.below(1_000))
  const body = { kind: random.oneIn(2) ? 'fixed' : 'lucky', amount: yuan(totalMinor), parts: 1 + random.below(3) }
  const answer = await ask(knowledge, '/v1/red-packets', session, body)
  if (answer.status !== 201) return answer
  auditor.packetSent(id, totalMinor)
  packets.push(answer.body.token)
  return answer
}

const openPacket: TradeStep = async (knowledge) => {
  const { auditor, random, people, packets } = knowledge
  const token = packets[packets.length - 1 - random.below(Math.min(packets.length, 5))]
  if (token === undefined) return NOTHING
  const { id, session } = random.pick(people.customers)
  const answer = await ask(knowledge, '/v1/red-packets/open', session, { token })
  if (answer.status === 201) auditor.packetOpened(id, fen(answer.body.amount))
  return answer
}

/** Nothing was there to do it with. */
const NOTHING: Answer = { status: 0, body: { code: 'nothing' } }

/** By name, with how often each is drawn. */
export const TRADE_STEPS: readonly (readonly [name: string, weight: number, step: TradeStep])[] = [
  ['pay', 8, pay],
  ['refund', 5, refund],
  ['top up', 3, topUp],
  ['transfer', 2, transfer],
  ['open escrow', 3, openEscrow],
  ['step of escrow', 9, stepEscrow],
  ['claim coupon', 2, claimCoupon],
  ['send packet', 1, sendPacket],
  ['open packet', 2, openPacket],
]
