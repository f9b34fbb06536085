import {
  AmountText,
  decodeCursor,
  encodeCursor,
  LineText,
  PAGE_LIMIT_DEFAULT,
  PAGE_QUERY,
  Page,
  pageOf,
} from '@huitong/contract'
import { badField, type HttpApp, notFound, outcomeToReply, reply } from '@huitong/http'
import { invariant } from '@huitong/kernel'
import { availableMinor, findAccount, liveBalances, normalBalance } from '@huitong/ledger'
import Type from 'typebox'
import { Member, type Money, ParticipantBody, participantBody } from './clearing-views.ts'
import type { Participant } from './participant.ts'
import {
  CLEARING_ADMIT,
  CLEARING_OPERATE,
  CLEARING_READ,
  CLEARING_TAGS,
  type ClearingRouteParts,
  clearingRefusal,
  readYuan,
} from './route-parts.ts'

const ByMember = Type.Object({ member: Member })
const Done = Type.Object({ member: Member, status: Type.String() })
const done = ({ member, status }: { readonly member: string; readonly status: string }) => ({ member, status })

const LIST = 'clearing participants'

function memberOf(cursor: string): string {
  const decoded = decodeCursor(LIST, ['string'], cursor)
  if (!decoded.ok) throw badField('cursor', decoded.error, 'is not a cursor of this list')
  return String(decoded.value[0])
}

/** Who takes part, and what each has on its position account. */
export function addParticipantRoutes(http: HttpApp, parts: ClearingRouteParts): void {
  const { db, committer, clearing, books, queries } = parts

  async function moneyOf({ account }: Participant): Promise<Money> {
    const view = await db.read((tx) => findAccount(tx, account, liveBalances(committer, books)))
    invariant(view !== undefined, 'a participant has its position account')
    return {
      postedMinor: normalBalance(view.account, view.balance),
      availableMinor: availableMinor(view.account, view.balance),
    }
  }

  http.route({
    method: 'GET',
    url: '/v1/clearing/participants',
    access: CLEARING_READ,
    summary: 'The participants, with their positions, by number',
    tags: CLEARING_TAGS,
    schema: { querystring: Type.Object(PAGE_QUERY), response: { 200: Page(ParticipantBody) } },
    handler: async ({ query }) => {
      const { limit = PAGE_LIMIT_DEFAULT, cursor } = query
      const rows = await queries.participants(cursor === undefined ? undefined : memberOf(cursor), limit)
      const { items: shown, nextCursor } = pageOf(
        rows,
        limit,
        (of) => of,
        ({ member }) => encodeCursor(LIST, [member]),
      )
      const items = []
      for (const of of shown) items.push(participantBody(of, await moneyOf(of)))
      return reply({ items, nextCursor })
    },
  })

  http.route({
    method: 'GET',
    url: '/v1/clearing/participants/:member',
    access: CLEARING_READ,
    summary: 'One participant, with its position',
    tags: CLEARING_TAGS,
    schema: { params: ByMember, response: { 200: ParticipantBody } },
    handler: async ({ params }) => {
      const found = await queries.participant(params.member)
      return found === undefined ? notFound('participant') : reply(participantBody(found, await moneyOf(found)))
    },
  })

  http.route({
    method: 'POST',
    url: '/v1/clearing/participants',
    access: CLEARING_ADMIT,
    summary: 'Admit a participant, with an empty position account and no cap',
    tags: CLEARING_TAGS,
    idempotent: true,
    schema: { body: Type.Object({ member: Member, name: LineText(128) }), response: { 201: Done } },
    handler: async ({ caller, body, idempotencyKey }) => {
      const idempotency = { caller: caller.id, key: idempotencyKey }
      const outcome = await committer.submit({ kind: clearing.admit, input: body, idempotency })
      return outcomeToReply(outcome, { status: 201, done, refused: clearingRefusal })
    },
  })

  // Stopping somebody may not wait for a second member of staff; letting him go on may.
  for (const [verb, status, access, summary] of [
    ['suspend', 'suspended', CLEARING_OPERATE, 'Suspend a participant: what is in flight ends, nothing new begins'],
    ['resume', 'active', CLEARING_ADMIT, 'Let a suspended participant take part again'],
  ] as const) {
    http.route({
      method: 'POST',
      url: `/v1/clearing/participants/:member/${verb}`,
      access,
      summary,
      tags: CLEARING_TAGS,
      idempotent: true,
      schema: { params: ByMember, body: Type.Object({}), response: { 200: Done } },
      handler: async ({ caller, params, idempotencyKey }) => {
        const idempotency = { caller: caller.id, key: idempotencyKey }
        const input = { member: params.member, status }
        const outcome = await committer.submit({ kind: clearing.setStatus, input, idempotency })
        return outcomeToReply(outcome, { done, refused: clearingRefusal })
      },
    })
  }

  for (const [verb, kind, zero, summary] of [
    ['fund', clearing.fund, false, 'Book what a participant paid in at the central bank'],
    ['withdraw', clearing.withdraw, false, 'Pay out what neither a payment nor the cap needs'],
    ['cap', clearing.setCap, true, 'Set how far the net position may go below nothing; all of it is set aside'],
  ] as const) {
    http.route({
      method: 'POST',
      url: `/v1/clearing/participants/:member/${verb}`,
      access: CLEARING_ADMIT,
      summary,
      tags: CLEARING_TAGS,
      idempotent: true,
      schema: { params: ByMember, body: Type.Object({ amount: AmountText }), response: { 200: Done } },
      handler: async ({ caller, params, body, idempotencyKey }) => {
        const input = { member: params.member, amountMinor: readYuan('amount', body.amount, zero) }
        const idempotency = { caller: caller.id, key: idempotencyKey }
        const outcome = await committer.submit({ kind, input, idempotency })
        return outcomeToReply(outcome, { done, refused: clearingRefusal })
      },
    })
  }
}
