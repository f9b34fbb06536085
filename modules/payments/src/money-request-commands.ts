import type { CommandKind } from '@huitong/committer'
import { canonicalJson, formatAmount, invariant, ok, slotOf } from '@huitong/kernel'
import Type, { type Static } from 'typebox'
import { answerCodec } from './answer-codec.ts'
import type { PaymentContext } from './context.ts'
import { TRANSFER_MINOR_MAX, WALLET_CURRENCY } from './limits.ts'
import { MONEY_REQUEST_ENDS, MONEY_REQUEST_STATES, type MoneyRequest, moneyRequestFault } from './money-request.ts'
import { type PayerInput, payerProof } from './payer-proof.ts'
import { moneyRequestEvent, splitBillEvent } from './people-events.ts'
import { afterShareEnded } from './split-bill.ts'
import { BulkAnswer } from './trade-end-commands.ts'
import { refuse } from './trade-refusals.ts'
import { makeFollowingTransferAtOnce, needFollowingTransfer } from './wallet-transfer-make.ts'

export const MoneyRequestView = Type.Object({
  id: Type.Integer(),
  asker: Type.Integer(),
  payer: Type.Integer(),
  amount: Type.String(),
  note: Type.Union([Type.String(), Type.Null()]),
  bill: Type.Union([Type.Integer(), Type.Null()]),
  state: Type.Enum([...MONEY_REQUEST_STATES]),
  createdAt: Type.Integer(),
  expiresAt: Type.Integer(),
  endedAt: Type.Union([Type.Integer(), Type.Null()]),
  transfer: Type.Union([Type.Integer(), Type.Null()]),
})
export type MoneyRequestView = Static<typeof MoneyRequestView>

export function moneyRequestView({ amountMinor, ...rest }: MoneyRequest): MoneyRequestView {
  return { ...rest, amount: formatAmount(amountMinor, WALLET_CURRENCY) }
}

export const MoneyRequestAnswer = Type.Object({ request: MoneyRequestView })
export type MoneyRequestAnswer = Static<typeof MoneyRequestAnswer>

export interface AskForMoneyInput {
  readonly asker: number
  readonly payer: number
  readonly amountMinor: bigint
  readonly note: string | null
  /** In µs. */
  readonly life: number
}

export interface AnswerMoneyRequestInput extends PayerInput {
  readonly request: number
  /** Who acts: the asked person to pay or decline, the asker to cancel. To anybody else there is no such request. */
  readonly customer: number
  readonly action: 'pay' | 'decline' | 'cancel'
}

/** `payments.ask-for-money`: moves nothing. */
export function askForMoneyKind(context: PaymentContext): CommandKind<AskForMoneyInput, MoneyRequestAnswer> {
  const { set, party, tables } = context
  return {
    name: 'payments.ask-for-money',
    need: ({ asker, payer }) => {
      party.needCustomer(asker)
      party.needCustomer(payer)
    },
    decide: ({ asker, payer, amountMinor, note, life }) => {
      const now = set.batch.at
      const asking = party.customer(asker)
      const asked = party.customer(payer)
      if (asking === undefined) return refuse('customer_not_found')
      if (asked === undefined) return refuse('payee_not_found')
      if (amountMinor <= 0n || amountMinor > TRANSFER_MINOR_MAX) return refuse('amount_out_of_range')
      if (asker === payer) return refuse('payer_is_payee')
      if (asked.status !== 'active') return refuse('payer_blocked')
      if (asking.status !== 'active') return refuse('payee_blocked')
      const request: MoneyRequest = {
        ...{ id: set.newId(slotOf(asker)), asker, payer, amountMinor, note, bill: null, state: 'open' },
        ...{ createdAt: now, expiresAt: now + life, endedAt: null, transfer: null },
      }
      tables.moneyRequests.add(request.id, request)
      set.emit(moneyRequestEvent('money-request.asked', request, now))
      return ok({ request: moneyRequestView(request) })
    },
    form: ({ amountMinor, ...rest }) => canonicalJson({ ...rest, amount: amountMinor.toString() }),
    ...answerCodec(MoneyRequestAnswer),
  }
}

/** `payments.answer-money-request`: paying makes the transfer in the same commit. */
export function answerMoneyRequestKind(
  context: PaymentContext,
): CommandKind<AnswerMoneyRequestInput, MoneyRequestAnswer> {
  const { set, tables } = context
  return {
    name: 'payments.answer-money-request',
    need: ({ request }) => tables.moneyRequests.need(request),
    decide: ({ request: id, customer, action, ...proven }) => {
      const now = set.batch.at
      const request = tables.moneyRequests.get(id)
      const actor = action === 'cancel' ? request?.asker : request?.payer
      if (request === undefined || actor !== customer) return refuse('money_request_not_found')
      if (request.bill !== null) tables.splitBills.need(request.bill)
      if (action === 'pay') needFollowingTransfer(context, request.payer, request.asker)
      const fault = moneyRequestFault(request, action, now)
      if (fault !== undefined) return refuse(fault)
      let transfer: number | null = null
      if (action === 'pay') {
        const { payer, asker: payee, amountMinor, note } = request
        const made = makeFollowingTransferAtOnce(context, {
          payer,
          payee,
          amountMinor,
          title: note,
          remark: null,
          cause: 'request',
          proof: payerProof('transfer', proven),
        })
        if (!made.ok) return made
        transfer = made.value.id
      }
      return ok({ request: moneyRequestView(endMoneyRequest(context, request, action, transfer)) })
    },
    form: ({ request, customer, action }) => canonicalJson({ request, customer, action }),
    ...answerCodec(MoneyRequestAnswer),
  }
}

/** `payments.expire-money-requests`: ends those whose time is over, each judged anew. */
export function expireMoneyRequestsKind(
  context: PaymentContext,
): CommandKind<{ readonly requests: readonly number[] }, BulkAnswer> {
  const { set, tables } = context
  return {
    name: 'payments.expire-money-requests',
    need: ({ requests }) => {
      for (const id of requests) tables.moneyRequests.need(id)
    },
    decide: ({ requests }) => {
      const due = requests
        .map((id) => tables.moneyRequests.get(id))
        .filter((found) => found !== undefined)
        .filter((request) => moneyRequestFault(request, 'expire', set.batch.at) === undefined)
      for (const { bill } of due) if (bill !== null) tables.splitBills.need(bill)
      for (const request of due) endMoneyRequest(context, request, 'expire', null)
      return ok({ changed: due.length, skipped: requests.length - due.length })
    },
    form: ({ requests }) => canonicalJson({ requests }),
    ...answerCodec(BulkAnswer),
  }
}

/** Stores the end of a request and tells of it; the bill that it is a share of counts it. */
export function endMoneyRequest(
  { set, tables }: PaymentContext,
  request: MoneyRequest,
  action: keyof typeof MONEY_REQUEST_ENDS,
  transfer: number | null,
): MoneyRequest {
  const now = set.batch.at
  const state = MONEY_REQUEST_ENDS[action]
  const ended: MoneyRequest = { ...request, state, endedAt: now, transfer }
  tables.moneyRequests.put(ended.id, ended)
  set.emit(moneyRequestEvent(`money-request.${state}`, ended, now))
  if (ended.bill !== null) {
    const bill = tables.splitBills.get(ended.bill)
    invariant(bill !== undefined, 'a share names a bill that exists')
    const counted = afterShareEnded(bill, state === 'paid', now)
    tables.splitBills.put(counted.id, counted)
    if (counted.state !== 'open') set.emit(splitBillEvent(counted, now))
  }
  return ended
}
