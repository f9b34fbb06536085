import type { Committer } from '@huitong/committer'
import {
  decodeCursor,
  encodeCursor,
  PAGE_LIMIT_DEFAULT,
  PAGE_QUERY,
  Page,
  PublicId,
  pageOf,
  SignedAmountText,
} from '@huitong/contract'
import { badField, type HttpApp, notFound, outcomeToReply, reply } from '@huitong/http'
import { canonicalJson, formatAmount, publicId } from '@huitong/kernel'
import Type from 'typebox'
import { EntryLineBody, entryLineBody, PostedEntryBody, postedEntryBody } from './journal-entry-views.ts'
import type { LedgerCommands } from './ledger-commands.ts'
import { isLedgerRefusalCode, LEDGER_REFUSALS } from './ledger-refusals.ts'
import { ACCOUNT_ID } from './ledger-views.ts'
import type { ReadRoutes } from './read-routes.ts'
import { balanceOf } from './template-balance.ts'
import type { TrialAnswer } from './template-command.ts'
import { parseTemplate } from './template-parse.ts'
import type { TemplatePosting } from './template-post.ts'
import { findTemplate, listTemplates, type PublishedTemplate } from './template-store.ts'

export interface TemplateRoutesOptions {
  readonly reads: ReadRoutes
  readonly committer: Committer
  readonly commands: LedgerCommands
}

const TAGS = ['Ledger templates'] as const
const READ = { callers: ['staff'], scope: 'ledger:read' } as const
const TEMPLATE_NAME = /^[a-z][a-z0-9-]{0,63}$/
const ByName = Type.Object({ name: Type.String({ maxLength: 64 }) })

const TemplateBody = Type.Object(
  {
    name: Type.String(),
    version: Type.Integer(),
    balance: Type.Union([Type.Literal('proved'), Type.Literal('checked_at_posting')], {
      description: 'Whether debits and credits are equal whatever the arguments are',
    }),
    definition: Type.Unknown(),
  },
  { $id: 'LedgerTemplate' },
)

const PostingBody = Type.Object({
  version: Type.Optional(Type.Integer({ minimum: 1, description: 'Refused when it is not the newest' })),
  arguments: Type.Record(Type.String(), Type.String({ maxLength: 64 })),
})

const TrialBody = Type.Object({
  would: Type.Union([Type.Literal('post'), Type.Literal('refuse')]),
  lines: Type.Array(EntryLineBody),
  transfers: Type.Array(
    Type.Object({
      debit: PublicId(ACCOUNT_ID),
      credit: PublicId(ACCOUNT_ID),
      amount: SignedAmountText,
      currency: Type.String(),
      debitBalance: SignedAmountText,
      creditBalance: SignedAmountText,
    }),
  ),
  refusal: Type.Union([
    Type.Object({ code: Type.String(), detail: Type.String(), facts: Type.Record(Type.String(), Type.String()) }),
    Type.Null(),
  ]),
})

/** Templates: publishing, reading, posting by them and trying them. */
export function registerTemplateRoutes(http: HttpApp, { reads, committer, commands }: TemplateRoutesOptions): void {
  reads.route({
    method: 'GET',
    url: '/v1/ledger/templates',
    access: READ,
    summary: 'The newest version of each template, by name',
    tags: TAGS,
    schema: { querystring: Type.Object(PAGE_QUERY), response: { 200: Page(TemplateBody) } },
    handler: async ({ query }, { db }) => {
      const limit = query.limit ?? PAGE_LIMIT_DEFAULT
      const decoded = query.cursor === undefined ? undefined : decodeCursor('templates', ['string'], query.cursor)
      if (decoded?.ok === false) return badField('cursor', decoded.error, 'is not a cursor of this list')
      const rows = await db.read((tx) => listTemplates(tx, String(decoded?.value[0] ?? ''), limit))
      return reply(pageOf(rows, limit, templateBody, (last) => encodeCursor('templates', [last.name])))
    },
  })

  reads.route({
    method: 'GET',
    url: '/v1/ledger/templates/:name',
    access: READ,
    summary: 'One template, in its newest version unless told',
    tags: TAGS,
    schema: {
      params: ByName,
      querystring: Type.Object({ version: Type.Optional(Type.Integer({ minimum: 1, maximum: 2_000_000_000 })) }),
      response: { 200: TemplateBody },
    },
    handler: async ({ params, query }, { db }) => {
      const found = await db.read((tx) => findTemplate(tx, params.name, query.version ?? null))
      return found === undefined ? notFound('template') : reply(templateBody(found))
    },
  })

  http.route({
    method: 'PUT',
    url: '/v1/ledger/templates/:name',
    access: { callers: ['staff'], scope: 'ledger:operate' },
    summary: 'Publish a template, or a new version of it',
    description:
      'A version never changes. The same definition again is the same version, so that this may be repeated.',
    tags: TAGS,
    schema: {
      params: ByName,
      body: Type.Object({
        definition: Type.Unknown(),
        replaces: Type.Optional(
          Type.Integer({
            minimum: 0,
            maximum: 2_000_000_000,
            description: 'The version that must be the newest before; 0 for none',
          }),
        ),
      }),
      response: { 200: TemplateBody },
    },
    handler: async ({ params, body }) => {
      const { name } = params
      if (!TEMPLATE_NAME.test(name))
        return badField('name', 'template_name', 'must be small letters, digits and hyphens')
      const parsed = parseTemplate(body.definition)
      const fault = parsed.ok ? balanceOf(parsed.value) : parsed.error
      if (!parsed.ok || typeof fault !== 'string') {
        const { field, rule, message } = typeof fault === 'string' ? NO_FAULT : fault
        return badField(field === '' ? 'definition' : `definition.${field}`, rule, message)
      }
      const definition = canonicalJson(body.definition)
      const outcome = await committer.submit({
        kind: commands.publishTemplate,
        input: { name, definition, replaces: body.replaces ?? null },
      })
      return outcomeToReply(outcome, {
        done: ({ version }) => ({ name, version, balance: fault, definition: body.definition }),
        refused: refusedTemplate,
      })
    },
  })

  http.route({
    method: 'POST',
    url: '/v1/ledger/templates/:name/postings',
    access: { callers: ['staff'], scope: 'ledger:post' },
    summary: 'Post by a template',
    description:
      "On the institution's own accounts only: those of customers and merchants need approval by two people.",
    tags: TAGS,
    idempotent: true,
    schema: { params: ByName, body: PostingBody, response: { 201: PostedEntryBody } },
    handler: async ({ caller, params, body, idempotencyKey }) => {
      const outcome = await committer.submit({
        kind: commands.postTemplate,
        input: postingOf(params.name, body),
        idempotency: { caller: caller.id, key: idempotencyKey },
      })
      return outcomeToReply(outcome, { status: 201, done: postedEntryBody, refused: refusedTemplate })
    },
  })

  http.route({
    method: 'POST',
    url: '/v1/ledger/templates/:name/trials',
    access: { callers: ['staff'], scope: 'ledger:post' },
    summary: 'What a posting by a template would do at this moment; changes nothing',
    tags: TAGS,
    schema: { params: ByName, body: PostingBody, response: { 200: TrialBody } },
    handler: async ({ params, body }) => {
      const outcome = await committer.submit({ kind: commands.tryTemplate, input: postingOf(params.name, body) })
      return outcomeToReply(outcome, { done: trialBody })
    },
  })
}

const NO_FAULT = { field: '', rule: 'definition', message: 'cannot be read' }

function postingOf(
  name: string,
  body: { readonly version?: number; readonly arguments: Readonly<Record<string, string>> },
): TemplatePosting {
  return { name, version: body.version ?? null, arguments: body.arguments, reference: null, raw: true }
}

function templateBody({ name, version, definition, template }: PublishedTemplate) {
  const balance = balanceOf(template)
  const json: unknown = JSON.parse(definition)
  // What never balances is not published.
  return {
    name,
    version,
    balance: typeof balance === 'string' ? balance : ('checked_at_posting' as const),
    definition: json,
  }
}

function refusedTemplate(refusal: { readonly code: string; readonly facts?: Readonly<Record<string, string>> }) {
  if (!isLedgerRefusalCode(refusal.code)) return undefined
  const detail = LEDGER_REFUSALS[refusal.code]
  const { parameter, rule } = refusal.facts ?? {}
  if (refusal.code === 'template_unknown') return { status: 404, detail }
  if (refusal.code === 'template_version_replaced') return { status: 409, detail, field: 'version' }
  return parameter === undefined ? { detail } : { detail: `${detail} (${rule})`, field: `arguments.${parameter}` }
}

function trialBody(answer: TrialAnswer) {
  if (answer.would === 'refuse') {
    const { code, facts = {} } = answer.refusal
    return { would: answer.would, lines: [], transfers: [], refusal: { code, detail: LEDGER_REFUSALS[code], facts } }
  }
  return {
    would: answer.would,
    lines: answer.lines.map(entryLineBody),
    transfers: answer.transfers.map(({ debit, credit, currency, ...transfer }) => ({
      ...{ debit: publicId(ACCOUNT_ID, debit), credit: publicId(ACCOUNT_ID, credit), currency },
      amount: formatAmount(transfer.amountMinor, currency),
      debitBalance: formatAmount(transfer.debitBalanceMinor, currency),
      creditBalance: formatAmount(transfer.creditBalanceMinor, currency),
    })),
    refusal: null,
  }
}
