import type { Committer } from '@huitong/committer'
import { PublicId, SignedAmountText } from '@huitong/contract'
import { badField, type HttpApp, notFound, outcomeToReply } from '@huitong/http'
import { type CurrencyCode, publicId } from '@huitong/kernel'
import type { InstitutionDatabase } from '@huitong/pg'
import Type from 'typebox'
import { REOPEN_REASONS } from './account-changes.ts'
import type { AccountAnswer } from './account-commands.ts'
import type { LedgerCommands } from './ledger-commands.ts'
import { findAccount } from './ledger-read-store.ts'
import { refused } from './ledger-refused.ts'
import { ACCOUNT_ID } from './ledger-views.ts'
import { ById, LEDGER_TAGS, readId, readSigned } from './route-parts.ts'

export interface AccountChangeRoutesOptions {
  readonly db: InstitutionDatabase
  readonly committer: Committer
  readonly commands: LedgerCommands
}

const OPERATE = { callers: ['staff'], scope: 'ledger:operate' } as const
const Changed = Type.Object({ id: PublicId(ACCOUNT_ID) })

/** Bounds of an account's balance, and closed accounts that are opened again. */
export function registerAccountChangeRoutes(
  http: HttpApp,
  { db, committer, commands }: AccountChangeRoutesOptions,
): void {
  http.route({
    method: 'POST',
    url: '/v1/ledger/accounts/:id/credit-limit',
    access: OPERATE,
    summary: 'Give an account a credit line, change it, or take it away with 0',
    description: 'Sets the floor to the limit below zero. Not less than what is in use.',
    tags: LEDGER_TAGS,
    idempotent: true,
    schema: { params: ById, body: Type.Object({ limit: SignedAmountText }), response: { 200: Changed } },
    handler: async ({ caller, params, body, idempotencyKey }) => {
      const account = readId(ACCOUNT_ID, params.id, 'account')
      const limitMinor = readSigned('limit', body.limit, await currencyFor(account))
      if (limitMinor < 0n) return badField('limit', 'not_negative', 'must not be below zero')
      const outcome = await committer.submit({
        kind: commands.setCreditLimit,
        input: { account, limitMinor },
        idempotency: { caller: caller.id, key: idempotencyKey },
      })
      return outcomeToReply(outcome, { done: changed, refused })
    },
  })

  http.route({
    method: 'POST',
    url: '/v1/ledger/accounts/:id/floor',
    access: OPERATE,
    summary: "Change the floor of an account of the institution's own, or take it away",
    description: 'Below which its balance may not fall. Customers and merchants have credit lines instead.',
    tags: LEDGER_TAGS,
    idempotent: true,
    schema: {
      params: ById,
      body: Type.Object({ floor: Type.Union([SignedAmountText, Type.Null()]) }),
      response: { 200: Changed },
    },
    handler: async ({ caller, params, body, idempotencyKey }) => {
      const account = readId(ACCOUNT_ID, params.id, 'account')
      const currency = await currencyFor(account)
      const floorMinor = body.floor === null ? null : readSigned('floor', body.floor, currency)
      const outcome = await committer.submit({
        kind: commands.setFloor,
        input: { account, floorMinor, raw: true },
        idempotency: { caller: caller.id, key: idempotencyKey },
      })
      return outcomeToReply(outcome, { done: changed, refused })
    },
  })

  http.route({
    method: 'POST',
    url: '/v1/ledger/accounts/:id/ceiling',
    access: OPERATE,
    summary: 'Bound the balance of an account from above, or take the bound away',
    tags: LEDGER_TAGS,
    idempotent: true,
    schema: {
      params: ById,
      body: Type.Object({ ceiling: Type.Union([SignedAmountText, Type.Null()]) }),
      response: { 200: Changed },
    },
    handler: async ({ caller, params, body, idempotencyKey }) => {
      const account = readId(ACCOUNT_ID, params.id, 'account')
      const currency = await currencyFor(account)
      const ceilingMinor = body.ceiling === null ? null : readSigned('ceiling', body.ceiling, currency)
      const outcome = await committer.submit({
        kind: commands.setCeiling,
        input: { account, ceilingMinor },
        idempotency: { caller: caller.id, key: idempotencyKey },
      })
      return outcomeToReply(outcome, { done: changed, refused })
    },
  })

  http.route({
    method: 'POST',
    url: '/v1/ledger/accounts/:id/reopen',
    access: OPERATE,
    summary: 'Open a closed account again, for a reason that the journal keeps',
    tags: LEDGER_TAGS,
    idempotent: true,
    schema: {
      params: ById,
      body: Type.Object({ reason: Type.Enum([...REOPEN_REASONS]) }),
      response: { 200: Changed },
    },
    handler: async ({ caller, params, body, idempotencyKey }) => {
      const outcome = await committer.submit({
        kind: commands.reopen,
        input: { account: readId(ACCOUNT_ID, params.id, 'account'), reason: body.reason },
        idempotency: { caller: caller.id, key: idempotencyKey },
      })
      return outcomeToReply(outcome, { done: changed, refused })
    },
  })

  /** An account never changes its currency, so it may be read before the command. */
  async function currencyFor(account: number): Promise<CurrencyCode> {
    const view = await db.read((tx) => findAccount(tx, account))
    if (view === undefined) throw notFound('account')
    return view.account.currency
  }
}

function changed(answer: AccountAnswer) {
  return { id: publicId(ACCOUNT_ID, answer.account) }
}
