import { InvariantError, invariant, MAX_MINOR } from '@huitong/kernel'
import type { Account } from './account.ts'
import { TRANSFER_CODES, TRANSFER_KINDS, type Transfer } from './transfer.ts'

/**
 * The bytes of each journal mutation, over which the Merkle tree of its batch is built. Big endian throughout; ids, sequences and
 * minor amounts are signed 8-byte integers; an absent id is 0 (no id is 0). The first byte names the form: a later form gets a new
 * byte, and old batches keep verifying.
 *
 * Transfer, form 1 (108 bytes): form 1 byte, kind 1, code 2, then 8 bytes each: id, debit, credit, amount, released, hold, reference,
 * debit sequence, debit balance, credit sequence, credit balance, position, expiry of the
 * hold in µs.
 *
 * Transfer, form 3 (132 bytes): as form 1, then 8 bytes each: accounting day as days since 1970-01-01, the transfer that it reverses,
 * entry; 0 where absent. Used when one of the three is there, so that a plain transfer has form 1 and nothing else.
 */
const TRANSFER_FORM = 1
const EVENT_FORM = 2
const TRANSFER_WITH_FACTS_FORM = 3
const TRANSFER_BYTES = 1 + 1 + 2 + 13 * 8
const FACTS_BYTES = 3 * 8
const DAY_MILLIS = 86_400_000

/** Whether a transfer says more of itself than most: then its form and its row have three fields more. */
export function hasFacts({ effectiveOn, reverses, entry }: Transfer): boolean {
  return effectiveOn !== null || reverses !== null || entry !== null
}

/** Numbers go through a view of one buffer: a Buffer's own writers are calls with checks, and there are 17 of them a transfer. */
const form = new DataView(new ArrayBuffer(TRANSFER_BYTES + FACTS_BYTES))
const factsForm = new Uint8Array(form.buffer)
const plainForm = factsForm.subarray(0, TRANSFER_BYTES)

export function transferBytes(transfer: Transfer): Uint8Array {
  return Uint8Array.from(passingTransferBytes(transfer))
}

/** The same bytes, for who is done with them before the next transfer's are made: they stand in the same place. */
export function passingTransferBytes(transfer: Transfer): Uint8Array {
  writeTransfer(transfer)
  if (!hasFacts(transfer)) return plainForm
  writeFacts(transfer)
  return factsForm
}

function writeFacts({ effectiveOn, reverses, entry }: Transfer): void {
  form.setUint8(0, TRANSFER_WITH_FACTS_FORM)
  writeId(effectiveOn === null ? 0 : daysOf(effectiveOn), TRANSFER_BYTES)
  writeId(reverses ?? 0, TRANSFER_BYTES + 8)
  writeId(entry ?? 0, TRANSFER_BYTES + 16)
}

/** Days since 1970-01-01, which itself is no accounting day. */
function daysOf(day: string): number {
  const days = Date.parse(`${day}T00:00:00Z`) / DAY_MILLIS
  invariant(Number.isInteger(days) && days > 0, `not an accounting day: ${day}`)
  return days
}

function writeTransfer(transfer: Transfer): void {
  form.setUint8(0, TRANSFER_FORM)
  form.setUint8(1, TRANSFER_KINDS[transfer.kind])
  form.setUint16(2, TRANSFER_CODES[transfer.code])
  writeId(transfer.id, 4)
  writeId(transfer.debit, 12)
  writeId(transfer.credit, 20)
  writeMinor(transfer.amountMinor, 28)
  writeMinor(transfer.releasedMinor, 36)
  writeId(transfer.hold ?? 0, 44)
  writeId(transfer.reference ?? 0, 52)
  writeId(transfer.debitSequence, 60)
  writeMinor(transfer.debitBalanceMinor, 68)
  writeId(transfer.creditSequence, 76)
  writeMinor(transfer.creditBalanceMinor, 84)
  writeId(transfer.position, 92)
  writeId(transfer.holdExpiresAt ?? 0, 100)
}

/** Two 4-byte writes are ten times cheaper than a bigint made for the purpose; ids are safe integers and never negative. */
function writeId(id: number, at: number): void {
  if (!Number.isSafeInteger(id) || id < 0) throw new InvariantError(`not an id or a count: ${id}`)
  form.setUint32(at, Math.floor(id / 0x1_0000_0000))
  form.setUint32(at + 4, id % 0x1_0000_0000)
}

/** A view would cut what an int8 cannot hold, and two amounts would have one form. */
function writeMinor(minor: bigint, at: number): void {
  if (minor > MAX_MINOR || minor < -MAX_MINOR) throw new InvariantError(`out of range for the journal: ${minor}`)
  form.setBigInt64(at, minor)
}

/** What happens to accounts, holds and days, apart from money. Its data is canonical JSON text, so that a form needs no version of its own. */
export interface LedgerEvent {
  readonly position: number
  readonly kind: LedgerEventKind
  /** The account that it is about, of a hold the debit account; of `entry_posted` the entry, of a scheduled posting that, of metadata the account or transfer; 0 for events of the whole ledger. */
  readonly account: number
  readonly data: string
}

export const LEDGER_EVENT_KINDS = {
  account_opened: 1,
  floor_changed: 2,
  state_changed: 3,
  day_closed: 4,
  freeze_placed: 10,
  freeze_lifted: 11,
  freeze_expired: 12,
  freeze_deducted: 13,
  ceiling_changed: 14,
  credit_limit_changed: 15,
  account_reopened: 16,
  hold_extended: 17,
  chart_adopted: 20,
  day_tied: 21,
  days_finalized: 22,
  year_end_posted: 23,
  year_end_reversed: 24,
  entry_posted: 30,
  account_metadata_set: 40,
  transfer_metadata_added: 41,
  template_published: 31,
  posting_policy_set: 32,
  set_created: 42,
  set_member_added: 43,
  set_member_removed: 44,
  posting_scheduled: 50,
  scheduled_posted: 51,
  scheduled_refused: 52,
  scheduled_cancelled: 53,
} as const

export type LedgerEventKind = keyof typeof LEDGER_EVENT_KINDS

export function isLedgerEventKind(text: string): text is LedgerEventKind {
  return Object.hasOwn(LEDGER_EVENT_KINDS, text)
}

/** Event, form 2: form 1, kind 1, account 8, position 8, data in UTF-8. */
export function eventBytes(event: LedgerEvent): Uint8Array {
  const data = Buffer.from(event.data, 'utf8')
  const bytes = Buffer.allocUnsafe(18 + data.length)
  bytes[0] = EVENT_FORM
  bytes[1] = LEDGER_EVENT_KINDS[event.kind]
  bytes.writeBigInt64BE(BigInt(event.account), 2)
  bytes.writeBigInt64BE(BigInt(event.position), 10)
  bytes.set(data, 18)
  return bytes
}

/** Canonical JSON of what an account is opened with. */
export function openedData(account: Account): string {
  return JSON.stringify({
    currency: account.currency,
    floor_minor: account.floorMinor === null ? null : String(account.floorMinor),
    owner: account.owner,
    subject: account.subject,
  })
}

export function floorData(floorMinor: bigint | null): string {
  return JSON.stringify({ floor_minor: floorMinor === null ? null : String(floorMinor) })
}

export function stateData(state: Account['state']): string {
  return JSON.stringify({ state })
}
