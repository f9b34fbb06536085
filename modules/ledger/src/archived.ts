import { HttpProblem } from '@huitong/http'

/** What is asked for stands in the archive and no more in the database. */
export class ArchivedEntries extends HttpProblem {
  constructor(endBatch: number) {
    super(
      410,
      'archived',
      `Entries before batch ${endBatch} are in the archive; ledger restore-archive brings them back.`,
    )
  }
}
