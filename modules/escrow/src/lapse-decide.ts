import { type Micros, ok } from '@huitong/kernel'
import { standingOfferMinor } from './dispute.ts'
import { ended } from './dispute-decide.ts'
import { dated, type Escrow, nextDue, note, settled } from './escrow.ts'
import { refuse } from './escrow-refusals.ts'
import { type StepNote, TIME } from './step.ts'
import { releaseOpen, returnUnshipped, type StepResult } from './trade-decide.ts'

/**
 * What time does when nobody did anything: every state has a way out here, so no money stays held for ever.
 *
 * - An unpaid trade closes.
 * - What is not shipped in time goes back to the buyer.
 * - Silence of the buyer confirms a shipment.
 * - Silence of a side in a dispute accepts the other side's last offer.
 * - What staff have not judged in time goes as the buyer asked last: the institution promised to judge.
 */
export function decideLapse(escrow: Escrow, now: Micros): StepResult {
  const due = nextDue(escrow)
  if (due === null || due > now) return refuse('trade_not_due')
  const notes: StepNote[] = []
  let after = escrow
  const { trade } = escrow
  if (trade.state === 'awaiting_payment') {
    after = dated({ ...escrow, trade: { ...trade, state: 'closed', closingCause: 'expired', endedAt: now } })
    return ok({ escrow: after, notes: [note('expired', TIME, escrow, after)] })
  }
  if (trade.unshippedMinor > 0n && trade.shipBy !== null && trade.shipBy <= now) {
    after = settled(returnUnshipped(after), 'not_shipped', now)
    notes.push(note('not_shipped', TIME, escrow, after, { amountMinor: trade.unshippedMinor }))
  }
  for (const shipment of escrow.shipments) {
    if (shipment.openMinor === 0n || shipment.confirmBy > now) continue
    const before = after
    after = settled(releaseOpen(after, shipment), 'returned', now)
    const about = { shipment: shipment.number, amountMinor: shipment.openMinor }
    notes.push(note('confirmed_by_time', TIME, before, after, about))
  }
  for (const dispute of escrow.disputes) {
    if (dispute.state === 'ended' || dispute.dueBy > now) continue
    const judging = dispute.state === 'judging'
    const refundMinor = judging ? dispute.buyerOfferMinor : standingOfferMinor(dispute)
    const over = ended(after, TIME, dispute, judging ? 'unjudged' : 'lapsed', refundMinor, now)
    after = over.escrow
    notes.push(...over.notes)
  }
  return ok({ escrow: after, notes })
}
