import type { Committer } from '@huitong/committer'
import {
  AmountText,
  Day,
  decodeCursor,
  encodeCursor,
  PAGE_LIMIT_DEFAULT,
  PAGE_QUERY,
  Page,
  PublicId,
  pageOf,
  SignedAmountText,
  Timestamp,
} from '@huitong/contract'
import { badField, type HttpApp, type OutcomeRefusal, outcomeToReply, type RefusalAnswer, reply } from '@huitong/http'
import { CNY, formatAmount, microsToIso, parseAmount, publicId } from '@huitong/kernel'
import type { InstitutionDatabase } from '@huitong/pg'
import Type from 'typebox'
import { selectGuard } from './guard-store.ts'
import type { Position } from './position.ts'
import { lookAtPosition } from './position-queries.ts'
import type { Reserve } from './reserve.ts'
import type { MoveAnswer } from './reserve-commands.ts'
import { selectReserveDays } from './reserve-day-store.ts'
import { isReserveRefusalCode, RESERVE_REFUSALS } from './reserve-refusals.ts'

export interface ReserveRouteParts {
  readonly db: InstitutionDatabase
  readonly committer: Committer
  readonly reserve: Reserve
}

const TAGS = ['Reserve']
const LIST = 'reserve days'
const READ = { callers: ['staff'], scope: 'reserve:read' } as const
/** Two members of staff: it is customers' money that this is about. */
const MOVE = { callers: ['staff'], scope: 'reserve:operate', fourEyes: true } as const

const POSITION = {
  customers: SignedAmountText,
  reserve: SignedAmountText,
  inTransit: SignedAmountText,
  surplus: SignedAmountText,
}
const PositionBody = Type.Object(
  { ...POSITION, stopped: Type.Boolean({ description: 'Payouts are refused' }), batch: Type.Integer() },
  { $id: 'ReservePosition' },
)
const DayBody = Type.Object({ day: Day, ...POSITION, madeAt: Timestamp }, { $id: 'ReserveDay' })
const MoveBody = Type.Object({ amount: AmountText })
const MovedBody = Type.Object({ transfer: PublicId('tran'), surplus: SignedAmountText })

/** What covers customers' money, and how it is made to. */
export function addReserveRoutes(http: HttpApp, { db, committer, reserve }: ReserveRouteParts): void {
  http.route({
    method: 'GET',
    url: '/v1/reserve',
    access: READ,
    summary: 'What customers have, and what covers it, now',
    description:
      '`surplus` = `reserve` + `inTransit` − `customers`. Below nothing payouts are stopped; payments in go on.',
    tags: TAGS,
    schema: { response: { 200: PositionBody } },
    handler: async () => {
      const { position, batch } = await lookAtPosition(db, committer.status().accountingDay)
      const stopped = (await db.read(selectGuard))?.stopped ?? false
      return reply({ ...positionBody(position), stopped, batch })
    },
  })

  http.route({
    method: 'GET',
    url: '/v1/reserve/days',
    access: READ,
    summary: 'The report of each accounting day, as of its end, newest first',
    tags: TAGS,
    schema: { querystring: Type.Object(PAGE_QUERY), response: { 200: Page(DayBody) } },
    handler: async ({ query: { limit = PAGE_LIMIT_DEFAULT, cursor } }) => {
      const before = cursor === undefined ? {} : { before: dayOf(cursor) }
      const rows = await db.read((tx) => selectReserveDays(tx, { ...before, limit }))
      const body = ({ day, madeAt, ...position }: (typeof rows)[number]) => ({
        ...{ day, ...positionBody(position), madeAt: microsToIso(madeAt) },
      })
      return reply(pageOf(rows, limit, body, ({ day }) => encodeCursor(LIST, [day])))
    },
  })

  for (const [noun, kind, summary] of [
    ['contributions', reserve.contribute, 'Put own money into the reserve'],
    ['releases', reserve.release, 'Take what customers do not have, such as fees, out of the reserve'],
  ] as const) {
    http.route({
      method: 'POST',
      url: `/v1/reserve/${noun}`,
      access: MOVE,
      summary,
      tags: TAGS,
      idempotent: true,
      schema: { body: MoveBody, response: { 201: MovedBody } },
      handler: async ({ caller, body, idempotencyKey }) => {
        const amount = parseAmount(body.amount, CNY)
        if (!amount.ok) throw badField('amount', amount.error, 'is not an amount of CNY')
        // So that what is judged is how it stands now.
        const look = await lookAtPosition(db, committer.status().accountingDay)
        await committer.submit({ kind: reserve.notePosition, input: look })
        const outcome = await committer.submit({
          kind,
          input: { amountMinor: amount.value },
          idempotency: { caller: caller.id, key: idempotencyKey },
        })
        return outcomeToReply(outcome, { status: 201, done: movedBody, refused: reserveRefusal })
      },
    })
  }
}

function positionBody({ customersMinor, reserveMinor, inTransitMinor, surplusMinor }: Position) {
  return {
    ...{ customers: yuan(customersMinor), reserve: yuan(reserveMinor), inTransit: yuan(inTransitMinor) },
    surplus: yuan(surplusMinor),
  }
}

function movedBody({ transfer, surplus }: MoveAnswer) {
  return { transfer: publicId('tran', transfer), surplus: yuan(BigInt(surplus)) }
}

function yuan(minor: bigint): string {
  return formatAmount(minor, CNY)
}

function dayOf(cursor: string): string {
  const decoded = decodeCursor(LIST, ['string'], cursor)
  if (!decoded.ok || !/^\d{4}-\d{2}-\d{2}$/.test(String(decoded.value[0]))) {
    throw badField('cursor', 'malformed', 'is not a cursor of this list')
  }
  return String(decoded.value[0])
}

function reserveRefusal({ code }: OutcomeRefusal): RefusalAnswer | undefined {
  if (!isReserveRefusalCode(code)) return undefined
  const { status, text } = RESERVE_REFUSALS[code]
  return { status, detail: text }
}
