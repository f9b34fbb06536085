import type { CreditTransfer } from '@huitong/iso20022'
import { CNY, err, ok, type Result } from '@huitong/kernel'
import type { Participant } from './participant.ts'
import type { Payment, SettlementMode } from './payment.ts'
import type { Rejection } from './rejection.ts'

/** All that a credit transfer is judged by. */
export interface TransferView {
  readonly transfer: CreditTransfer
  /** How many transfers its message has. */
  readonly count: number
  readonly sender: Participant
  /** Whom the transfer names as the payee's bank, where that is a participant. */
  readonly payee: Participant | undefined
  /** What has its UETR, came with its message's id, and has its end-to-end id from this sender. */
  readonly sameUetr: Payment | undefined
  readonly sameMessageId: string | undefined
  readonly sameEndToEndId: string | undefined
}

export type Taken =
  | { readonly taken: 'repeat'; readonly repeated: Payment }
  | { readonly taken: 'new'; readonly mode: SettlementMode }

/** Takes it, knows it again, or says why not: the first reason of `REJECTIONS` that applies. Money is looked at afterwards. */
export function decideTransfer(view: TransferView): Result<Taken, Rejection> {
  const { transfer, count, sender, payee, sameUetr, sameMessageId, sameEndToEndId } = view
  if (sameMessageId !== undefined) {
    const same = sameUetr !== undefined && sameMessageId === transfer.uetr && isSame(sameUetr, transfer)
    return same ? ok({ taken: 'repeat', repeated: sameUetr }) : err('message_id_reused')
  }
  if (count !== 1) return err('not_one_transaction')
  if (sameUetr !== undefined) return err('uetr_reused')
  if (sameEndToEndId !== undefined) return err('end_to_end_id_reused')
  if (sender.status === 'suspended') return err('sender_suspended')
  if (transfer.debtorAgent !== sender.member) return err('sender_not_debtor_agent')
  if (transfer.creditorAgent === sender.member) return err('same_institution')
  if (payee === undefined) return err('payee_unknown')
  if (payee.status === 'suspended') return err('payee_suspended')
  if (transfer.amount.currency !== CNY) return err('currency_not_settled')
  return ok({ taken: 'new', mode: modeOf(transfer) })
}

/** Net where the sender asks for net settlement, else each for itself. */
function modeOf({ channel }: CreditTransfer): SettlementMode {
  return channel === 'RTNS' || channel === 'MPNS' ? 'net' : 'gross'
}

function isSame(payment: Payment, { amount, creditorAgent, debtorAgent, endToEndId }: CreditTransfer): boolean {
  const { amountMinor, payee, payer } = payment
  return (
    amountMinor === amount.minor &&
    amount.currency === CNY &&
    payee === creditorAgent &&
    payer === debtorAgent &&
    payment.endToEndId === endToEndId
  )
}
