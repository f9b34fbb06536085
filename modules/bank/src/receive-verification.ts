import type { VerificationReportMessage, VerificationRequestMessage } from '@huitong/iso20022'
import type { BankContext } from './context.ts'

/** acmt.023: says yes or no, and of a no not why: a wrong name and a wrong number look the same. */
export function receiveVerification(context: BankContext, message: VerificationRequestMessage): string {
  const { accounts, party, books } = context
  for (const { account } of message.checks) accounts.need(account)
  const outcomes = message.checks.map(({ id, account: number, name }) => {
    const account = accounts.get(number)
    if (account === undefined) return { originalId: id, matches: false }
    party.needCustomer(account.customer)
    const open = books.account(context.ledgerAccount(account))?.state === 'open'
    return { originalId: id, matches: open && party.customer(account.customer)?.displayName === name }
  })
  context.tell({
    kind: 'verification_report',
    value: {
      ...context.identity(),
      ...{ originalMessageId: message.messageId, originalCreatedAt: message.createdAt, outcomes },
    },
  })
  return 'answered'
}

/** acmt.024: what another bank says to our question. The first answer counts. */
export function receiveVerified(context: BankContext, message: VerificationReportMessage): string {
  const { verifications, set } = context
  const key = message.originalMessageId
  verifications.need(key)
  const asked = verifications.get(key)
  const [outcome] = message.outcomes
  if (asked === undefined || outcome === undefined) return 'unknown_original'
  if (asked.matches !== null) return 'repeated'
  verifications.put(key, { ...asked, matches: outcome.matches, answeredAt: set.batch.at })
  return 'noted'
}
