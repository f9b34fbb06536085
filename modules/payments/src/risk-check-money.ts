import { invariant } from '@huitong/kernel'
import type { PaymentContext } from './context.ts'
import { isOpen, type RiskCheck } from './risk-check.ts'
import type { Trade } from './trade.ts'

/** Gives back what a check holds, and what it counted against the payer's limits. What waits for a proof holds nothing. */
export function giveBackHeld({ purses, outlays, limits }: PaymentContext, check: RiskCheck): void {
  if (check.state !== 'held') return
  invariant(check.hold !== null, 'a held payment has its money in a hold')
  purses.needHold(check.hold)
  outlays.need(check.customer)
  purses.release(check.hold)
  limits.giveBack(check.subject, check.amountMinor)
}

/** A trade ends that was being looked at: so does its check, and what was held goes back. */
export function giveUpCheck(context: PaymentContext, trade: Trade, by: 'merchant' | 'time'): void {
  if (trade.state !== 'awaiting_proof' && trade.state !== 'held') return
  const check = context.desk.check(trade.riskCheck)
  invariant(check !== undefined && isOpen(check), 'a trade that is looked at has an open check')
  giveBackHeld(context, check)
  context.desk.end(check, by === 'time' ? 'lapsed' : 'called_off', by)
}
