import type { StatusReportMessage } from '@huitong/iso20022'
import { invariant } from '@huitong/kernel'
import type { BankContext } from './context.ts'
import { referenceOf } from './messages.ts'
import type { ClearingWord } from './payment.ts'
import { applyWord } from './settlement.ts'

/** What the clearing house says, as far as money goes by it. Words between yes and no leave a payment as it is. */
function wordOf(status: string): ClearingWord {
  if (status === 'RJCT' || status === 'CANC') return 'rejected'
  return status === 'ACSC' || status === 'ACCC' ? 'settled' : 'pending'
}

/** pacs.002: how a payment stands at the clearing house. */
export function receiveStatus(context: BankContext, { statuses }: StatusReportMessage): string {
  const [said] = statuses
  invariant(said !== undefined, 'a status report has a status')
  const reference = referenceOf(said)
  if (reference === undefined) return 'unknown_original'
  context.payments.need(reference)
  const payment = context.payments.get(reference)
  if (payment === undefined) return 'unknown_original'
  return applyWord(context, payment, wordOf(said.status), said.reason ?? 'NARR').state
}
