import type { CommandKind } from '@huitong/committer'
import { canonicalJson, ok, slotOf } from '@huitong/kernel'
import Type, { type Static } from 'typebox'
import { answerCodec } from './answer-codec.ts'
import type { PaymentContext } from './context.ts'
import { WALLET_CURRENCY } from './limits.ts'
import { type PayerInput, payerProof } from './payer-proof.ts'
import { checkedTransferKey } from './risk-check-store.ts'
import { RiskCheckView, riskCheckView } from './risk-check-views.ts'
import { refuse } from './trade-refusals.ts'
import { TransferView, transferView } from './views.ts'
import { type Payer, transferKey, type WalletTransfer } from './wallet-transfer.ts'
import { decideTransfer, type TransferTerms } from './wallet-transfer-decide.ts'
import { openTransferCheck, recordTransfer, sendTransfer } from './wallet-transfer-make.ts'

export interface TransferInput extends TransferTerms, PayerInput {}

export const TransferAnswer = Type.Object({
  /** Null while it waits for a further proof or for staff. */
  transfer: Type.Union([TransferView, Type.Null()]),
  /** The check under which it waits. */
  check: Type.Union([RiskCheckView, Type.Null()]),
  changed: Type.Boolean(),
})
export type TransferAnswer = Static<typeof TransferAnswer>

/** `payments.transfer`: money to a customer's wallet. The transfer number makes a repeat harmless. */
export function transferKind(context: PaymentContext): CommandKind<TransferInput, TransferAnswer> {
  const { set, party, purses, tables } = context

  function payerStands(payer: Payer): boolean | undefined {
    const status = payer.kind === 'merchant' ? party.merchant(payer.id)?.status : party.customer(payer.id)?.status
    return status === undefined ? undefined : status === 'active'
  }

  return {
    name: 'payments.transfer',
    need: ({ payer, payee, transferNumber }) => {
      tables.transfers.need(transferKey(payer, transferNumber))
      if (payer.kind === 'merchant') {
        party.needMerchant(payer.id)
        purses.needMerchantAccount(payer.id)
      } else {
        context.outlays.need(payer.id)
        tables.checkedTransfers.need(checkedTransferKey(payer.id, transferNumber))
        purses.needWallet(payer.id)
      }
      party.needCustomer(payee)
      purses.needWallet(payee)
      tables.totals.need(WALLET_CURRENCY)
    },
    decide: ({ strength, assessment, ...input }) => {
      const { payer, payee, amountMinor } = input
      const payerActive = payerStands(payer)
      if (payerActive === undefined)
        return refuse(payer.kind === 'merchant' ? 'merchant_not_found' : 'customer_not_found')
      const receiver = party.customer(payee)
      const to = purses.wallet(payee, 'payee')
      if (receiver === undefined || to === undefined) return refuse('payee_not_found')
      const key = transferKey(payer, input.transferNumber)
      const before = tables.transfers.get(key)
      const decided = decideTransfer(input, before)
      if (!decided.ok) return decided
      if (before !== undefined) return ok({ transfer: transferView(before), check: null, changed: false })
      const waiting = payer.kind === 'customer' ? openTransferCheck(context, payer.id, input.transferNumber) : undefined
      if (waiting !== undefined) {
        const same = waiting.payee === payee && waiting.amountMinor === amountMinor
        return same
          ? ok({ transfer: null, check: riskCheckView(waiting), changed: false })
          : refuse('transfer_inconsistent')
      }
      const from = payer.kind === 'merchant' ? purses.merchantAccount(payer.id) : purses.wallet(payer.id, 'payer')
      if (from === undefined || !payerActive)
        return refuse(payer.kind === 'merchant' ? 'merchant_blocked' : 'payer_blocked')
      if (receiver.status !== 'active') return refuse('payee_blocked')
      const transfer: WalletTransfer = {
        id: set.newId(slotOf(payer.id)),
        ...input,
        currency: WALLET_CURRENCY,
        createdAt: set.batch.at,
      }
      if (payer.kind === 'customer') {
        const made = sendTransfer(context, { transfer, from, to }, payerProof('transfer', { strength, assessment }))
        if (!made.ok) return made
        return made.value.check === null
          ? ok({ transfer: transferView(made.value.transfer), check: null, changed: true })
          : ok({ transfer: null, check: riskCheckView(made.value.check), changed: true })
      }
      // A merchant's limits are in its contract; a customer's are the law's. What is asked of a payer's proof is asked of persons.
      const moved = purses.move({ from, to, amountMinor, code: 'transfer', reference: transfer.id })
      if (!moved.ok) return moved
      recordTransfer(context, transfer)
      return ok({ transfer: transferView(transfer), check: null, changed: true })
    },
    form: ({ payer, payee, transferNumber, amountMinor, title, remark }) =>
      canonicalJson({
        payer: { kind: payer.kind, id: payer.id },
        payee,
        transferNumber,
        amount: amountMinor.toString(),
        title,
        remark,
      }),
    ...answerCodec(TransferAnswer),
  }
}
