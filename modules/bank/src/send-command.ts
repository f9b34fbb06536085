import type { CommandKind } from '@huitong/committer'
import { answerCodec } from '@huitong/contract'
import { canonicalJson, ok, type Result, slotOf } from '@huitong/kernel'
import Type, { type Static } from 'typebox'
import { type BankAccount, counted, spentToday } from './account.ts'
import { type BankRefusal, type BankRefusalCode, refuse } from './bank-refusals.ts'
import type { BankContext } from './context.ts'
import { sentAt } from './cut-off.ts'
import { tellTransfer } from './messages.ts'
import type { Mode, Payment } from './payment.ts'

/** How long the clearing house may take before it is asked how a payment stands, µs. It answers within 20 seconds itself. */
export const ASK_AFTER = 30_000_000

export const PaymentAnswer = Type.Object({
  reference: Type.String(),
  state: Type.String(),
  reason: Type.Union([Type.String(), Type.Null()]),
})
export type PaymentAnswer = Static<typeof PaymentAnswer>

export interface TransferTerms {
  readonly amountMinor: bigint
  readonly mode: Mode
  readonly payeeBank: string
  readonly payeeAccount: string
  readonly payeeName: string
  readonly remittance: string | null
  /** Drawn at the door. */
  readonly uetr: string
}

/** By which agreement a platform asked for a transfer, and what it calls its message and its payment. */
export interface TransferOrder {
  readonly agreement: number
  readonly messageId: string
  readonly endToEndId: string
}

export interface SendInput extends TransferTerms {
  readonly account: string
  /** Who asks, when it is a customer: the account must be his. */
  readonly customer: number | null
}

/** `bank.send`: a customer's credit transfer, sent at once or when the clearing of its kind opens. */
export function sendKind(context: BankContext): CommandKind<SendInput, PaymentAnswer> {
  const { accounts, party } = context
  return {
    name: 'bank.send',
    need: ({ account, customer }) => {
      accounts.need(account)
      if (customer !== null) party.needCustomer(customer)
    },
    decide: (input) => {
      const account = accounts.get(input.account)
      // Somebody else's account looks like none.
      if (account === undefined || (input.customer !== null && account.customer !== input.customer)) {
        return refuse('account_not_found')
      }
      const sent = send(context, account, input, null)
      return sent.ok ? ok(answerOf(sent.value)) : sent
    },
    // The UETR is drawn anew with every try: sent again under its key it is the same payment.
    form: ({ uetr: _, amountMinor, ...rest }) => canonicalJson({ ...rest, amount: amountMinor.toString() }),
    ...answerCodec(PaymentAnswer),
  }
}

/** Judges a transfer, sets its money aside and sends it, or puts it in the queue. */
export function send(
  context: BankContext,
  account: BankAccount,
  terms: TransferTerms,
  order: TransferOrder | null,
): Result<Payment, BankRefusal> {
  const { set, member, payments, accounts, hours } = context
  const { amountMinor, mode, payeeBank, uetr } = terms
  const now = set.batch.at
  const refused = limitRefusal(account, amountMinor, set.batch.accountingDay)
  if (amountMinor <= 0n) return refuse('amount_out_of_range')
  if (payeeBank === member) return refuse('payee_at_this_bank')
  const at = sentAt(mode, now, hours)
  if (!at.ok) return refuse(at.error)
  if (refused !== undefined) return refuse(refused)
  const id = set.newId(slotOf(account.customer))
  const queued = at.value > now
  const messageId = queued ? null : context.nextMessageId()
  const payment: Payment = {
    ...{ reference: uetr, id, kind: 'transfer', way: 'out', askedBy: 'us', original: null, uetr },
    ...{ account: account.number, peerBank: payeeBank, peerAccount: terms.payeeAccount, peerName: terms.payeeName },
    ...{ messageId, instructionId: order?.messageId ?? `I${id}`, endToEndId: order?.endToEndId ?? `E${id}` },
    ...{
      transactionId: `T${id}`,
      remittance: terms.remittance,
      agreement: order?.agreement ?? null,
      amountMinor,
      returnedMinor: 0n,
      mode,
    },
    ...{
      state: queued ? 'queued' : 'sent',
      reason: null,
      hold: null,
      cancellation: null,
      contradicted: false,
      inSuspense: false,
    },
    ...{ madeAt: now, dueAt: queued ? at.value : now + ASK_AFTER, endedAt: null },
  }
  const held = context.hold(payment, account)
  if (!held.ok) return refuse(held.error)
  payments.add(uetr, held.value)
  accounts.put(account.number, { ...account, ...counted(account, set.batch.accountingDay, amountMinor) })
  if (!queued) tellTransfer(context, held.value, holderName(context, account))
  return held
}

/** Sends what waited in the queue. */
export function sendQueued(context: BankContext, payment: Payment, account: BankAccount): void {
  const now = context.set.batch.at
  const sent: Payment = { ...payment, state: 'sent', messageId: context.nextMessageId(), dueAt: now + ASK_AFTER }
  context.payments.put(payment.reference, sent)
  tellTransfer(context, sent, holderName(context, account))
}

function holderName({ party }: BankContext, { customer }: BankAccount): string {
  party.needCustomer(customer)
  return party.customer(customer)?.displayName ?? ''
}

function limitRefusal(account: BankAccount, amountMinor: bigint, day: string): BankRefusalCode | undefined {
  if (amountMinor > account.singleMaxMinor) return 'account_single_limit'
  return spentToday(account, day) + amountMinor > account.dayMaxMinor ? 'account_day_limit' : undefined
}

export function answerOf({ reference, state, reason }: Payment): PaymentAnswer {
  return { reference, state, reason }
}
