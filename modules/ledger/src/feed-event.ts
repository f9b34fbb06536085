import { err, ok, type Result } from '@huitong/kernel'
import type { LedgerEventKind } from './journal-form.ts'
import type { Transfer } from './transfer.ts'

/** Everything that the feed tells of, by type. A type is never taken away and never changes its meaning; new ones may come. */
export const FEED_EVENT_TYPES = {
  'transfer.posted': 'A transfer moved money.',
  'transfer.reversed': 'A transfer took an earlier one back, wholly or in part; `reverses` names it.',
  'transfer.buffered': 'A posting to a summarised account was accepted; the close of the day posts it in a sum.',
  'hold.created': 'An amount was promised.',
  'hold.increased': 'More was promised under a hold.',
  'hold.extended': 'The expiry of a hold was moved to a later time.',
  'hold.captured': 'A hold, or a part of it, was posted.',
  'hold.voided': 'What a hold promised was given back.',
  'hold.expired': 'A hold ended by time.',
  'entry.posted': 'Transfers of an entry were posted together; `facts` has its template or its rates.',
  'account.opened': 'An account was opened.',
  'account.state_changed': 'An account was frozen, opened, closed, or became dormant.',
  'account.reopened': 'A closed account was opened again.',
  'account.floor_changed': 'The floor of an account changed.',
  'account.ceiling_changed': 'The upper bound of an account changed.',
  'account.credit_limit_changed': 'The credit line of an account changed.',
  'account.posting_policy_set': 'An account is posted to at once or in sums from now on.',
  'account.metadata_set': 'Metadata of an account was set or taken away.',
  'transfer.metadata_added': 'Metadata was added to a transfer.',
  'freeze.placed': 'An account, or an amount of it, was frozen.',
  'freeze.lifted': 'A freeze was lifted.',
  'freeze.expired': 'A freeze ended by time.',
  'freeze.deducted': 'Frozen money was taken on a judicial freeze.',
  'day.closed': 'An accounting day was closed; this batch is its last.',
  'day.tied': 'The accounts of a closed day were found to add up to their subjects.',
  'day.finalized': 'No transfer may be back-dated into these days any more.',
  'year.closed': 'The result of a year, or a part of it, was carried into retained earnings.',
  'year.reopened': 'What closed a year was taken back.',
  'chart.adopted': 'The institution settled on its chart of accounts.',
  'template.published': 'A version of a template was published.',
  'scheduled.created': 'A posting was asked for that is decided at a later time.',
  'scheduled.posted': 'A scheduled posting was due and posted; its transfers come before this.',
  'scheduled.refused': 'A scheduled posting was due and refused.',
  'scheduled.cancelled': 'A scheduled posting was cancelled before it was due.',
  'set.created': 'A set of accounts was made.',
  'set.member_added': 'An account counts in a set from now on.',
  'set.member_removed': 'An account counts in a set no longer.',
} as const

export type FeedEventType = keyof typeof FEED_EVENT_TYPES

export function isFeedEventType(text: string): text is FeedEventType {
  return Object.hasOwn(FEED_EVENT_TYPES, text)
}

/** What the journal's events are called outside. */
export const TYPE_OF_EVENT: Readonly<Record<LedgerEventKind, FeedEventType>> = {
  account_opened: 'account.opened',
  floor_changed: 'account.floor_changed',
  state_changed: 'account.state_changed',
  day_closed: 'day.closed',
  freeze_placed: 'freeze.placed',
  freeze_lifted: 'freeze.lifted',
  freeze_expired: 'freeze.expired',
  freeze_deducted: 'freeze.deducted',
  ceiling_changed: 'account.ceiling_changed',
  credit_limit_changed: 'account.credit_limit_changed',
  account_reopened: 'account.reopened',
  hold_extended: 'hold.extended',
  chart_adopted: 'chart.adopted',
  day_tied: 'day.tied',
  days_finalized: 'day.finalized',
  year_end_posted: 'year.closed',
  year_end_reversed: 'year.reopened',
  entry_posted: 'entry.posted',
  account_metadata_set: 'account.metadata_set',
  transfer_metadata_added: 'transfer.metadata_added',
  template_published: 'template.published',
  posting_policy_set: 'account.posting_policy_set',
  posting_scheduled: 'scheduled.created',
  scheduled_posted: 'scheduled.posted',
  scheduled_refused: 'scheduled.refused',
  scheduled_cancelled: 'scheduled.cancelled',
  set_created: 'set.created',
  set_member_added: 'set.member_added',
  set_member_removed: 'set.member_removed',
}

export function typeOfTransfer({ kind, reverses }: Transfer): FeedEventType {
  switch (kind) {
    case 'posted':
      return reverses === null ? 'transfer.posted' : 'transfer.reversed'
    case 'held':
      return 'hold.created'
    case 'captured':
      return 'hold.captured'
    case 'voided':
      return 'hold.voided'
    case 'expired':
      return 'hold.expired'
    case 'increased':
      return 'hold.increased'
  }
}

/** The place of a mutation in the journal: the events of the feed stand in this order and have no other id. */
export interface FeedPosition {
  readonly batch: number
  /** Within its batch, from 0; −1 is before the first. */
  readonly position: number
}

/** Before everything. */
export const FEED_START: FeedPosition = { batch: 0, position: -1 }

/** `12-3`; `12-` after nothing of batch 12, which nothing but the start needs. */
export function positionText({ batch, position }: FeedPosition): string {
  return position < 0 ? String(batch) : `${batch}-${position}`
}

export function parsePosition(text: string): Result<FeedPosition, 'malformed_position'> {
  const [, batch, position] = /^(0|[1-9]\d{0,14})(?:-(0|[1-9]\d{0,4}))?$/.exec(text) ?? []
  if (batch === undefined) return err('malformed_position')
  return ok({ batch: Number(batch), position: position === undefined ? -1 : Number(position) })
}

export function isBefore(one: FeedPosition, other: FeedPosition): boolean {
  return one.batch < other.batch || (one.batch === other.batch && one.position < other.position)
}
