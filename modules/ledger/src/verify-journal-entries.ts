import { readEntryLine } from './journal-entry-data.ts'
import { type EventSeen, parseEventData } from './verify-events.ts'
import type { FindingList } from './verify-finding.ts'
import { TRANSFER_COLUMNS as COLUMN, type CopiedRow } from './verify-rows.ts'

/**
 * Holds entries against their transfers. The transfers of an entry stand one after the other; what they moved on each account must be
 * what the entry's lines say, where it has lines. Only the entry that is being read is in memory.
 */
export class EntryReplay {
  readonly #findings: FindingList
  #entry = 0
  #batch = 0
  #moved = new Map<number, bigint>()

  constructor(findings: FindingList) {
    this.#findings = findings
  }

  /** A transfer that names an entry. */
  transfer(row: CopiedRow, batch: number): void {
    const entry = row.number(COLUMN.entry)
    const id = row.number(COLUMN.id)
    if (entry === id) {
      this.#entry = entry
      this.#batch = batch
      this.#moved = new Map()
    } else if (entry !== this.#entry || batch !== this.#batch) {
      this.#findings.add('journal_entry_torn', { batch, position: row.number(COLUMN.position), found: String(entry) })
      return
    }
    const amount = row.bigint(COLUMN.amount)
    this.#move(row.number(COLUMN.debit), -amount)
    this.#move(row.number(COLUMN.credit), amount)
  }

  /** The lines of the entry that was read last. */
  event({ batch, position, account: entry, data }: EventSeen): void {
    if (entry !== this.#entry || batch !== this.#batch) {
      this.#findings.add('journal_entry_torn', { batch, position, found: String(entry) })
      return
    }
    const lines = parseEventData(data)?.lines
    const parsed = Array.isArray(lines) ? lines.map(readEntryLine) : [undefined]
    for (const line of parsed) {
      if (line === undefined) {
        this.#findings.add('event_malformed', { batch, position, found: 'entry_posted' })
        return
      }
      this.#move(line.account, line.side === 'debit' ? line.amountMinor : -line.amountMinor)
    }
    for (const [account, differenceMinor] of this.#moved) {
      if (differenceMinor === 0n) continue
      this.#findings.add('journal_entry_differs', { batch, position, account, found: String(differenceMinor) })
    }
    // Lines are told once.
    this.#entry = 0
  }

  #move(account: number, minor: bigint): void {
    this.#moved.set(account, (this.#moved.get(account) ?? 0n) + minor)
  }
}
