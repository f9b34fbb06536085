import { PublicId, Timestamp } from '@huitong/contract'
import { formatAmount, microsToIso, publicId } from '@huitong/kernel'
import Type from 'typebox'
import { ACCOUNT_ID, TRANSFER_ID } from './ledger-views.ts'
import type { PostingLeg } from './posting-command.ts'
import { PostingRequest } from './posting-request.ts'
import { SCHEDULED_ID, SCHEDULED_STATES, type ScheduledPosting } from './scheduled-posting.ts'

export const ScheduledBody = Type.Object(
  {
    id: PublicId(SCHEDULED_ID),
    state: Type.String({ examples: Object.keys(SCHEDULED_STATES) }),
    dueAt: Timestamp,
    legs: PostingRequest.properties.legs,
    endedBatch: Type.Union([Type.Integer(), Type.Null()], {
      description: 'The batch that posted, refused or cancelled it',
    }),
    transfers: Type.Union([Type.Array(PublicId(TRANSFER_ID)), Type.Null()], {
      description: 'Of one that was posted, in the order of its legs',
    }),
    refusal: Type.Union([
      Type.Object({ code: Type.String(), facts: Type.Optional(Type.Record(Type.String(), Type.String())) }),
      Type.Null(),
    ]),
  },
  { $id: 'LedgerScheduledPosting' },
)

export function scheduledBody({ id, state, dueAt, legs, endedBatch, transfers, refusal }: ScheduledPosting) {
  return {
    ...{ id: publicId(SCHEDULED_ID, id), state, dueAt: microsToIso(dueAt), legs: legs.map(legBody), endedBatch },
    transfers: transfers === null ? null : transfers.map((transfer) => publicId(TRANSFER_ID, transfer)),
    refusal: refusal === null ? null : { ...refusal },
  }
}

/** A leg as it is asked for over HTTP. */
export function legBody(leg: PostingLeg) {
  const metadata = leg.metadata === undefined ? {} : { metadata: Object.fromEntries(leg.metadata) }
  switch (leg.type) {
    case 'transfer':
    case 'hold': {
      const { type, debit, credit, amountMinor, currency, code, expiresAt, effectiveOn } = leg
      return {
        ...{ type, debit: publicId(ACCOUNT_ID, debit), credit: publicId(ACCOUNT_ID, credit) },
        ...{ amount: formatAmount(amountMinor, currency), currency, code },
        ...(expiresAt === null ? {} : { expiresAt: microsToIso(expiresAt) }),
        ...(effectiveOn == null ? {} : { effectiveOn }),
        ...metadata,
      }
    }
    case 'capture':
    case 'increase': {
      const { type, amountMinor, currency } = leg
      return {
        ...{ type, hold: publicId(TRANSFER_ID, leg.hold), ...(leg.type === 'capture' ? { final: leg.final } : {}) },
        // Over HTTP the currency is always told.
        ...(currency === undefined ? {} : { amount: formatAmount(amountMinor, currency), currency }),
        ...metadata,
      }
    }
    case 'void':
      return { type: leg.type, hold: publicId(TRANSFER_ID, leg.hold), ...metadata }
  }
}
