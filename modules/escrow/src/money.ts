import { ok, type Result } from '@huitong/kernel'
import type { Party } from '@huitong/party'
import {
  limitStrength,
  type Outlays,
  type PayerInput,
  type Purse,
  type Purses,
  payerProof,
  returnedParts,
  type TenderChoice,
  type Tendering,
} from '@huitong/payments'
import { type EscrowRefusal, refuse } from './escrow-refusals.ts'
import { backMinor, type EscrowTrade } from './escrow-trade.ts'

/*
 * Where a trade's decision and the ledger meet. The money that moves is the difference between the trade before and after, so a row
 * cannot say one thing and the ledger another.
 */

interface MoneyDeps {
  readonly purses: Purses
  readonly tendering: Tendering
  readonly party: Party
  readonly outlays: Outlays
  readonly escrowPurse: (merchant: number) => Purse
}

/** How the buyer pays, in the step that does. */
export interface BuyerPays {
  /** How well he proved who he is. */
  readonly payer: PayerInput
  /** Null: in the buyer's usual order. */
  readonly tenders: readonly TenderChoice[] | null
}

/** Moves the money of a step; the trade after it, with what its tenders gave and got back. */
export function moveMoney(
  { purses, tendering, outlays, party, escrowPurse }: MoneyDeps,
  before: EscrowTrade,
  after: EscrowTrade,
  { payer, tenders: choices }: BuyerPays,
): Result<EscrowTrade, EscrowRefusal> {
  const { merchant, buyer, id: reference } = after
  const grown = (
    of: 'paidMinor' | 'releasedMinor' | 'returnedMinor' | 'feeMinor' | 'refundedMinor' | 'feeReturnedMinor',
  ) => after[of] - before[of]
  const paidMinor = grown('paidMinor')
  const releasedMinor = grown('releasedMinor')
  const returnedMinor = grown('returnedMinor')
  const refundedMinor = grown('refundedMinor')
  let parts = before.tenders
  let returnedBeforeMinor = backMinor(before)

  if (paidMinor > 0n) {
    if (party.merchant(merchant)?.status !== 'active') return refuse('merchant_blocked')
    if (party.customer(buyer)?.status !== 'active') return refuse('payer_blocked')
    const proof = payerProof('escrow', payer)
    const admitted = outlays.admit({ customer: buyer, amountMinor: paidMinor, reference, proof })
    if (!admitted.ok) return admitted
    const terms = { payer: buyer, merchant, totalMinor: paidMinor, discountableMinor: null, goods: [], without: [] }
    const paid = tendering.pay({
      ...{ ...terms, strength: limitStrength(proof), judgedBy: admitted.value.by, choices, explains: true, reference },
      ...{ to: escrowPurse(merchant), code: 'escrow_hold' },
    })
    if (!paid.ok) return paid
    parts = paid.value
  }
  if (releasedMinor > 0n) {
    const account = purses.merchantAccount(merchant)
    if (account === undefined) return refuse('merchant_blocked')
    const from = escrowPurse(merchant)
    const code = 'escrow_release'
    const released = purses.move({ from, to: account, amountMinor: releasedMinor, code, reference })
    if (!released.ok) return released
    const charged = moveFee(account, purses.house('fee_income'), grown('feeMinor'), 'merchant_fee')
    if (!charged.ok) return charged
  }
  if (returnedMinor > 0n) {
    const returned = giveBack(escrowPurse(merchant), returnedMinor, 'escrow_return')
    if (!returned.ok) return returned
  }
  if (refundedMinor > 0n) {
    const account = purses.merchantAccount(merchant)
    if (account === undefined) return refuse('merchant_blocked')
    // The fee first: a merchant who has nothing but this payment can refund all of it.
    const returned = moveFee(purses.house('fee_income'), account, grown('feeReturnedMinor'), 'fee_return')
    if (!returned.ok) return returned
    const refunded = giveBack(account, refundedMinor, 'refund')
    if (!refunded.ok) return refunded
  }
  return ok({ ...after, tenders: parts === null ? null : returnedParts(parts, returnedBeforeMinor) })

  /** To the tenders that paid, which give the limits back what counted against them. */
  function giveBack(
    from: Purse,
    amountMinor: bigint,
    code: 'escrow_return' | 'refund',
  ): Result<unknown, EscrowRefusal> {
    const back = { payer: buyer, purchase: reference, parts, amountMinor, returnedBeforeMinor, from, code, reference }
    returnedBeforeMinor += amountMinor
    return tendering.giveBack(back)
  }

  function moveFee(
    from: Purse,
    to: Purse,
    amountMinor: bigint,
    code: 'merchant_fee' | 'fee_return',
  ): Result<number | null, EscrowRefusal> {
    return amountMinor === 0n ? ok(null) : purses.move({ from, to, amountMinor, code, reference })
  }
}
