import { isJsonObject, parseJsonStrict } from '@huitong/kernel'
import type { CheckpointFields, CheckpointLine, Kept } from './checkpoint-line.ts'
import type { EventSeen } from './verify-events.ts'
import type { FindingList } from './verify-finding.ts'

/** What each account's posting policy is by the journal, against the rows. */
export class PolicyReplay implements Kept {
  readonly names = ['policy']
  readonly #findings: FindingList
  readonly #policies = new Map<number, string>()

  constructor(findings: FindingList) {
    this.#findings = findings
  }

  *save(): Generator<CheckpointLine> {
    for (const [account, policy] of [...this.#policies].sort(([a], [b]) => a - b)) yield ['policy', account, policy]
  }

  load(fields: CheckpointFields): void {
    this.#policies.set(fields.number(), fields.text())
  }

  event({ batch, position, account, data }: EventSeen): void {
    const parsed = parseJsonStrict(data)
    const policy = parsed.ok && isJsonObject(parsed.value) ? parsed.value.policy : undefined
    if (typeof policy === 'string') this.#policies.set(account, policy)
    else this.#findings.add('event_malformed', { batch, position, account, found: 'posting_policy_set' })
  }

  /** The rows, read when the journal had just the batches that were replayed. */
  finish(rows: ReadonlyMap<number, string>): void {
    for (const account of new Set([...this.#policies.keys(), ...rows.keys()])) {
      const [expected, found] = [this.#policies.get(account), rows.get(account)]
      if (expected === found) continue
      const facts = { account, expected: expected ?? 'no row', found: found ?? 'no row' }
      this.#findings.add('policy_differs', facts)
    }
  }
}
