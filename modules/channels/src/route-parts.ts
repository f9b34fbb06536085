import type { Committer } from '@huitong/committer'
import {
  type CommandOutcome,
  type OutcomeRefusal,
  outcomeToReply,
  type RefusalAnswer,
  type RouteReply,
} from '@huitong/http'
import { type Chance, type Clock, InvariantError } from '@huitong/kernel'
import { partyRefusalAnswer, type Vault } from '@huitong/party'
import type { Outlays, PaymentQueries } from '@huitong/payments'
import type { InstitutionDatabase } from '@huitong/pg'
import Type from 'typebox'
import type { BankDesk } from './bank-desk.ts'
import type { BankGate } from './bank-gate.ts'
import { CHANNEL_REFUSALS, isChannelRefusalCode } from './channel-refusals.ts'
import type { Channels } from './channels.ts'

/** What this module's routes work with. */
export interface ChannelRouteParts {
  readonly db: InstitutionDatabase
  readonly committer: Committer
  readonly channels: Channels
  readonly outlays: Pick<Outlays, 'assess'>
  readonly desk: BankDesk
  readonly gate: BankGate
  /** What is paid by card. */
  readonly trades: Pick<PaymentQueries, 'trade'>
  readonly vault: Vault
  readonly chance: Chance
  readonly clock: Clock
  /** A bank confirmed who the customer is: it counts for the class of his account. */
  readonly onBound: (customer: number, card: string) => Promise<void>
}

export const CHANNEL_TAGS = ['Bank channels']
export const CARD_TAGS = ['Bank cards']
export const CHANNEL_READ = { callers: ['staff'], scope: 'channels:read' } as const
export const CHANNEL_WRITE = { callers: ['staff'], scope: 'channels:write' } as const
export const OWN_READ = { callers: ['customer'], scope: 'payments:read' } as const
export const OWN_WRITE = { callers: ['customer'], scope: 'payments:write' } as const

export const ById = Type.Object({ id: Type.String({ maxLength: 40 }) })
export const NoBody = Type.Object({})

export function channelRefusal(refusal: OutcomeRefusal): RefusalAnswer | undefined {
  if (!isChannelRefusalCode(refusal.code)) return partyRefusalAnswer(refusal)
  const { status, text } = CHANNEL_REFUSALS[refusal.code]
  return { status, detail: text }
}

/** How a step that was not done is told, where what comes after it is told otherwise. */
export function refusedReply(outcome: Exclude<CommandOutcome<unknown>, { status: 'done' }>): RouteReply<never> {
  const done = (): never => {
    throw new InvariantError('what was done is not told as refused')
  }
  return outcomeToReply(outcome, { done, refused: channelRefusal })
}
