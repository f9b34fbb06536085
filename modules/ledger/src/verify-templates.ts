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
  readonly #definitions = new Map<string, string>()

  constructor(findings: FindingList) {
    this.#findings = findings
  }

  /** In the order in which they were published. */
  *save(): Generator<CheckpointLine> {
    for (const [key, definition] of this.#definitions) {
      const [name = '', version = ''] = key.split(' ')
      yield ['template', name, version, definition]
    }
  }

  load(fields: CheckpointFields): void {
    const name = fields.text()
    const version = fields.text()
    this.#versions.set(name, Number(version))
    this.#definitions.set(`${name} ${version}`, fields.text())
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
    this.#definitions.set(`${name} ${version}`, definition)
  }

  async finish(sql: Sql, end: number): Promise<void> {
    for (const { name, version, definition } of await readTemplateRows(sql, end)) {
      const key = `${name} ${version}`
      if (this.#definitions.get(key) !== definition) this.#findings.add('template_differs', { what: key })
      this.#definitions.delete(key)
    }
    for (const key of this.#definitions.keys()) this.#findings.add('template_differs', { what: key, found: 'no row' })
  }
}
