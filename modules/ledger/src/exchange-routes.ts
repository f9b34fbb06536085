import type { Committer } from '@huitong/committer'
import { AmountText, CurrencyText, PublicId, SignedAmountText } from '@huitong/contract'
import { badField, type HttpApp, outcomeToReply, reply } from '@huitong/http'
import { formatAmount, publicId } from '@huitong/kernel'
import Type from 'typebox'
import { exactText } from './exact.ts'
import { exchangeAmounts } from './exchange.ts'
import { ExchangeRequestBody, exchangeRequest, RevaluationRequestBody, revaluationRequest } from './exchange-request.ts'
import { refusedLine } from './journal-entry-routes.ts'
import { PostedEntryBody, postedEntryBody } from './journal-entry-views.ts'
import type { LedgerCommands } from './ledger-commands.ts'
import { ACCOUNT_ID, TRANSFER_ID } from './ledger-views.ts'
import { positionBodies } from './position-read.ts'
import type { ReadRoutes } from './read-routes.ts'

export interface ExchangeRoutesOptions {
  readonly reads: ReadRoutes
  readonly committer: Committer
  readonly commands: LedgerCommands
}

const TAGS = ['Ledger exchange'] as const
const POST = { callers: ['staff'], scope: 'ledger:post' } as const

/** Exchange through the institution's positions, and what the positions are. */
export function registerExchangeRoutes(http: HttpApp, options: ExchangeRoutesOptions): void {
  const { reads, committer, commands } = options

  http.route({
    method: 'POST',
    url: '/v1/ledger/fx/exchanges',
    access: POST,
    summary: 'Exchange one currency for another at a rate, in one entry',
    description:
      "Between the institution's own accounts only. Positions are its accounts of subject 3002, one a currency. One side tells its amount, the other follows from the applied rate by the named rounding; mid rate, applied rate, spread and rounding remainder are recorded with the entry.",
    tags: TAGS,
    idempotent: true,
    schema: {
      body: ExchangeRequestBody,
      response: {
        201: Type.Object({
          ...PostedEntryBody.properties,
          sold: AmountText,
          bought: AmountText,
          appliedRate: Type.String(),
        }),
      },
    },
    handler: async ({ caller, body, idempotencyKey }) => {
      const read = exchangeRequest(body)
      if (!read.ok) return badField(read.error.field, read.error.rule, read.error.message)
      const request = read.value
      const outcome = await committer.submit({
        kind: commands.exchange,
        input: { ...request, raw: true },
        idempotency: { caller: caller.id, key: idempotencyKey },
      })
      // A pure function of the request, so a repeat tells the same.
      const { soldMinor, boughtMinor } = exchangeAmounts(request)
      return outcomeToReply(outcome, {
        status: 201,
        done: (answer) => ({
          ...postedEntryBody(answer),
          sold: formatAmount(soldMinor, request.sold),
          bought: formatAmount(boughtMinor, request.bought),
          appliedRate: exactText(request.appliedRate),
        }),
        refused: (refusal) => {
          const told = refusedLine(refusal)
          const { line } = refusal.facts ?? {}
          if (told === undefined || (line !== '0' && line !== '1')) return told && { detail: told.detail }
          return { detail: told.detail, field: line === '0' ? 'sell.account' : 'buy.account' }
        },
      })
    },
  })

  reads.route({
    method: 'GET',
    url: '/v1/ledger/fx/positions',
    access: { callers: ['staff'], scope: 'ledger:read' },
    summary: 'Positions by currency: positive is long, negative is short',
    tags: TAGS,
    schema: {
      response: {
        200: Type.Object({
          positions: Type.Array(
            Type.Object({ account: PublicId(ACCOUNT_ID), currency: CurrencyText, position: SignedAmountText }),
          ),
        }),
      },
    },
    handler: async (_request, { db, balances }) => {
      return reply({ positions: await db.read((tx) => positionBodies(tx, balances)) })
    },
  })

  http.route({
    method: 'POST',
    url: '/v1/ledger/fx/revaluations',
    access: POST,
    summary: 'Value the positions in the base currency at rates, and post the gain or the loss',
    tags: TAGS,
    idempotent: true,
    schema: {
      body: RevaluationRequestBody,
      response: {
        201: Type.Object({
          batch: Type.Integer(),
          gain: SignedAmountText,
          entry: Type.Union([PublicId(TRANSFER_ID), Type.Null()], { description: 'Null when nothing was to post' }),
        }),
      },
    },
    handler: async ({ caller, body, idempotencyKey }) => {
      const read = revaluationRequest(body)
      if (!read.ok) return badField(read.error.field, read.error.rule, read.error.message)
      const outcome = await committer.submit({
        kind: commands.revalue,
        input: read.value,
        idempotency: { caller: caller.id, key: idempotencyKey },
      })
      return outcomeToReply(outcome, {
        status: 201,
        done: ({ batch, gainMinor, entry }) => ({
          ...{ batch, gain: formatAmount(gainMinor, read.value.base) },
          entry: entry === null ? null : publicId(TRANSFER_ID, entry),
        }),
        refused: (refusal) => {
          const told = refusedLine(refusal)
          return told && (refusal.code === 'rate_missing' ? { ...told, field: 'rates' } : { detail: told.detail })
        },
      })
    },
  })
}
