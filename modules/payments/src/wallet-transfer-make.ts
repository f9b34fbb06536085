import { ok, type Result, slotOf } from '@huitong/kernel'
import type { PaymentContext } from './context.ts'
import { TRANSFER_MINOR_MAX, WALLET_CURRENCY } from './limits.ts'
import type { PayerProof } from './payer-proof.ts'
import { transferEvent } from './payment-events.ts'
import type { Purse } from './purse.ts'
import { isOpen, type RiskCheck } from './risk-check.ts'
import { checkedTransferKey } from './risk-check-store.ts'
import type { RiskSubject } from './risk-desk.ts'
import { type PaymentRefusal, refuse } from './trade-refusals.ts'
import { transferKey, type WalletTransfer } from './wallet-transfer.ts'

/** A transfer between customers that follows from something else: a code that was scanned, a request that is paid. */
export interface FollowingTransfer {
  readonly payer: number
  readonly payee: number
  readonly amountMinor: bigint
  readonly title: string | null
  readonly remark: string | null
  /** What it follows from, such as `code` or `request`. */
  readonly cause: string
  /** How well the payer proved who he is, on which his limits and the verdict hang. */
  readonly proof: PayerProof
}

export function needFollowingTransfer(
  { outlays, party, purses, tables }: PaymentContext,
  payer: number,
  payee: number,
): void {
  outlays.need(payer)
  party.needCustomer(payee)
  for (const customer of [payer, payee]) purses.needWallet(customer)
  tables.totals.need(WALLET_CURRENCY)
}

/** A transfer that was made, or one that waits for a further proof or for staff. */
export type MadeTransfer =
  | { readonly transfer: WalletTransfer; readonly check: null }
  | { readonly transfer: null; readonly check: RiskCheck }

/**
 * A transfer between customers that was judged here, its money moved or held. Its number has a colon in it, which no number of a payer's
 * own can have, and its own id, so it meets no other.
 */
export function makeFollowingTransfer(
  context: PaymentContext,
  following: FollowingTransfer,
): Result<MadeTransfer, PaymentRefusal> {
  const begun = beginFollowing(context, following)
  return begun.ok ? sendTransfer(context, begun.value, following.proof) : begun
}

/** The same for what cannot wait: it is made at once or refused. */
export function makeFollowingTransferAtOnce(
  context: PaymentContext,
  following: FollowingTransfer,
): Result<WalletTransfer, PaymentRefusal> {
  const begun = beginFollowing(context, following)
  if (!begun.ok) return begun
  const { transfer, from, to } = begun.value
  const { id, amountMinor } = transfer
  const spent = context.outlays.spendAtOnce({
    ...{ customer: following.payer, amountMinor, reference: id, proof: following.proof },
  })
  if (!spent.ok) return spent
  const moved = context.purses.move({ from, to, amountMinor, code: 'transfer', reference: id })
  if (!moved.ok) return moved
  recordTransfer(context, transfer)
  return ok(transfer)
}

/** A transfer that may be made as far as its two sides go. */
export interface BegunTransfer {
  readonly transfer: WalletTransfer
  readonly from: Purse
  readonly to: Purse
}

function beginFollowing(
  { set, party, purses }: PaymentContext,
  { payer, payee, amountMinor, title, remark, cause }: FollowingTransfer,
): Result<BegunTransfer, PaymentRefusal> {
  const sender = party.customer(payer)
  const receiver = party.customer(payee)
  const to = purses.wallet(payee, 'payee')
  if (sender === undefined) return refuse('customer_not_found')
  if (receiver === undefined || to === undefined) return refuse('payee_not_found')
  if (amountMinor <= 0n || amountMinor > TRANSFER_MINOR_MAX) return refuse('amount_out_of_range')
  if (payer === payee) return refuse('payer_is_payee')
  const from = purses.wallet(payer, 'payer')
  if (from === undefined || sender.status !== 'active') return refuse('payer_blocked')
  if (receiver.status !== 'active') return refuse('payee_blocked')
  const id = set.newId(slotOf(payer))
  const transfer: WalletTransfer = {
    id,
    payer: { kind: 'customer', id: payer },
    transferNumber: `${cause}:${id}`,
    ...{ payee, amountMinor, title, remark, currency: WALLET_CURRENCY, createdAt: set.batch.at },
  }
  return ok({ transfer, from, to })
}

/** Judges a customer's transfer and makes it, or lets it wait. `before` is the check that it waits under already. */
export function sendTransfer(
  context: PaymentContext,
  { transfer, from, to }: BegunTransfer,
  proof: PayerProof,
  before?: RiskCheck,
): Result<MadeTransfer, PaymentRefusal> {
  const { set, outlays, purses, desk, tables } = context
  const { id, payer, payee, transferNumber, amountMinor, title, remark } = transfer
  const outlay = { customer: payer.id, amountMinor, reference: id, proof }
  const verdict = outlays.judge(outlay)
  if (verdict.outcome === 'deny') return refuse('payment_denied')
  const about: RiskSubject = {
    ...{ kind: 'transfer', subject: id, customer: payer.id, payee, amountMinor, way: proof.way },
    ...{ transferNumber, title, remark },
  }
  if (verdict.outcome === 'step_up') {
    return waiting(desk.challenge(about, verdict, Number.MAX_SAFE_INTEGER, before))
  }
  const spent = outlays.spend(outlay, verdict)
  if (!spent.ok) return spent
  const move = { from, to, amountMinor, code: 'transfer', reference: id } as const
  if (verdict.outcome === 'hold') {
    const held = purses.hold(move)
    return held.ok ? waiting(desk.hold(about, verdict, held.value, before)) : held
  }
  const moved = purses.move(move)
  if (!moved.ok) return moved
  desk.passed(before)
  const made = { ...transfer, createdAt: set.batch.at }
  recordTransfer(context, made)
  return ok({ transfer: made, check: null })

  function waiting(check: RiskCheck): Result<MadeTransfer, PaymentRefusal> {
    tables.checkedTransfers.put(checkedTransferKey(check.customer, transferNumber), check.id)
    return ok({ transfer: null, check })
  }
}

/** The check that a payer's transfer waits under, if it does. */
export function openTransferCheck({ tables }: PaymentContext, payer: number, number: string): RiskCheck | undefined {
  const id = tables.checkedTransfers.get(checkedTransferKey(payer, number))
  const found = id === undefined ? undefined : tables.riskChecks.get(id)
  return found !== undefined && isOpen(found) ? found : undefined
}

/** Stores a transfer whose money has moved, counts it and tells of it. */
export function recordTransfer(context: PaymentContext, transfer: WalletTransfer): void {
  const { set, tables } = context
  tables.transfers.add(transferKey(transfer.payer, transfer.transferNumber), transfer)
  context.addToTotals({ transfers: 1n, transferredMinor: transfer.amountMinor })
  set.emit(transferEvent(transfer))
}
