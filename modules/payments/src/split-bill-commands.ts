import type { CommandKind } from '@huitong/committer'
import { canonicalJson, formatAmount, invariant, ok, slotOf } from '@huitong/kernel'
import Type, { type Static } from 'typebox'
import { answerCodec } from './answer-codec.ts'
import type { PaymentContext } from './context.ts'
import { REMINDER_INTERVAL, WALLET_CURRENCY } from './limits.ts'
import type { MoneyRequest } from './money-request.ts'
import { endMoneyRequest } from './money-request-commands.ts'
import { moneyRequestEvent } from './people-events.ts'
import { type AskedShare, SPLIT_BILL_STATES, type SplitBill, splitShares } from './split-bill.ts'
import { decideAmount } from './trade-decide.ts'
import { refuse } from './trade-refusals.ts'

export const SplitBillView = Type.Object({
  id: Type.Integer(),
  owner: Type.Integer(),
  title: Type.String(),
  total: Type.String(),
  ownShare: Type.String(),
  requests: Type.Array(Type.Integer()),
  openShares: Type.Integer(),
  unpaidShares: Type.Integer(),
  state: Type.Enum([...SPLIT_BILL_STATES]),
  createdAt: Type.Integer(),
  remindedAt: Type.Union([Type.Integer(), Type.Null()]),
  endedAt: Type.Union([Type.Integer(), Type.Null()]),
})
export type SplitBillView = Static<typeof SplitBillView>

export function splitBillView({ totalMinor, ownShareMinor, requests, ...rest }: SplitBill): SplitBillView {
  const amount = (minor: bigint): string => formatAmount(minor, WALLET_CURRENCY)
  return { ...rest, requests: [...requests], total: amount(totalMinor), ownShare: amount(ownShareMinor) }
}

export const SplitBillAnswer = Type.Object({ bill: SplitBillView })
export type SplitBillAnswer = Static<typeof SplitBillAnswer>

export interface SplitBillInput {
  readonly owner: number
  readonly title: string
  readonly totalMinor: bigint
  /** Different persons, none of them the owner. */
  readonly shares: readonly AskedShare[]
  /** How long each share waits, in µs. */
  readonly life: number
}

export interface SplitBillReference {
  readonly bill: number
  /** Who acts. To anybody but the owner there is no such bill. */
  readonly owner: number
}

/** `payments.split-bill`: makes the bill and a request for each share. */
export function splitBillKind(context: PaymentContext): CommandKind<SplitBillInput, SplitBillAnswer> {
  const { set, party, tables } = context
  return {
    name: 'payments.split-bill',
    need: ({ owner, shares }) => {
      party.needCustomer(owner)
      for (const { payer } of shares) party.needCustomer(payer)
    },
    decide: ({ owner, title, totalMinor, shares: asked, life }) => {
      const now = set.batch.at
      const person = party.customer(owner)
      if (person === undefined) return refuse('customer_not_found')
      const payers = asked.map(({ payer }) => party.customer(payer))
      if (payers.includes(undefined)) return refuse('payee_not_found')
      const amount = decideAmount(totalMinor)
      if (!amount.ok) return amount
      if (asked.some(({ payer }) => payer === owner)) return refuse('payer_is_payee')
      const split = splitShares(totalMinor, asked)
      if (!split.ok) return split
      if (payers.some((payer) => payer?.status !== 'active')) return refuse('payer_blocked')
      if (person.status !== 'active') return refuse('payee_blocked')
      const id = set.newId(slotOf(owner))
      const requests = split.value.shares.map(({ payer, amountMinor }): MoneyRequest => {
        const terms = { id: set.newId(slotOf(owner)), asker: owner, payer, amountMinor, note: title, bill: id }
        return { ...terms, state: 'open', createdAt: now, expiresAt: now + life, endedAt: null, transfer: null }
      })
      const bill: SplitBill = {
        ...{ id, owner, title, totalMinor, ownShareMinor: split.value.ownShareMinor },
        ...{ requests: requests.map((request) => request.id), openShares: requests.length, unpaidShares: 0 },
        ...{ state: 'open', createdAt: now, remindedAt: null, endedAt: null },
      }
      tables.splitBills.add(id, bill)
      for (const request of requests) {
        tables.moneyRequests.add(request.id, request)
        set.emit(moneyRequestEvent('money-request.asked', request, now))
      }
      return ok({ bill: splitBillView(bill) })
    },
    form: ({ owner, title, totalMinor, shares, life }) =>
      canonicalJson({
        ...{ owner, title, life, total: totalMinor.toString() },
        shares: shares.map(({ payer, amountMinor }) => `${payer}:${amountMinor ?? 'equal'}`),
      }),
    ...answerCodec(SplitBillAnswer),
  }
}

/** `payments.remind-of-bill`: an event for every open share, once a day at most. */
export function remindOfBillKind(context: PaymentContext): CommandKind<SplitBillReference, SplitBillAnswer> {
  const { set, tables } = context
  return {
    name: 'payments.remind-of-bill',
    need: ({ bill }) => tables.splitBills.need(bill),
    decide: ({ bill: id, owner }) => {
      const now = set.batch.at
      const bill = tables.splitBills.get(id)
      if (bill === undefined || bill.owner !== owner) return refuse('split_bill_not_found')
      if (bill.state !== 'open') return refuse('split_bill_over')
      if (bill.remindedAt !== null && now - bill.remindedAt < REMINDER_INTERVAL) return refuse('reminded_lately')
      for (const share of openShares(context, bill)) set.emit(moneyRequestEvent('money-request.reminded', share, now))
      const reminded: SplitBill = { ...bill, remindedAt: now }
      tables.splitBills.put(id, reminded)
      return ok({ bill: splitBillView(reminded) })
    },
    form: referenceForm,
    ...answerCodec(SplitBillAnswer),
  }
}

/** `payments.close-bill`: calls off every share that is still open. What was paid stays paid. */
export function closeBillKind(context: PaymentContext): CommandKind<SplitBillReference, SplitBillAnswer> {
  const { tables } = context
  return {
    name: 'payments.close-bill',
    need: ({ bill }) => tables.splitBills.need(bill),
    decide: ({ bill: id, owner }) => {
      const bill = tables.splitBills.get(id)
      if (bill === undefined || bill.owner !== owner) return refuse('split_bill_not_found')
      if (bill.state !== 'open') return refuse('split_bill_over')
      for (const share of openShares(context, bill)) endMoneyRequest(context, share, 'cancel', null)
      const closed = tables.splitBills.get(id)
      invariant(closed?.state === 'closed', 'a bill without open shares is closed')
      return ok({ bill: splitBillView(closed) })
    },
    form: referenceForm,
    ...answerCodec(SplitBillAnswer),
  }
}

function openShares({ tables }: PaymentContext, { requests }: SplitBill): readonly MoneyRequest[] {
  for (const id of requests) tables.moneyRequests.need(id)
  return requests
    .map((id) => tables.moneyRequests.get(id))
    .filter((request) => request !== undefined)
    .filter(({ state }) => state === 'open')
}

function referenceForm({ bill, owner }: SplitBillReference): string {
  return canonicalJson({ bill, owner })
}
