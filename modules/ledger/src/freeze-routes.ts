import type { Committer } from '@huitong/committer'
import {
  AmountText,
  CurrencyText,
  encodeCursor,
  PAGE_LIMIT_DEFAULT,
  PAGE_QUERY,
  Page,
  PublicId,
  pageOf,
  type Scope,
  Timestamp,
} from '@huitong/contract'
import { badField, type HttpApp, notFound, outcomeToReply, problem, reply } from '@huitong/http'
import { type CurrencyCode, isoToMicros, publicId } from '@huitong/kernel'
import type { InstitutionDatabase } from '@huitong/pg'
import Type from 'typebox'
import { type FreezeCause, freezeCauses, isFreezeCause } from './freeze.ts'
import { findFreeze } from './freeze-store.ts'
import { FREEZE_ID, FreezeBody, freezeBodiesOf, freezeBody } from './freeze-views.ts'
import type { LedgerCommands } from './ledger-commands.ts'
import { currencyOf, findAccount } from './ledger-read-store.ts'
import { refused } from './ledger-refused.ts'
import { ACCOUNT_ID, TRANSFER_ID } from './ledger-views.ts'
import type { ReadRoutes } from './read-routes.ts'
import { afterCursor, ById, LEDGER_READ, LEDGER_TAGS, readCurrency, readId, readMovable } from './route-parts.ts'

export interface FreezeRoutesOptions {
  readonly db: InstitutionDatabase
  readonly reads: ReadRoutes
  readonly committer: Committer
  readonly commands: LedgerCommands
}

const OPERATE = { callers: ['staff'], scope: 'ledger:operate' } as const
// Money that a court takes is gone for its owner: one member of staff asks, another looks at the document and approves.
const JUDICIAL = { callers: ['staff'], scope: 'ledger:judicial', fourEyes: true } as const
const Frozen = Type.Object({ id: PublicId(FREEZE_ID) })

/** Freezes of accounts, and deductions on them. */
export function registerFreezeRoutes(http: HttpApp, { db, reads, committer, commands }: FreezeRoutesOptions): void {
  http.route({
    method: 'POST',
    url: '/v1/ledger/accounts/:id/freezes',
    access: OPERATE,
    summary: 'Freeze an account, wholly or an amount of it',
    description: 'Freezes for the cause `judicial` also need the scope ledger:judicial. Freezes of one account add up.',
    tags: LEDGER_TAGS,
    idempotent: true,
    schema: {
      params: ById,
      body: Type.Object({
        cause: Type.String({ maxLength: 16, examples: ['judicial', 'risk', 'dispute', 'hold'] }),
        amount: Type.Optional(AmountText),
        currency: Type.Optional(CurrencyText),
        blocksIncoming: Type.Optional(Type.Boolean({ description: 'Only without an amount; false unless told' })),
        reference: Type.String({ minLength: 1, maxLength: 64, description: 'Number of the document or case, no name' }),
        expiresAt: Type.Optional(Timestamp),
      }),
      response: { 201: Frozen },
    },
    handler: async ({ caller, params, body, idempotencyKey }) => {
      const account = readId(ACCOUNT_ID, params.id, 'account')
      const { cause, reference, blocksIncoming = false } = body
      if (!isFreezeCause(cause)) return badField('cause', 'known_cause', `must be one of ${freezeCauses().join(', ')}`)
      if (cause === 'judicial' && authorityOf(caller.scopes) !== 'judicial') {
        return problem(403, 'scope_missing', 'This needs the scope ledger:judicial.')
      }
      const amountMinor = readOptionalAmount(body)
      if (amountMinor !== null && blocksIncoming) {
        return badField('blocksIncoming', 'not_allowed', 'has no meaning for an amount')
      }
      const expiry = body.expiresAt === undefined ? undefined : isoToMicros(body.expiresAt)
      if (expiry?.ok === false) return badField('expiresAt', expiry.error, 'is not a time')
      if (amountMinor !== null) await mustBeIn(account, body.currency)
      const outcome = await committer.submit({
        kind: commands.placeFreeze,
        input: { account, cause, amountMinor, blocksIncoming, reference, expiresAt: expiry?.value ?? null },
        idempotency: { caller: caller.id, key: idempotencyKey },
      })
      return outcomeToReply(outcome, { status: 201, done: frozen, refused })
    },
  })

  reads.route({
    method: 'GET',
    url: '/v1/ledger/accounts/:id/freezes',
    access: LEDGER_READ,
    summary: 'Freezes of an account, by id, ended ones too',
    tags: LEDGER_TAGS,
    schema: { params: ById, querystring: Type.Object(PAGE_QUERY), response: { 200: Page(FreezeBody) } },
    handler: async ({ params, query }, { db }) => {
      const account = readId(ACCOUNT_ID, params.id, 'account')
      const limit = query.limit ?? PAGE_LIMIT_DEFAULT
      const after = afterCursor('freezes', query.cursor, 0)
      const rows = await db.read((tx) => freezeBodiesOf(tx, account, after, limit))
      if (rows === undefined) return notFound('account')
      const cursorOf = (last: { readonly id: string }) =>
        encodeCursor('freezes', [readId(FREEZE_ID, last.id, 'freeze')])
      return reply(pageOf(rows, limit, (row) => row, cursorOf))
    },
  })

  reads.route({
    method: 'GET',
    url: '/v1/ledger/freezes/:id',
    access: LEDGER_READ,
    summary: 'One freeze',
    tags: LEDGER_TAGS,
    schema: { params: ById, response: { 200: FreezeBody } },
    handler: async ({ params }, { db }) => {
      const id = readId(FREEZE_ID, params.id, 'freeze')
      const found = await db.read(async (tx) => {
        const freeze = await findFreeze(tx, id)
        return freeze === undefined ? undefined : { freeze, currency: await currencyOf(tx, freeze.account) }
      })
      return found === undefined ? notFound('freeze') : reply(freezeBody(found.freeze, found.currency))
    },
  })

  http.route({
    method: 'POST',
    url: '/v1/ledger/freezes/:id/lift',
    access: OPERATE,
    summary: 'Lift a freeze',
    description: 'One for the cause `judicial` needs the scope ledger:judicial.',
    tags: LEDGER_TAGS,
    idempotent: true,
    schema: { params: ById, body: Type.Object({}), response: { 200: Frozen } },
    handler: async ({ caller, params, idempotencyKey }) => {
      const outcome = await committer.submit({
        kind: commands.liftFreeze,
        input: { freeze: readId(FREEZE_ID, params.id, 'freeze'), authority: authorityOf(caller.scopes) },
        idempotency: { caller: caller.id, key: idempotencyKey },
      })
      return outcomeToReply(outcome, { done: frozen, refused })
    },
  })

  http.route({
    method: 'POST',
    url: '/v1/ledger/freezes/:id/deductions',
    access: JUDICIAL,
    summary: "Deduct frozen money on a judicial freeze, to an account of the institution's own",
    tags: LEDGER_TAGS,
    idempotent: true,
    schema: {
      params: ById,
      body: Type.Object({ to: Type.String({ maxLength: 40 }), amount: AmountText, currency: CurrencyText }),
      response: { 201: Type.Object({ batch: Type.Integer(), transfers: Type.Array(PublicId(TRANSFER_ID)) }) },
    },
    handler: async ({ caller, params, body, idempotencyKey }) => {
      const currency = readCurrency(body.currency)
      const amountMinor = readMovable('amount', body.amount, currency)
      const to = readId(ACCOUNT_ID, body.to, 'account')
      const freeze = readId(FREEZE_ID, params.id, 'freeze')
      const outcome = await committer.submit({
        kind: commands.deduct,
        input: { freeze, to, amountMinor, currency, reference: null },
        idempotency: { caller: caller.id, key: idempotencyKey },
      })
      return outcomeToReply(outcome, {
        status: 201,
        done: ({ batch, transfers }) => ({ batch, transfers: transfers.map((id) => publicId(TRANSFER_ID, id)) }),
        refused,
      })
    },
  })

  /** An account that is not there is told about by the command, in its turn. */
  async function mustBeIn(account: number, currency: string | undefined): Promise<void> {
    const view = await db.read((tx) => findAccount(tx, account))
    if (view !== undefined && view.account.currency !== currency) {
      throw badField('currency', 'currency_mismatch', 'is not that of the account')
    }
  }
}

/** The rank up to which a member of the staff may freeze and lift. */
function authorityOf(scopes: ReadonlySet<Scope>): FreezeCause {
  return scopes.has('ledger:judicial') ? 'judicial' : 'risk'
}

function readOptionalAmount({
  amount,
  currency,
}: {
  readonly amount?: string
  readonly currency?: string
}): bigint | null {
  if (amount === undefined) {
    if (currency !== undefined) throw badField('currency', 'not_allowed', 'has no meaning without an amount')
    return null
  }
  const code: CurrencyCode = readCurrency(currency ?? '')
  return readMovable('amount', amount, code)
}

function frozen(answer: { readonly freeze: number }) {
  return { id: publicId(FREEZE_ID, answer.freeze) }
}
