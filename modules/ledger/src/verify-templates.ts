import { isJsonObject, parseJsonStrict } from '@huitong/kernel'
import type { Sql } from '@huitong/pg'
import type { CheckpointFields, CheckpointLine, Kept } from './checkpoint-line.ts'
import type { EventSeen } from './verify-events.ts'
import type { FindingList } from './verify-finding.ts'
import { readTemplateRows } from './verify-template-store.ts'

/** Holds published templates against their events: versions without a gap, and rows as they were journaled. */
export class TemplateReplay implements Kept {
  readonly names = ['template']
  readonly #findings: FindingList
  readonly #versions = new Map<string, number>()
  /** With the batch that published each, by name and version. */
  readonly #published = new Map<string, { readonly definition: string; readonly batch: number }>()

  constructor(findings: FindingList) {
    this.#findings = findings
  }

  /** In the order in which they were published. */
  *save(): Generator<CheckpointLine> {
    for (const [key, { definition, batch }] of this.#published) {
      const [name = '', version = ''] = key.split(' ')
      yield ['template', name, version, definition, batch]
    }
  }

  load(fields: CheckpointFields): void {
    const name = fields.text()
    const version = fields.text()
    this.#versions.set(name, Number(version))
    this.#published.set(`${name} ${version}`, { definition: fields.text(), batch: fields.number() })
  }

  event({ batch, position, account, data }: EventSeen): void {
    const parsed = parseJsonStrict(data)
    const fields = parsed.ok && isJsonObject(parsed.value) ? parsed.value : {}
    const { name, version, definition } = fields
    if (typeof name !== 'string' || typeof version !== 'string' || typeof definition !== 'string') {
      this.#findings.add('event_malformed', { batch, position, account, found: 'template_published' })
      return
    }
    const before = this.#versions.get(name) ?? 0
    if (version !== String(before + 1)) {
      this.#findings.add('event_breaks_rule', { batch, position, account, what: 'versions follow one another' })
    }
    this.#versions.set(name, Number(version))
    this.#published.set(`${name} ${version}`, { definition, batch })
  }

  async finish(sql: Sql, end: number): Promise<void> {
    const left = new Map(this.#published)
    for (const { name, version, definition, batch } of await readTemplateRows(sql, end)) {
      const key = `${name} ${version}`
      const published = left.get(key)
      if (published?.definition !== definition || published.batch !== batch)
        this.#findings.add('template_differs', { what: key })
      left.delete(key)
    }
    for (const key of left.keys()) this.#findings.add('template_differs', { what: key, found: 'no row' })
  }
}
