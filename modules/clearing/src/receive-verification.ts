import type { VerificationReportMessage, VerificationRequestMessage } from '@huitong/iso20022'
import { invariant } from '@huitong/kernel'
import type { ClearingContext } from './context.ts'
import type { Participant } from './participant.ts'
import type { Received } from './received.ts'

/** Under which it is remembered who asked what we passed on. */
function askedKey(messageId: string): string {
  return `verification:${messageId}`
}

/** acmt.023: is this account that person's? Only the bank of the account can tell, so the question goes there. */
export function receiveVerification(
  context: ClearingContext,
  sender: Participant,
  message: VerificationRequestMessage,
): Received {
  const { participants, references } = context
  const [check, ...more] = message.checks
  invariant(check !== undefined, 'a question has something to ask about')
  participants.need(check.agent)
  const asked = participants.get(check.agent)
  if (asked === undefined || asked.status === 'suspended' || check.agent === sender.member || more.length > 0) {
    context.rejectMessage(
      sender.member,
      message.messageId,
      'AGENT',
      'one account, of another participant that is active',
    )
    return { result: 'unknown_original' }
  }
  const identity = context.identity(asked.member)
  const key = askedKey(identity.messageId)
  references.need(key)
  references.put(key, JSON.stringify([sender.member, message.messageId, message.createdAt, asked.member]))
  context.send(asked.member, { kind: 'verification_request', value: { ...identity, checks: [check] } })
  return { result: 'passed_on' }
}

/** acmt.024: the answer goes to who asked, in references that he knows. */
export function receiveVerified(
  context: ClearingContext,
  sender: Participant,
  message: VerificationReportMessage,
): Received {
  const { references } = context
  const key = askedKey(message.originalMessageId)
  references.need(key)
  const stored: unknown = JSON.parse(references.get(key) ?? '[]')
  const [asker, messageId, createdAt, asked] = Array.isArray(stored) ? stored : []
  const known = typeof asker === 'string' && typeof messageId === 'string' && typeof createdAt === 'number'
  if (!known || asked !== sender.member) {
    context.rejectMessage(
      sender.member,
      message.messageId,
      'ORIGINAL',
      'it answers nothing that was asked of the sender',
    )
    return { result: 'unknown_original' }
  }
  context.send(asker, {
    kind: 'verification_report',
    value: {
      ...context.identity(asker),
      ...{ originalMessageId: messageId, originalCreatedAt: createdAt, outcomes: message.outcomes },
    },
  })
  return { result: 'passed_on' }
}
