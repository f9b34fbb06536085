import { Day, PublicId, Timestamp } from '@huitong/contract'
import { badField } from '@huitong/http'
import { parsePublicId } from '@huitong/kernel'
import Type, { type Static } from 'typebox'
import type { FeedFilter } from './feed.ts'
import { FEED_EVENT_TYPES, type FeedEventType, isFeedEventType } from './feed-event.ts'
import { ACCOUNT_ID } from './ledger-ids.ts'

export const FeedPlace = Type.String({
  pattern: '^(0|[1-9][0-9]{0,14})(-(0|[1-9][0-9]{0,4}))?$',
  description: 'A place in the journal: batch and position',
  examples: ['12-3'],
})

export const FeedEventBody = Type.Object(
  {
    id: FeedPlace,
    type: Type.String({ examples: ['transfer.posted'], description: 'docs/reference/ledger-events.md has them all' }),
    at: Timestamp,
    accountingDay: Day,
    accounts: Type.Array(PublicId(ACCOUNT_ID)),
    data: Type.Record(Type.String(), Type.Unknown()),
  },
  { $id: 'LedgerFeedEvent' },
)

/** Types by name, or all of an object by `hold.*`. */
const TypeName = Type.String({
  pattern: '^[a-z]+\\.([a-z_]+|\\*)$',
  maxLength: 40,
  examples: ['transfer.posted', 'hold.*'],
})

/** A filter as it comes over HTTP; lists are texts with commas in a query. */
export const FeedFilterInput = Type.Object({
  types: Type.Optional(Type.Array(TypeName, { minItems: 1, maxItems: 40 })),
  accounts: Type.Optional(Type.Array(Type.String({ maxLength: 40 }), { minItems: 1, maxItems: 100 })),
  owner: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
  subject: Type.Optional(Type.String({ minLength: 1, maxLength: 8 })),
  template: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
})

export function feedFilter(input: Static<typeof FeedFilterInput>): FeedFilter {
  const { types, accounts, owner, subject, template } = input
  return {
    ...(types === undefined ? {} : { types: types.flatMap(typesNamed) }),
    ...(accounts === undefined ? {} : { accounts: accounts.map(accountId) }),
    ...(owner === undefined ? {} : { owner }),
    ...(subject === undefined ? {} : { subject }),
    ...(template === undefined ? {} : { template }),
  }
}

function typesNamed(name: string): readonly FeedEventType[] {
  if (isFeedEventType(name)) return [name]
  const object = name.endsWith('.*') ? name.slice(0, -1) : undefined
  const found = Object.keys(FEED_EVENT_TYPES)
    .filter(isFeedEventType)
    .filter((type) => object !== undefined && type.startsWith(object))
  if (found.length === 0) throw badField('types', 'known_type', `${name} is no type of event`)
  return found
}

function accountId(text: string): number {
  const id = parsePublicId(ACCOUNT_ID, text)
  if (!id.ok) throw badField('accounts', id.error, `${text} is not the id of an account`)
  return id.value
}
