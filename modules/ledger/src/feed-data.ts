import {
  type CurrencyCode,
  formatAmount,
  invariant,
  isJsonObject,
  type JsonObject,
  microsToIso,
  parseJsonStrict,
  publicId,
} from '@huitong/kernel'
import type { FeedRow } from './feed-store.ts'
import { readEntryLine } from './journal-entry-data.ts'
import { entryLineBody, plainJson } from './journal-entry-views.ts'
import type { LedgerEventKind } from './journal-form.ts'
import { ACCOUNT_ID, TRANSFER_ID } from './ledger-ids.ts'
import { transferBody } from './ledger-views.ts'
import { SCHEDULED_ID } from './scheduled-posting.ts'
import { legsOf, refusalOf } from './scheduled-posting-form.ts'
import { legBody } from './scheduled-posting-views.ts'

/** What an event says beside its place: public ids, amounts and times as text. */
export type FeedData = Readonly<Record<string, unknown>>

export type CurrencyOf = (account: number) => CurrencyCode

type EventRow = Extract<FeedRow, { readonly from: 'events' }>

interface Said {
  readonly about: number
  readonly json: JsonObject
  readonly currencyOf: CurrencyOf
}

const account = ({ about }: Said) => ({ account: publicId(ACCOUNT_ID, about) })
const text = ({ json }: Said, name: string): string | null => {
  const value = json[name]
  return typeof value === 'string' ? value : null
}
const id = (said: Said, prefix: string, name: string): string | null => {
  const number = text(said, name)
  return number === null ? null : publicId(prefix, Number(number))
}
const amount = (said: Said, name: string): string | null => {
  const minor = text(said, name)
  return minor === null ? null : formatAmount(BigInt(minor), said.currencyOf(said.about))
}
const time = (said: Said, name: string): string | null => {
  const micros = text(said, name)
  return micros === null ? null : microsToIso(Number(micros))
}
const plain = ({ json }: Said) => plainJson(json)
const freeze = (said: Said) => ({ freeze: id(said, 'frze', 'freeze'), ...account(said) })

/** Each kind of the journal's events as it looks from outside. Owners are left out: they name people. */
const SAY: Readonly<Record<LedgerEventKind, (said: Said) => FeedData>> = {
  account_opened: (said) => ({
    ...account(said),
    ...{ subject: text(said, 'subject'), currency: text(said, 'currency'), floor: amount(said, 'floor_minor') },
  }),
  floor_changed: (said) => ({ ...account(said), floor: amount(said, 'floor_minor') }),
  state_changed: (said) => ({ ...account(said), state: text(said, 'state') }),
  ceiling_changed: (said) => ({ ...account(said), ceiling: amount(said, 'ceiling_minor') }),
  credit_limit_changed: (said) => ({ ...account(said), limit: amount(said, 'limit_minor') }),
  account_reopened: (said) => ({ ...account(said), reason: text(said, 'reason') }),
  posting_policy_set: (said) => ({ ...account(said), policy: text(said, 'policy') }),
  freeze_placed: (said) => ({
    ...freeze(said),
    ...{ cause: text(said, 'cause'), amount: amount(said, 'amount_minor') },
    ...{ blocksIncoming: said.json.blocks_incoming === true, reference: text(said, 'reference') },
    expiresAt: time(said, 'expires_at'),
  }),
  freeze_lifted: (said) => ({ ...freeze(said), authority: text(said, 'authority') }),
  freeze_expired: freeze,
  freeze_deducted: (said) => ({ ...freeze(said), amount: amount(said, 'amount_minor') }),
  hold_extended: (said) => ({
    hold: id(said, TRANSFER_ID, 'hold'),
    ...account(said),
    expiresAt: time(said, 'expires_at'),
  }),
  entry_posted: ({ about, json: { lines, ...facts }, currencyOf }) => ({
    entry: publicId(TRANSFER_ID, about),
    lines: linesOf(lines).map((line) => entryLineBody({ ...line, currency: currencyOf(line.account) })),
    facts: plainJson(facts),
  }),
  account_metadata_set: (said) => ({ ...account(said), changes: plain(said) }),
  transfer_metadata_added: (said) => ({ transfer: publicId(TRANSFER_ID, said.about), changes: plain(said) }),
  day_closed: (said) => ({ day: text(said, 'closed'), nextDay: text(said, 'next'), by: text(said, 'by') }),
  day_tied: (said) => ({ day: text(said, 'day'), asOfBatch: Number(text(said, 'batch')) }),
  days_finalized: (said) => ({ through: text(said, 'through'), by: text(said, 'by') }),
  year_end_posted: (said) => ({
    ...{ year: Number(text(said, 'year')), entry: id(said, TRANSFER_ID, 'entry') },
    ...{ complete: said.json.complete === true, by: text(said, 'by') },
  }),
  year_end_reversed: (said) => ({
    ...{ year: Number(text(said, 'year')), entry: id(said, TRANSFER_ID, 'entry') },
    ...{ of: id(said, TRANSFER_ID, 'of'), by: text(said, 'by') },
  }),
  chart_adopted: (said) => ({ kind: text(said, 'kind') }),
  template_published: (said) => ({ template: text(said, 'name'), version: Number(text(said, 'version')) }),
  posting_scheduled: (said) => ({
    ...{ scheduled: publicId(SCHEDULED_ID, said.about), dueAt: time(said, 'due_at') },
    legs: legsOf(said.json.legs).map(legBody),
  }),
  scheduled_posted: (said) => ({
    ...{ scheduled: publicId(SCHEDULED_ID, said.about) },
    transfers: transfersOf(said.json).map((number) => publicId(TRANSFER_ID, number)),
  }),
  scheduled_refused: (said) => ({
    ...{ scheduled: publicId(SCHEDULED_ID, said.about), refusal: refusalOf(said.json) },
  }),
  scheduled_cancelled: (said) => ({ scheduled: publicId(SCHEDULED_ID, said.about), by: text(said, 'by') }),
  set_created: (said) => ({
    ...{ set: publicId('aset', said.about), name: text(said, 'name'), parent: id(said, 'aset', 'parent') },
  }),
  set_member_added: (said) => ({ set: id(said, 'aset', 'set'), ...account(said) }),
  set_member_removed: (said) => ({ set: id(said, 'aset', 'set'), ...account(said) }),
}

/** Kinds whose `account_id` names an account; of others it is an entry, a transfer, a set, or nothing. */
const NOT_OF_ACCOUNTS: ReadonlySet<LedgerEventKind> = new Set<LedgerEventKind>([
  ...(['entry_posted', 'transfer_metadata_added', 'set_created', 'template_published', 'chart_adopted'] as const),
  ...(['posting_scheduled', 'scheduled_posted', 'scheduled_refused', 'scheduled_cancelled'] as const),
  ...(['day_closed', 'day_tied', 'days_finalized', 'year_end_posted', 'year_end_reversed'] as const),
])

/** The accounts that a mutation is about. */
export function accountsOfRow(row: FeedRow): readonly number[] {
  if (row.from === 'transfers') return [row.transfer.debit, row.transfer.credit]
  if (row.from === 'buffered') return [row.posting.debit, row.posting.credit]
  if (row.kind === 'entry_posted') return [...new Set(linesOf(jsonOf(row).lines).map((line) => line.account))]
  if (row.kind === 'posting_scheduled') return accountsOfLegs(row)
  return NOT_OF_ACCOUNTS.has(row.kind) ? [] : [row.about]
}

/** The template that an entry was posted by, or that was published. */
export function templateOfRow(row: FeedRow): string | null {
  if (row.from !== 'events') return null
  const json = jsonOf(row)
  const name = row.kind === 'template_published' ? json.name : templateFact(json)
  return typeof name === 'string' ? name : null
}

function templateFact({ template }: JsonObject): unknown {
  return template !== undefined && isJsonObject(template) ? template.name : undefined
}

export function dataOfRow(row: FeedRow, currencyOf: CurrencyOf): FeedData {
  if (row.from === 'events') return SAY[row.kind]({ about: row.about, json: jsonOf(row), currencyOf })
  if (row.from === 'transfers') {
    const { batch, at, accountingDay, position } = row
    const {
      id: transfer,
      kind: _,
      ...said
    } = transferBody({ ...row.transfer, batch, at, accountingDay, position }, currencyOf(row.transfer.debit))
    const { batch: _batch, position: _position, at: _at, accountingDay: _day, ...rest } = said
    const { holdExpiresAt } = row.transfer
    return { transfer, ...rest, ...(holdExpiresAt === null ? {} : { expiresAt: microsToIso(holdExpiresAt) }) }
  }
  const { id: posting, debit, credit, amountMinor, code } = row.posting
  const currency = currencyOf(debit)
  return {
    transfer: publicId(TRANSFER_ID, posting),
    code,
    ...{ debit: publicId(ACCOUNT_ID, debit), credit: publicId(ACCOUNT_ID, credit) },
    ...{ currency, amount: formatAmount(amountMinor, currency) },
  }
}

/** Where it is known before the posting: a hold's accounts are those that the hold was made with. */
function accountsOfLegs(row: EventRow): readonly number[] {
  return [...new Set(legsOf(jsonOf(row).legs).flatMap((leg) => ('hold' in leg ? [] : [leg.debit, leg.credit])))]
}

function transfersOf({ transfers }: JsonObject): readonly number[] {
  return Array.isArray(transfers) ? transfers.map(Number) : []
}

function jsonOf({ batch, position, data }: EventRow): JsonObject {
  const parsed = parseJsonStrict(data)
  invariant(parsed.ok && isJsonObject(parsed.value), `the event ${batch}-${position} cannot be read`)
  return parsed.value
}

function linesOf(lines: JsonObject[string] | undefined) {
  const read = Array.isArray(lines) ? lines.map(readEntryLine) : []
  return read.map((line) => {
    invariant(line !== undefined, 'a journaled line cannot be read')
    return line
  })
}
