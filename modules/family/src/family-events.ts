import type { OutboxEvent } from '@huitong/committer'
import { formatAmount, microsToIso, publicId } from '@huitong/kernel'
import { CUSTOMER_ID, FAMILY_LINK_ID, WALLET_CURRENCY } from '@huitong/payments'
import type { FamilyLink } from './family-link.ts'

export type FamilyTopic =
  | 'family.invited'
  | 'family.opened'
  | 'family.changed'
  | 'family.ended'
  | 'family.paid'
  | 'family.returned'

/** What others learn from the outbox: who only by id. `amountMinor` is what was paid or went back. */
export function familyEvent(topic: FamilyTopic, link: FamilyLink, at: number, amountMinor?: bigint): OutboxEvent {
  const id = publicId(FAMILY_LINK_ID, link.id)
  const body = {
    link: id,
    owner: publicId(CUSTOMER_ID, link.owner),
    member: publicId(CUSTOMER_ID, link.member),
    state: link.state,
    ...(amountMinor === undefined ? {} : { amount: formatAmount(amountMinor, WALLET_CURRENCY) }),
    at: microsToIso(at),
  }
  return { topic, key: id, body: JSON.stringify(body) }
}
