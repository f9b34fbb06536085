import type { InstitutionDatabase, Sql } from '@huitong/pg'
import type { CheckpointFields, CheckpointLine, Kept } from './checkpoint-line.ts'
import { METADATA_KEY } from './metadata.ts'
import type { EventSeen } from './verify-event-seen.ts'
import { parseEventData } from './verify-events.ts'
import type { FindingList } from './verify-finding.ts'
import {
  countTransferMetadata,
  eachAccountMetadataPage,
  laterMetadataEvents,
  type MetadataRowSeen,
  readMetadataValues,
} from './verify-metadata-store.ts'

/**
 * Replays what was set on accounts and transfers. What transfers have never changes, so it is compared chunk by chunk and only
 * counted; what accounts have is kept until the end (some hundred bytes a key) and then compared with all rows.
 */
export class MetadataReplay implements Kept {
  readonly names = ['metadata', 'transfer_metadata']
  readonly #findings: FindingList
  readonly #accounts = new Map<number, Map<string, string>>()
  #added: MetadataRowSeen[] = []
  #transferRows = 0

  constructor(findings: FindingList) {
    this.#findings = findings
  }

  *save(): Generator<CheckpointLine> {
    for (const [id, values] of [...this.#accounts].sort(([a], [b]) => a - b)) {
      for (const [key, value] of [...values].sort(([a], [b]) => (a < b ? -1 : 1))) yield ['metadata', id, key, value]
    }
    yield ['transfer_metadata', this.#transferRows]
  }

  load(fields: CheckpointFields): void {
    if (fields.name === 'metadata') this.#of(fields.number()).set(fields.text(), fields.text())
    else this.#transferRows = fields.number()
  }

  /** False for events of another kind. */
  apply(event: EventSeen): boolean {
    const ofAccount = event.kind === 'account_metadata_set'
    if (!ofAccount && event.kind !== 'transfer_metadata_added') return false
    const data = parseEventData(event.data)
    const changes = Object.entries(data ?? {})
    if (changes.length === 0) this.#malformed(event)
    for (const [key, value] of changes) {
      const id = event.account
      if (!METADATA_KEY.test(key)) this.#malformed(event)
      else if (typeof value === 'string') {
        if (ofAccount) this.#of(id).set(key, value)
        else this.#added.push({ id, key, value })
      } else if (ofAccount && value === null) this.#of(id).delete(key)
      else this.#malformed(event)
    }
    return true
  }

  #of(account: number): Map<string, string> {
    const known = this.#accounts.get(account)
    if (known !== undefined) return known
    const empty = new Map<string, string>()
    this.#accounts.set(account, empty)
    return empty
  }

  #malformed({ batch, position, account, kind }: EventSeen): void {
    this.#findings.add('event_malformed', { batch, position, account, found: kind })
  }

  /** Looks up what transfers were given since the last time. */
  async compare(sql: Sql): Promise<void> {
    const added = this.#added
    this.#added = []
    if (added.length === 0) return
    this.#transferRows += added.length
    const values = await readMetadataValues(sql, added)
    for (const [index, { id, key, value }] of added.entries()) {
      const found = values[index]
      if (found !== value) this.#differs(id, key, value, found)
    }
  }

  #differs(object: number, key: string, expected: string | undefined, found: string | undefined): void {
    const facts = { what: `${key} of ${object}`, expected: expected ?? 'none', found: found ?? 'none' }
    this.#findings.add('metadata_differs', facts)
  }

  /** Rows follow their events in one commit; objects that changed after `end` are left to the next verification. */
  async finish(db: Pick<InstitutionDatabase, 'read'>, end: number): Promise<void> {
    const suspects: { readonly row: MetadataRowSeen; readonly expected: string | undefined }[] = []
    for (let after: MetadataRowSeen | undefined, done = false; !done; ) {
      const from: MetadataRowSeen | undefined = after
      const rows = await db.read(({ sql }) => eachAccountMetadataPage(sql, from))
      for (const row of rows) {
        const expected = this.#accounts.get(row.id)?.get(row.key)
        if (expected !== row.value) suspects.push({ row, expected })
        else this.#accounts.get(row.id)?.delete(row.key)
      }
      after = rows.at(-1)
      done = after === undefined
    }
    const { later, transferRows } = await db.read(async ({ sql }) => ({
      later: await laterMetadataEvents(sql, end),
      transferRows: await countTransferMetadata(sql),
    }))
    const changed = new Set(later.map((event) => event.account))
    for (const { row, expected } of suspects) {
      if (changed.has(row.id)) continue
      this.#accounts.get(row.id)?.delete(row.key)
      this.#differs(row.id, row.key, expected, row.value)
    }
    for (const [id, missing] of this.#accounts) {
      if (changed.has(id)) continue
      for (const [key, value] of missing) this.#differs(id, key, value, undefined)
    }
    const laterRows = later
      .filter((event) => event.kind === 'transfer_metadata_added')
      .reduce((sum, event) => sum + Object.keys(parseEventData(event.data) ?? {}).length, 0)
    const expected = this.#transferRows + laterRows
    if (transferRows !== expected) {
      this.#findings.add('metadata_not_journaled', { expected: String(expected), found: String(transferRows) })
    }
  }
}
