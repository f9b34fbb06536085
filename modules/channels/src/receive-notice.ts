import type { EntryNoticeMessage } from '@huitong/iso20022'
import { invariant } from '@huitong/kernel'
import type { ChannelContext } from './context.ts'
import { NETTING } from './order.ts'

/** camt.054: a netting window settled. What the orders in it came to moves between what is in transit and the reserve. */
export function receiveNotice(context: ChannelContext, { notices }: EntryNoticeMessage): string {
  const { purses } = context
  for (const { amount, side } of notices.flatMap(({ entries = [] }) => entries)) {
    const [netting, reserve] = [context.between(NETTING), purses.house('reserve')]
    const parties = side === 'CRDT' ? { from: reserve, to: netting } : { from: netting, to: reserve }
    const moved = purses.move({ ...parties, amountMinor: amount.minor, code: 'net_settlement', reference: null })
    invariant(moved.ok, 'what the clearing house settled is in the reserve')
  }
  return 'settled'
}
