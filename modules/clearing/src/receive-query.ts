import type { AccountQueryMessage } from '@huitong/iso20022'
import { beijingDay, CNY, invariant } from '@huitong/kernel'
import type { ClearingContext } from './context.ts'
import type { Participant } from './participant.ts'
import type { Received } from './received.ts'

/** camt.060: what is on my position account? Answered with the balance of this moment (camt.052), whatever report was asked for. */
export function receiveQuery(context: ClearingContext, sender: Participant, message: AccountQueryMessage): Received {
  const [query] = message.queries
  invariant(query !== undefined, 'a question has something to ask about')
  if (query.owner !== sender.member) {
    context.rejectMessage(sender.member, message.messageId, 'ACCOUNT', 'the account is not of the sender')
    return { result: 'unknown_original' }
  }
  const { books, set } = context
  books.needAccount(sender.account)
  const { creditsPosted, debitsPosted } = books.balance(sender.account)
  const balance = (type: string, minor: bigint) => ({
    ...{ type, amount: { minor, currency: CNY }, side: 'CRDT' as const, day: beijingDay(set.batch.at) },
  })
  const messageId = context.nextMessageId()
  context.send(sender.member, {
    kind: 'intraday_report',
    value: {
      ...{ messageId, createdAt: set.batch.at },
      reports: [
        {
          ...{ id: messageId, createdAt: set.batch.at, account: query.account, currency: CNY },
          servicer: context.member,
          balances: [balance('ITBD', creditsPosted - debitsPosted), balance('ITAV', books.available(sender.account))],
        },
      ],
    },
  })
  return { result: 'told' }
}
