import type { OutcomeRefusal, RefusalAnswer } from '@huitong/http'
import { isPartyRefusal, PARTY_REFUSAL_MEANINGS } from './party-refusals.ts'

/** How party's refusals are told over HTTP; for `outcomeToReply`, of commands that compose party's decisions too. */
export function partyRefusalAnswer(refusal: OutcomeRefusal): RefusalAnswer | undefined {
  if (!isPartyRefusal(refusal)) return undefined
  const { status, text } = PARTY_REFUSAL_MEANINGS[refusal.code]
  return { status, detail: text }
}
