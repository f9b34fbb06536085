import type { Committer } from '@huitong/committer'
import {
  decodeCursor,
  encodeCursor,
  LineText,
  PAGE_LIMIT_DEFAULT,
  PAGE_QUERY,
  Page,
  PublicId,
  pageOf,
} from '@huitong/contract'
import { badField, type HttpApp, notFound, type OutcomeRefusal, outcomeToReply, problem, reply } from '@huitong/http'
import { type Clock, parsePublicId, publicId } from '@huitong/kernel'
import { isLedgerRefusalCode, LEDGER_REFUSALS } from '@huitong/ledger'
import type { InstitutionDatabase } from '@huitong/pg'
import Type from 'typebox'
import { type ReconcileDeps, reconcileStatement } from './reconcile-statement.ts'
import type { Reconciliation, ResolveInput } from './reconciliation.ts'
import { isReconciliationRefusalCode, RECONCILIATION_REFUSALS } from './reconciliation-refusals.ts'
import {
  DIFFERENCE_ID,
  DifferenceBody,
  differenceBody,
  STATEMENT_ID,
  StatementBody,
  statementBody,
} from './reconciliation-views.ts'
import { STATEMENT_FORMATS } from './statement-file.ts'
import { countByRule, DIFFERENCE_STATES, findStatement, listDifferences, listStatements } from './statement-store.ts'

export interface ReconciliationRouteDeps extends Pick<ReconcileDeps, 'onDifferences'> {
  readonly db: InstitutionDatabase
  readonly committer: Pick<Committer, 'submit'>
  readonly reconciliation: Reconciliation
  readonly clock: Clock
}

const TAGS = ['Reconciliation']
const READ = { callers: ['staff'], scope: 'reconciliation:read' } as const
const WORK = { callers: ['staff'], scope: 'reconciliation:work' } as const
/** What moves money, or takes a difference for settled without any. */
const SETTLE = { callers: ['staff'], scope: 'reconciliation:work', fourEyes: true } as const
const ById = Type.Object({ id: Type.String({ maxLength: 40 }) })
const Resolved = Type.Object({ id: PublicId(DIFFERENCE_ID), transfer: Type.Union([PublicId('tran'), Type.Null()]) })
export const WINDOW_DAYS = 3
export const METADATA_KEYS = ['reference', 'end_to_end_id', 'uetr'] as const

/** Statements of others against the ledger. */
export function addReconciliationRoutes(http: HttpApp, deps: ReconciliationRouteDeps): void {
  const { db, committer, reconciliation, clock } = deps

  http.route({
    method: 'POST',
    url: '/v1/reconciliation/statements',
    access: WORK,
    summary: 'Hold a statement of somebody else against an account',
    description:
      'The same content again gives the same answer. Up to about 900 kB; larger files are reconciled by `huitong reconcile`, beside the server.',
    tags: TAGS,
    schema: {
      body: Type.Object({
        account: PublicId('acct'),
        format: Type.Enum([...STATEMENT_FORMATS]),
        content: Type.String({ minLength: 1 }),
        windowDays: Type.Optional(Type.Integer({ minimum: 0, maximum: 31, default: WINDOW_DAYS })),
      }),
      response: { 201: StatementBody },
    },
    handler: async ({ caller, body }) => {
      const { format, content, windowDays = WINDOW_DAYS } = body
      const account = readId('acct', body.account, 'account')
      const bytes = Buffer.from(content, 'utf8')
      const asked = { account, format, bytes, windowDays, metadataKeys: METADATA_KEYS, by: caller.id }
      const done = await reconcileStatement(deps, asked)
      if (done.ok) return reply(statementBody(done.value), { status: 201 })
      const { error } = done
      if (error.code === 'account_unknown') return notFound('account')
      if (error.code === 'statement_empty') return badField('content', 'empty', 'has no line')
      return badField('content', 'unreadable', `line ${error.line}: ${error.what}`)
    },
  })

  http.route({
    method: 'GET',
    url: '/v1/reconciliation/statements',
    access: READ,
    summary: 'Statements that were held against the ledger, newest first',
    tags: TAGS,
    schema: {
      querystring: Type.Object({ ...PAGE_QUERY, account: Type.Optional(PublicId('acct')) }),
      response: { 200: Page(StatementBody) },
    },
    handler: async ({ query }) => {
      const { limit = PAGE_LIMIT_DEFAULT, cursor } = query
      const account = query.account === undefined ? undefined : readId('acct', query.account, 'account')
      const before = cursor === undefined ? undefined : placeOf('statements', cursor)
      const rows = await db.read((tx) => listStatements(tx, account, before, limit))
      return reply(
        pageOf(
          rows,
          limit,
          (row) => statementBody(row),
          ({ id }) => encodeCursor('statements', [id]),
        ),
      )
    },
  })

  http.route({
    method: 'GET',
    url: '/v1/reconciliation/statements/:id',
    access: READ,
    summary: 'One statement, with how many lines each rule found entries for',
    tags: TAGS,
    schema: { params: ById, response: { 200: StatementBody } },
    handler: async ({ params }) => {
      const id = readId(STATEMENT_ID, params.id, 'statement')
      const found = await db.read(async (tx) => {
        const statement = await findStatement(tx, id)
        return statement === undefined ? undefined : statementBody(statement, await countByRule(tx, statement))
      })
      return found === undefined ? notFound('statement') : reply(found)
    },
  })

  http.route({
    method: 'GET',
    url: '/v1/reconciliation/differences',
    access: READ,
    summary: 'Differences, in the order in which they were found; all, or some',
    tags: TAGS,
    schema: {
      querystring: Type.Object({
        ...PAGE_QUERY,
        statement: Type.Optional(PublicId(STATEMENT_ID)),
        account: Type.Optional(PublicId('acct')),
        state: Type.Optional(Type.Enum([...DIFFERENCE_STATES])),
      }),
      response: { 200: Page(DifferenceBody) },
    },
    handler: async ({ query }) => {
      const { limit = PAGE_LIMIT_DEFAULT, cursor, state } = query
      const filter = {
        ...(query.statement === undefined ? {} : { statement: readId(STATEMENT_ID, query.statement, 'statement') }),
        ...(query.account === undefined ? {} : { account: readId('acct', query.account, 'account') }),
        ...(state === undefined ? {} : { state }),
        ...{ after: cursor === undefined ? 0 : placeOf('differences', cursor), limit },
      }
      const rows = await db.read((tx) => listDifferences(tx, filter))
      const now = clock.now()
      return reply(
        pageOf(
          rows,
          limit,
          (row) => differenceBody(row, now),
          ({ id }) => encodeCursor('differences', [id]),
        ),
      )
    },
  })

  http.route({
    method: 'POST',
    url: '/v1/reconciliation/differences/:id/book',
    access: SETTLE,
    summary: 'Book a difference against another account: the ledger agrees from then on',
    description: 'Against suspense while its cause is looked for, against income or expense to write it off.',
    tags: TAGS,
    idempotent: true,
    schema: {
      params: ById,
      body: Type.Object({ against: PublicId('acct'), note: LineText(200) }),
      response: { 200: Resolved },
    },
    handler: async ({ caller, params, body, idempotencyKey }) => {
      const how = { way: 'booked', against: readId('acct', body.against, 'account') } as const
      return await settled(params.id, how, body.note, { caller: caller.id, key: idempotencyKey })
    },
  })

  http.route({
    method: 'POST',
    url: '/v1/reconciliation/differences/:id/settle',
    access: SETTLE,
    summary: 'Settle a difference without booking: by a transfer that belongs to it, or by a reason',
    tags: TAGS,
    idempotent: true,
    schema: {
      params: ById,
      body: Type.Object({ transfer: Type.Optional(PublicId('tran')), note: LineText(200) }),
      response: { 200: Resolved },
    },
    handler: async ({ caller, params, body, idempotencyKey }) => {
      const how: ResolveInput['how'] =
        body.transfer === undefined
          ? { way: 'noted' }
          : { way: 'matched', transfer: readId('tran', body.transfer, 'transfer') }
      return await settled(params.id, how, body.note, { caller: caller.id, key: idempotencyKey })
    },
  })

  async function settled(
    text: string,
    how: ResolveInput['how'],
    note: string,
    idempotency: { readonly caller: string; readonly key: string },
  ) {
    const id = readId(DIFFERENCE_ID, text, 'difference')
    const [found] = await db.read((tx) => listDifferences(tx, { after: id - 1, limit: 1 }))
    if (found === undefined || found.id !== id) return notFound('difference')
    if (found.state === 'matched_later') {
      return problem(409, 'difference_resolved', RECONCILIATION_REFUSALS.difference_resolved.text)
    }
    const { account, currency, minor } = found
    const input = { difference: { id, account, currency, minor }, how, note }
    const outcome = await committer.submit({ kind: reconciliation.resolve, input, idempotency })
    return outcomeToReply(outcome, {
      done: ({ transfer }) => ({
        ...{ id: publicId(DIFFERENCE_ID, id), transfer: transfer === null ? null : publicId('tran', transfer) },
      }),
      refused: refusalAnswer,
    })
  }
}

function refusalAnswer({ code }: OutcomeRefusal) {
  if (isReconciliationRefusalCode(code)) {
    const { status, text } = RECONCILIATION_REFUSALS[code]
    return { status, detail: text }
  }
  return isLedgerRefusalCode(code) ? { detail: LEDGER_REFUSALS[code] } : undefined
}

function readId(prefix: string, text: string, noun: string): number {
  const id = parsePublicId(prefix, text)
  if (!id.ok) throw notFound(noun)
  return id.value
}

function placeOf(list: string, cursor: string): number {
  const decoded = decodeCursor(list, ['number'], cursor)
  if (!decoded.ok) throw badField('cursor', decoded.error, 'is not a cursor of this list')
  return Number(decoded.value[0])
}
