import type { CommandKind } from '@huitong/committer'
import { canonicalJson, formatAmount, ok, slotOf } from '@huitong/kernel'
import Type, { type Static } from 'typebox'
import { answerCodec } from './answer-codec.ts'
import type { PaymentContext } from './context.ts'
import {
  DELAYED_TRANSFER_STATES,
  type DelayedTransfer,
  delayedTransferFault,
  delayedTransferKey,
} from './delayed-transfer.ts'
import { WALLET_CURRENCY } from './limits.ts'
import { type PayerInput, payerProof } from './payer-proof.ts'
import { delayedTransferEvent } from './people-events.ts'
import { BulkAnswer } from './trade-end-commands.ts'
import { refuse } from './trade-refusals.ts'
import type { WalletTransfer } from './wallet-transfer.ts'
import { decideTransfer } from './wallet-transfer-decide.ts'
import { needFollowingTransfer, recordTransfer } from './wallet-transfer-make.ts'

export const DelayedTransferView = Type.Object({
  id: Type.Integer(),
  payer: Type.Integer(),
  transferNumber: Type.String(),
  payee: Type.Integer(),
  amount: Type.String(),
  title: Type.Union([Type.String(), Type.Null()]),
  remark: Type.Union([Type.String(), Type.Null()]),
  state: Type.Enum([...DELAYED_TRANSFER_STATES]),
  createdAt: Type.Integer(),
  releasesAt: Type.Integer(),
  endedAt: Type.Union([Type.Integer(), Type.Null()]),
  transfer: Type.Union([Type.Integer(), Type.Null()]),
})
export type DelayedTransferView = Static<typeof DelayedTransferView>

export function delayedTransferView({ amountMinor, hold: _, ...rest }: DelayedTransfer): DelayedTransferView {
  return { ...rest, amount: formatAmount(amountMinor, WALLET_CURRENCY) }
}

export const DelayedTransferAnswer = Type.Object({ transfer: DelayedTransferView, changed: Type.Boolean() })
export type DelayedTransferAnswer = Static<typeof DelayedTransferAnswer>

export interface DelayTransferInput extends PayerInput {
  readonly payer: number
  readonly transferNumber: string
  readonly payee: number
  readonly amountMinor: bigint
  readonly title: string | null
  readonly remark: string | null
  /** In µs. */
  readonly delay: number
}

/** A delayed transfer, as its payer names it. */
export interface DelayedTransferReference {
  readonly payer: number
  readonly transferNumber: string
}

/** `payments.delay-transfer`: holds the money of a transfer that can be recalled. The number makes a repeat harmless. */
export function delayTransferKind(context: PaymentContext): CommandKind<DelayTransferInput, DelayedTransferAnswer> {
  const { set, party, purses, tables } = context
  return {
    name: 'payments.delay-transfer',
    need: ({ payer, payee, transferNumber }) => {
      tables.delayedTransfers.need(delayedTransferKey(payer, transferNumber))
      needFollowingTransfer(context, payer, payee)
    },
    decide: ({ delay, strength, assessment, ...terms }) => {
      const { payer, payee, transferNumber, amountMinor } = terms
      const now = set.batch.at
      const sender = party.customer(payer)
      const receiver = party.customer(payee)
      const to = purses.wallet(payee, 'payee')
      if (sender === undefined) return refuse('customer_not_found')
      if (receiver === undefined || to === undefined) return refuse('payee_not_found')
      const decided = decideTransfer({ ...terms, payer: { kind: 'customer', id: payer } }, undefined)
      if (!decided.ok) return decided
      const key = delayedTransferKey(payer, transferNumber)
      const before = tables.delayedTransfers.get(key)
      if (before !== undefined) {
        const same = before.payee === payee && before.amountMinor === amountMinor
        return same ? ok({ transfer: delayedTransferView(before), changed: false }) : refuse('transfer_inconsistent')
      }
      const from = purses.wallet(payer, 'payer')
      if (from === undefined || sender.status !== 'active') return refuse('payer_blocked')
      if (receiver.status !== 'active') return refuse('payee_blocked')
      const id = set.newId(slotOf(payer))
      // Counted when the money is held: a transfer that waits has left what may be spent.
      const proof = payerProof('transfer', { strength, assessment })
      const spent = context.outlays.spendAtOnce({ customer: payer, amountMinor, reference: id, proof })
      if (!spent.ok) return spent
      const hold = purses.hold({ from, to, amountMinor, code: 'transfer', reference: id })
      if (!hold.ok) return hold
      const transfer: DelayedTransfer = {
        ...{ ...terms, id, hold: hold.value, state: 'held', createdAt: now, releasesAt: now + delay },
        endedAt: null,
        transfer: null,
      }
      tables.delayedTransfers.put(key, transfer)
      set.emit(delayedTransferEvent('transfer.delayed', transfer, now))
      return ok({ transfer: delayedTransferView(transfer), changed: true })
    },
    form: ({ amountMinor, strength: _, assessment: __, ...rest }) =>
      canonicalJson({ ...rest, amount: amountMinor.toString() }),
    ...answerCodec(DelayedTransferAnswer),
  }
}

/** `payments.recall-transfer`: the payer takes it back in time. */
export function recallTransferKind(
  context: PaymentContext,
): CommandKind<DelayedTransferReference, DelayedTransferAnswer> {
  const { set, purses, tables } = context
  return {
    name: 'payments.recall-transfer',
    need: ({ payer, transferNumber }) => tables.delayedTransfers.need(delayedTransferKey(payer, transferNumber)),
    decide: ({ payer, transferNumber }) => {
      const now = set.batch.at
      const transfer = tables.delayedTransfers.get(delayedTransferKey(payer, transferNumber))
      if (transfer === undefined) return refuse('delayed_transfer_not_found')
      const fault = delayedTransferFault(transfer, 'recall', now)
      if (fault !== undefined) return refuse(fault)
      purses.release(transfer.hold)
      context.limits.giveBack(transfer.id, transfer.amountMinor)
      const recalled = end(context, { ...transfer, state: 'recalled', endedAt: now })
      set.emit(delayedTransferEvent('transfer.recalled', recalled, now))
      return ok({ transfer: delayedTransferView(recalled), changed: true })
    },
    form: ({ payer, transferNumber }) => canonicalJson({ payer, transferNumber }),
    ...answerCodec(DelayedTransferAnswer),
  }
}

/** `payments.release-transfers`: sends those whose time is over. Each is judged anew, so a recall that won is left alone. */
export function releaseTransfersKind(
  context: PaymentContext,
): CommandKind<{ readonly transfers: readonly DelayedTransferReference[] }, BulkAnswer> {
  const { set, party, purses, tables } = context

  function release(transfer: DelayedTransfer): void {
    const now = set.batch.at
    const { id, payer, payee, amountMinor, title, remark } = transfer
    const active = party.customer(payer)?.status === 'active' && party.customer(payee)?.status === 'active'
    const moved = active ? purses.capture(transfer.hold, amountMinor, id) : undefined
    if (moved?.ok !== true) {
      purses.release(transfer.hold)
      context.limits.giveBack(id, amountMinor)
      set.emit(
        delayedTransferEvent('transfer.returned', end(context, { ...transfer, state: 'returned', endedAt: now }), now),
      )
      return
    }
    const sent: WalletTransfer = {
      ...{ id: set.newId(slotOf(payer)), payer: { kind: 'customer', id: payer }, transferNumber: `delayed:${id}` },
      ...{ payee, amountMinor, title, remark, currency: WALLET_CURRENCY, createdAt: now },
    }
    recordTransfer(context, sent)
    end(context, { ...transfer, state: 'sent', endedAt: now, transfer: sent.id })
  }

  return {
    name: 'payments.release-transfers',
    need: ({ transfers }) => {
      for (const { payer, transferNumber } of transfers) {
        tables.delayedTransfers.need(delayedTransferKey(payer, transferNumber))
      }
      tables.totals.need(WALLET_CURRENCY)
    },
    decide: ({ transfers }) => {
      const due: DelayedTransfer[] = []
      for (const { payer, transferNumber } of transfers) {
        const transfer = tables.delayedTransfers.get(delayedTransferKey(payer, transferNumber))
        if (transfer === undefined || delayedTransferFault(transfer, 'release', set.batch.at) !== undefined) continue
        purses.needHold(transfer.hold)
        needFollowingTransfer(context, transfer.payer, transfer.payee)
        due.push(transfer)
      }
      set.each(due, release)
      return ok({ changed: due.length, skipped: transfers.length - due.length })
    },
    form: ({ transfers }) => canonicalJson({ transfers: transfers.map((one) => `${one.payer}:${one.transferNumber}`) }),
    ...answerCodec(BulkAnswer),
  }
}

function end({ tables }: PaymentContext, transfer: DelayedTransfer): DelayedTransfer {
  tables.delayedTransfers.put(delayedTransferKey(transfer.payer, transfer.transferNumber), transfer)
  return transfer
}
