import type { CommandKind } from '@huitong/committer'
import { isAtLeast } from '@huitong/contract'
import { canonicalJson, invariant, ok, type Result } from '@huitong/kernel'
import type { PaymentContext } from './context.ts'
import { WALLET_CURRENCY } from './limits.ts'
import { proofRefusal } from './outlays.ts'
import { type PayerInput, payerProof } from './payer-proof.ts'
import { type RiskCheck, type RiskCheckAction, type RiskCheckActor, riskCheckFault } from './risk-check.ts'
import { giveBackHeld } from './risk-check-money.ts'
import { type RiskCheckAnswer, riskCheckAnswerCodec, riskCheckView } from './risk-check-views.ts'
import { SESSION_STRENGTH } from './session-strength.ts'
import type { Settlement } from './settlement.ts'
import type { Trade } from './trade.ts'
import { decideRefusing, decideResuming } from './trade-decide.ts'
import { storeEnded } from './trade-end-commands.ts'
import { type PaymentRefusal, refuse } from './trade-refusals.ts'
import { tradeView, transferView } from './views.ts'
import type { WalletTransfer } from './wallet-transfer.ts'
import { needFollowingTransfer, recordTransfer, sendTransfer } from './wallet-transfer-make.ts'

export interface ProveCheckInput extends PayerInput {
  readonly check: number
  /** Who answers; must be the payer. */
  readonly customer: number
}

export interface DecideCheckInput {
  readonly check: number
  /** `staff:12` */
  readonly staff: string
}

export interface ReleaseCheckInput extends DecideCheckInput {
  /** Whether a second member of staff agreed. */
  readonly approved: boolean
}

/** `payments.prove-check`: the payer has proved more, and the payment is judged anew and made. */
export function proveCheckKind(
  context: PaymentContext,
  settlement: Settlement,
): CommandKind<ProveCheckInput, RiskCheckAnswer> {
  const { tables } = context
  return {
    name: 'payments.prove-check',
    need: ({ check, customer }) => {
      tables.riskChecks.need(check)
      context.outlays.need(customer)
    },
    decide: ({ check: id, customer, ...payer }) => {
      const check = tables.riskChecks.get(id)
      if (check === undefined || check.customer !== customer) return refuse('risk_check_not_found')
      const fault = riskCheckFault(check, 'prove', 'payer', context.set.batch.at)
      if (fault !== undefined) return refuse(fault)
      const { proof } = check
      if (proof !== null && !isAtLeast(payer.strength ?? SESSION_STRENGTH, proof)) return proofRefusal({ proof })
      const proven = payerProof(check.way, payer)
      if (check.kind === 'trade') {
        const trade = tradeOf(context, check)
        context.needPayment(trade.merchant)
        const paid = settlement.pay(trade, { proof: proven, tenders: null, explains: true })
        return paid.ok ? ok(answer(context, check, paid.value, null)) : paid
      }
      const begun = transferOf(context, check)
      if (!begun.ok) return begun
      const made = sendTransfer(context, begun.value, proven, check)
      return made.ok ? ok(answer(context, check, null, made.value.transfer)) : made
    },
    form: ({ check, customer }) => canonicalJson({ check, customer }),
    ...riskCheckAnswerCodec,
  }
}

/** `payments.release-check`: staff let a held payment through. */
export function releaseCheckKind(
  context: PaymentContext,
  settlement: Settlement,
): CommandKind<ReleaseCheckInput, RiskCheckAnswer> {
  const { set, tables, purses, desk, risk } = context
  return {
    name: 'payments.release-check',
    need: ({ check }) => tables.riskChecks.need(check),
    decide: ({ check: id, staff, approved }) => {
      const found = openFor(context, id, 'release', 'staff')
      if (!found.ok) return found
      const check = found.value
      risk.need(check.customer)
      const twoFrom = risk.secondPersonFromMinor()
      if (!approved && twoFrom !== null && check.amountMinor >= twoFrom) return refuse('second_person_required')
      invariant(check.hold !== null, 'a held payment has its money in a hold')
      purses.needHold(check.hold)
      if (check.kind === 'trade') {
        const trade = tradeOf(context, check)
        context.needPayment(trade.merchant)
        context.outlays.need(check.customer)
        purses.needWallet(check.customer)
        const paid = settlement.release(trade, check)
        if (!paid.ok) return paid
        desk.end(check, 'passed', staff)
        return ok(answer(context, check, paid.value, null))
      }
      const begun = transferOf(context, check)
      if (!begun.ok) return begun
      const { transfer } = begun.value
      const moved = purses.capture(check.hold, check.amountMinor, transfer.id)
      if (!moved.ok) return moved
      const made = { ...transfer, createdAt: set.batch.at }
      recordTransfer(context, made)
      desk.end(check, 'passed', staff)
      return ok(answer(context, check, null, made))
    },
    form: ({ check, staff, approved }) => canonicalJson({ check, staff, approved }),
    ...riskCheckAnswerCodec,
  }
}

/** `payments.deny-check`: staff refuse a held payment, and its money goes back. */
export function denyCheckKind(context: PaymentContext): CommandKind<DecideCheckInput, RiskCheckAnswer> {
  return {
    name: 'payments.deny-check',
    need: ({ check }) => context.tables.riskChecks.need(check),
    decide: ({ check: id, staff }) => {
      const found = openFor(context, id, 'deny', 'staff')
      return found.ok ? ok(giveUp(context, found.value, 'denied', staff)) : found
    },
    form: ({ check, staff }) => canonicalJson({ check, staff }),
    ...riskCheckAnswerCodec,
  }
}

/** `payments.call-off-check`: the payer takes back a payment that is not made yet; who was talked into one may still think better of it. */
export function callOffCheckKind(
  context: PaymentContext,
): CommandKind<{ readonly check: number; readonly customer: number }, RiskCheckAnswer> {
  return {
    name: 'payments.call-off-check',
    need: ({ check }) => context.tables.riskChecks.need(check),
    decide: ({ check: id, customer }) => {
      const found = openFor(context, id, 'call_off', 'payer', customer)
      return found.ok ? ok(giveUp(context, found.value, 'called_off', 'payer')) : found
    },
    form: ({ check, customer }) => canonicalJson({ check, customer }),
    ...riskCheckAnswerCodec,
  }
}

/** `payments.lapse-check`: its time is over. Judged anew, so an answer or a decision that won is left alone. */
export function lapseCheckKind(context: PaymentContext): CommandKind<{ readonly check: number }, RiskCheckAnswer> {
  return {
    name: 'payments.lapse-check',
    need: ({ check }) => context.tables.riskChecks.need(check),
    decide: ({ check: id }) => {
      const due = openFor(context, id, 'lapse', 'time')
      if (!due.ok) return due
      const resumes = due.value.state === 'awaiting_proof' && due.value.kind === 'trade'
      return ok(resumes ? resume(context, due.value) : giveUp(context, due.value, 'lapsed', 'time'))
    },
    form: ({ check }) => canonicalJson({ check }),
    ...riskCheckAnswerCodec,
  }
}

/** The check, if this actor may take the action now. */
function openFor(
  { set, tables }: PaymentContext,
  id: number,
  action: RiskCheckAction,
  actor: RiskCheckActor,
  customer?: number,
): Result<RiskCheck, PaymentRefusal> {
  const check = tables.riskChecks.get(id)
  if (check === undefined || (customer !== undefined && check.customer !== customer)) {
    return refuse('risk_check_not_found')
  }
  const fault = riskCheckFault(check, action, actor, set.batch.at)
  return fault === undefined ? ok(check) : refuse(fault)
}

/** The payment is not made: what was held goes back, and a trade closes. */
function giveUp(
  context: PaymentContext,
  check: RiskCheck,
  state: 'denied' | 'lapsed' | 'called_off',
  by: string,
): RiskCheckAnswer {
  const { set, desk } = context
  let trade: Trade | null = null
  if (check.kind === 'trade') {
    const cause = state === 'called_off' ? 'cancelled' : 'refused'
    const refused = decideRefusing(tradeOf(context, check), cause, set.batch.at)
    invariant(refused.ok, 'a trade that is looked at can be refused')
    trade = refused.value
  }
  giveBackHeld(context, check)
  if (trade !== null) storeEnded(context, trade)
  desk.end(check, state, by)
  return answer(context, check, trade, null)
}

/** Nobody proved more in time: the trade waits for its payment as before. */
function resume(context: PaymentContext, check: RiskCheck): RiskCheckAnswer {
  const resumed = decideResuming(tradeOf(context, check))
  invariant(resumed.ok, 'a trade that waits for a proof can be resumed')
  context.tables.trades.put(resumed.value.id, resumed.value)
  context.desk.end(check, 'lapsed', 'time')
  return answer(context, check, resumed.value, null)
}

function tradeOf({ tables }: PaymentContext, check: RiskCheck): Trade {
  const trade = tables.trades.get(check.subject)
  invariant(trade?.riskCheck === check.id, 'a check of a trade is the check of that trade')
  return trade
}

/** The transfer as its check keeps it, with the wallets on its two sides. */
function transferOf(
  context: PaymentContext,
  { subject: id, customer, payee, transferNumber, amountMinor, title, remark }: RiskCheck,
) {
  const { party, purses, set } = context
  invariant(transferNumber !== null, 'a check of a transfer has the number of the transfer')
  needFollowingTransfer(context, customer, payee)
  const from = purses.wallet(customer, 'payer')
  const to = purses.wallet(payee, 'payee')
  if (from === undefined || party.customer(customer)?.status !== 'active') return refuse('payer_blocked')
  if (to === undefined || party.customer(payee)?.status !== 'active') return refuse('payee_blocked')
  const payer = { kind: 'customer', id: customer } as const
  const stated = { id, payer, transferNumber, payee, amountMinor, title, remark }
  const transfer: WalletTransfer = { ...stated, currency: WALLET_CURRENCY, createdAt: set.batch.at }
  return ok({ transfer, from, to })
}

function answer(
  { tables }: PaymentContext,
  { id }: RiskCheck,
  trade: Trade | null,
  transfer: WalletTransfer | null,
): RiskCheckAnswer {
  const check = tables.riskChecks.get(id)
  invariant(check !== undefined, 'a check that was changed is there')
  return {
    check: riskCheckView(check),
    trade: trade === null ? null : tradeView(trade),
    transfer: transfer === null ? null : transferView(transfer),
  }
}
