import type { Sql } from '@huitong/pg'
import type { CheckpointFields, CheckpointLine, Kept } from './checkpoint-line.ts'
import type { FindingList } from './verify-finding.ts'
import { type MarkSeen, readMarks } from './verify-mark-store.ts'

interface ExpectedMark extends MarkSeen {
  readonly account: number
  readonly sequence: number
}

/** Marks are outside the Merkle tree, since they only help to find entries: each must stand where the journal says, and no more. */
export class MarkCheck implements Kept {
  readonly names = ['marks']
  readonly #findings: FindingList
  #expected: ExpectedMark[] = []
  #found = 0

  constructor(findings: FindingList) {
    this.#findings = findings
  }

  *save(): Generator<CheckpointLine> {
    yield ['marks', this.#found]
  }

  load(fields: CheckpointFields): void {
    this.#found = fields.number()
  }

  expect(mark: ExpectedMark): void {
    this.#expected.push(mark)
  }

  /** Looks up the marks that were expected since the last time. */
  async compare(sql: Sql): Promise<void> {
    const expected = this.#expected
    this.#expected = []
    if (expected.length === 0) return
    const marks = await readMarks(sql, expected)
    for (const [index, mark] of expected.entries()) {
      const found = marks[index]
      const facts = { account: mark.account, what: `entry ${mark.sequence}`, expected: written(mark) }
      if (found !== undefined) this.#found += 1
      if (found === undefined) this.#findings.add('mark_differs', { ...facts, found: 'none' })
      else if (written(found) !== facts.expected) {
        this.#findings.add('mark_differs', { ...facts, found: written(found) })
      }
    }
  }

  /** `count` is how many marks there were as of the last batch. */
  finish(count: number): void {
    if (count === this.#found) return
    this.#findings.add('mark_not_journaled', { expected: String(this.#found), found: String(count) })
  }
}

/** Place, debits and credits posted, debits and credits pending. */
function written(mark: MarkSeen): string {
  const { location, debitsPosted, creditsPosted, debitsPending, creditsPending } = mark
  return `${location}: ${debitsPosted} ${creditsPosted} ${debitsPending} ${creditsPending}`
}
