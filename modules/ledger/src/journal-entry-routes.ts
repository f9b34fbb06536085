import type { Committer } from '@huitong/committer'
import { badField, type HttpApp, notFound, outcomeToReply, reply } from '@huitong/http'
import { parsePublicId } from '@huitong/kernel'
import Type from 'typebox'
import { findEntry } from './journal-entry-read-store.ts'
import { EntryRequestBody, entryLines } from './journal-entry-request.ts'
import { JournalEntryBody, journalEntryBody, PostedEntryBody, postedEntryBody } from './journal-entry-views.ts'
import type { LedgerCommands } from './ledger-commands.ts'
import { isLedgerRefusalCode, LEDGER_REFUSALS } from './ledger-refusals.ts'
import { TRANSFER_ID } from './ledger-views.ts'
import type { ReadRoutes } from './read-routes.ts'

export interface EntryRoutesOptions {
  readonly reads: ReadRoutes
  readonly committer: Committer
  readonly commands: LedgerCommands
}

const TAGS = ['Ledger entries'] as const

/** Entries of debit and credit lines. */
export function registerEntryRoutes(http: HttpApp, { reads, committer, commands }: EntryRoutesOptions): void {
  http.route({
    method: 'POST',
    url: '/v1/ledger/entries',
    access: { callers: ['staff'], scope: 'ledger:post' },
    summary: 'Post an entry: debit and credit lines that balance in each currency',
    description:
      "On the institution's own accounts only: those of customers and merchants need approval by two people. An account stands on one side of an entry.",
    tags: TAGS,
    idempotent: true,
    schema: { body: EntryRequestBody, response: { 201: PostedEntryBody } },
    handler: async ({ caller, body, idempotencyKey }) => {
      const read = entryLines(body)
      if (!read.ok) return badField(read.error.field, read.error.rule, read.error.message)
      const outcome = await committer.submit({
        kind: commands.postEntry,
        input: { ...read.value, reference: null, raw: true },
        idempotency: { caller: caller.id, key: idempotencyKey },
      })
      return outcomeToReply(outcome, { status: 201, done: postedEntryBody, refused: refusedLine })
    },
  })

  reads.route({
    method: 'GET',
    url: '/v1/ledger/entries/:id',
    access: { callers: ['staff'], scope: 'ledger:read' },
    summary: 'One entry with its lines and transfers, by the id of any of its transfers',
    tags: TAGS,
    schema: { params: Type.Object({ id: Type.String({ maxLength: 40 }) }), response: { 200: JournalEntryBody } },
    handler: async ({ params }, { db }) => {
      const id = parsePublicId(TRANSFER_ID, params.id)
      if (!id.ok) return notFound('entry')
      const found = await db.read((tx) => findEntry(tx, id.value))
      return found === undefined ? notFound('entry') : reply(journalEntryBody(found))
    },
  })
}

/** How a refusal of lines is told. */
export function refusedLine(refusal: { readonly code: string; readonly facts?: Readonly<Record<string, string>> }) {
  if (!isLedgerRefusalCode(refusal.code)) return undefined
  const detail = LEDGER_REFUSALS[refusal.code]
  const line = refusal.facts?.line
  return line === undefined ? { detail } : { detail, field: `lines[${line}]` }
}
