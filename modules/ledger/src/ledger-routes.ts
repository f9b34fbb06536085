import type { Committer } from '@huitong/committer'
import { CurrencyText, PublicId, SignedAmountText } from '@huitong/contract'
import { badField, type HttpApp, notFound, outcomeToReply, reply } from '@huitong/http'
import { publicId } from '@huitong/kernel'
import type { InstitutionDatabase } from '@huitong/pg'
import Type from 'typebox'
import { registerAccountChangeRoutes } from './account-change-routes.ts'
import { registerAccountReadRoutes } from './account-read-routes.ts'
import { registerAccountSetRoutes } from './account-set-routes.ts'
import type { Books } from './books.ts'
import { BufferedBody } from './buffered-read.ts'
import { registerChartRoutes } from './chart-routes.ts'
import { registerDayRoutes } from './day-routes.ts'
import { registerExchangeRoutes } from './exchange-routes.ts'
import { registerFreezeRoutes } from './freeze-routes.ts'
import { registerHoldRoutes } from './hold-routes.ts'
import { registerImportRoutes } from './import-routes.ts'
import { registerEntryRoutes } from './journal-entry-routes.ts'
import type { LedgerCommands } from './ledger-commands.ts'
import { readHead } from './ledger-read-store.ts'
import { refused } from './ledger-refused.ts'
import { ACCOUNT_ID, HeadBody, headBody, TRANSFER_ID, TransferBody } from './ledger-views.ts'
import { registerMetadataRoutes } from './metadata-routes.ts'
import { registerPostingPolicyRoutes } from './posting-policy-routes.ts'
import { type PostingBody, PostingRequest, readPostingLegs } from './posting-request.ts'
import { createReadDesk, type ReadDesk } from './read-desk.ts'
import { readRoutes } from './read-routes.ts'
import { primarySource } from './read-source.ts'
import { registerReplicaRoutes } from './replica-routes.ts'
import { registerReportRoutes } from './report-routes.ts'
import { registerReversalRoutes } from './reversal-routes.ts'
import {
  ById,
  LEDGER_OPERATE,
  LEDGER_POST,
  LEDGER_READ,
  LEDGER_TAGS,
  readCurrency,
  readId,
  readSigned,
} from './route-parts.ts'
import { registerScheduledPostingRoutes } from './scheduled-posting-routes.ts'
import { registerStatementRoutes } from './statement-routes.ts'
import { subjectCode } from './subjects.ts'
import { registerTemplateRoutes } from './template-routes.ts'
import { readTransferBody } from './transfer-read.ts'
import { registerYearRoutes } from './year-routes.ts'

export interface LedgerRoutesOptions {
  readonly db: InstitutionDatabase
  readonly committer: Committer
  readonly commands: LedgerCommands
  readonly books: Books
  /** As people call it; its schema unless told. */
  readonly institution?: string
  /** Who answers reads; the primary alone unless told. */
  readonly desk?: ReadDesk
}

/** Staff's view of the ledger, and raw postings on the institution's own accounts. */
export function registerLedgerRoutes(http: HttpApp, options: LedgerRoutesOptions): void {
  const { db, committer, commands, books } = options
  async function post(body: PostingBody, raw: boolean, idempotency: { readonly caller: string; readonly key: string }) {
    const outcome = await committer.submit({
      kind: commands.post,
      input: { legs: readPostingLegs(body), raw },
      idempotency,
    })
    return outcomeToReply(outcome, {
      status: 201,
      done: ({ batch, transfers }) => ({ batch, transfers: transfers.map((id) => publicId(TRANSFER_ID, id)) }),
      refused,
    })
  }

  const desk = options.desk ?? createReadDesk({ primary: primarySource(db, committer, books), committer })
  const reads = readRoutes(http, desk)
  registerReplicaRoutes(http, desk)
  registerAccountReadRoutes(reads)
  registerStatementRoutes(reads, options.institution ?? db.schema)
  registerAccountSetRoutes(http, { reads, committer, commands })
  registerEntryRoutes(http, { reads, committer, commands })
  registerTemplateRoutes(http, { reads, committer, commands })
  registerPostingPolicyRoutes(http, { reads, committer, commands })
  registerExchangeRoutes(http, { reads, committer, commands })
  registerMetadataRoutes(http, { reads, committer, commands })
  registerImportRoutes(http, { db, committer, commands })

  http.route({
    method: 'POST',
    url: '/v1/ledger/accounts',
    access: LEDGER_OPERATE,
    summary: "Open an account of the institution's own",
    tags: LEDGER_TAGS,
    idempotent: true,
    schema: {
      body: Type.Object({
        subject: Type.String({ maxLength: 8, examples: ['1002'] }),
        currency: CurrencyText,
        floor: Type.Optional(Type.Union([SignedAmountText, Type.Null()])),
      }),
      response: { 201: Type.Object({ id: PublicId(ACCOUNT_ID) }) },
    },
    handler: async ({ caller, body, idempotencyKey }) => {
      const subject = subjectCode(body.subject)
      if (subject === undefined) return badField('subject', 'known_subject', 'is not in the chart of accounts')
      const currency = readCurrency(body.currency)
      const floorMinor =
        body.floor === undefined || body.floor === null ? null : readSigned('floor', body.floor, currency)
      const outcome = await committer.submit({
        kind: commands.openAccount,
        input: { slot: 0, subject, currency, owner: null, floorMinor },
        idempotency: { caller: caller.id, key: idempotencyKey },
      })
      return outcomeToReply(outcome, {
        status: 201,
        done: (answer) => ({ id: publicId(ACCOUNT_ID, answer.account) }),
        refused,
      })
    },
  })

  http.route({
    method: 'POST',
    url: '/v1/ledger/accounts/:id/state',
    access: LEDGER_OPERATE,
    summary: 'Freeze, reopen or close an account',
    tags: LEDGER_TAGS,
    idempotent: true,
    schema: {
      params: ById,
      body: Type.Object({
        state: Type.Union([Type.Literal('open'), Type.Literal('frozen'), Type.Literal('closed')]),
      }),
      response: { 200: Type.Object({ id: PublicId(ACCOUNT_ID) }) },
    },
    handler: async ({ caller, params, body, idempotencyKey }) => {
      const account = readId(ACCOUNT_ID, params.id, 'account')
      const outcome = await committer.submit({
        kind: commands.setState,
        input: { account, state: body.state },
        idempotency: { caller: caller.id, key: idempotencyKey },
      })
      return outcomeToReply(outcome, { done: (answer) => ({ id: publicId(ACCOUNT_ID, answer.account) }), refused })
    },
  })

  http.route({
    method: 'POST',
    url: '/v1/ledger/approved-postings',
    access: { ...LEDGER_POST, fourEyes: true },
    summary: 'Post on any account, those of customers and merchants too, with the approval of a second person',
    tags: LEDGER_TAGS,
    idempotent: true,
    schema: {
      body: PostingRequest,
      response: { 201: Type.Object({ batch: Type.Integer(), transfers: Type.Array(PublicId(TRANSFER_ID)) }) },
    },
    handler: ({ caller, body, idempotencyKey }) => post(body, false, { caller: caller.id, key: idempotencyKey }),
  })

  http.route({
    method: 'POST',
    url: '/v1/ledger/postings',
    access: LEDGER_POST,
    summary: 'Post transfers, holds, increases, captures and voids that stand or fall together',
    description:
      "On the institution's own accounts only: those of customers and merchants need approval by two people.",
    tags: LEDGER_TAGS,
    idempotent: true,
    schema: {
      body: PostingRequest,
      response: { 201: Type.Object({ batch: Type.Integer(), transfers: Type.Array(PublicId(TRANSFER_ID)) }) },
    },
    handler: ({ caller, body, idempotencyKey }) => post(body, true, { caller: caller.id, key: idempotencyKey }),
  })

  reads.route({
    method: 'GET',
    url: '/v1/ledger/transfers/:id',
    access: LEDGER_READ,
    summary: 'One transfer, or a posting that waits in a summary',
    tags: LEDGER_TAGS,
    schema: { params: ById, response: { 200: Type.Union([TransferBody, BufferedBody]) } },
    handler: async ({ params }, { db }) => {
      const id = readId(TRANSFER_ID, params.id, 'transfer')
      const body = await db.read((tx) => readTransferBody(tx, id))
      return body === undefined ? notFound('transfer') : reply(body)
    },
  })

  http.route({
    method: 'GET',
    url: '/v1/ledger/head',
    access: LEDGER_READ,
    summary: 'The end of the journal',
    tags: LEDGER_TAGS,
    schema: {
      response: {
        200: HeadBody,
      },
    },
    handler: async () => {
      return reply(headBody(await db.read(readHead)))
    },
  })

  registerChartRoutes(reads)
  registerDayRoutes(http, { reads, committer, commands })
  registerReportRoutes(reads)
  registerYearRoutes(http, { db, reads, committer, commands })
  registerReversalRoutes(http, { reads, committer, commands })
  registerHoldRoutes(http, { reads, committer, commands })
  registerScheduledPostingRoutes(http, { reads, committer, commands })
  registerFreezeRoutes(http, { db, reads, committer, commands })
  registerAccountChangeRoutes(http, { db, committer, commands })
}
