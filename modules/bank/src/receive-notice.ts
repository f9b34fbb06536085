import type { EntryNoticeMessage } from '@huitong/iso20022'
import { CNY, invariant } from '@huitong/kernel'
import type { BankContext } from './context.ts'

/** camt.054: a netting window settled. What net payments came to moves between the bank's netting account and its settlement account. */
export function receiveNotice(context: BankContext, { notices }: EntryNoticeMessage): string {
  const { books } = context
  for (const { amount, side } of notices.flatMap(({ entries = [] }) => entries)) {
    const [netting, settlement] = [context.house('netting'), context.house('settlement')]
    const sides = side === 'CRDT' ? { debit: settlement, credit: netting } : { debit: netting, credit: settlement }
    const moved = books.transfer({
      ...{ ...sides, amountMinor: amount.minor, currency: CNY, code: 'net_settlement', reference: null },
    })
    invariant(moved.ok, 'what the clearing house settled is on our settlement account')
  }
  return 'settled'
}
