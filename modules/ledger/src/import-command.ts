import type { CommandKind, WorkingSet } from '@huitong/committer'
import { err, ok } from '@huitong/kernel'
import type { Books } from './books.ts'
import { ImportBooks, type LineVerdict } from './import-books.ts'
import type { ImportLine } from './import-line.ts'
import { type ImportCursor, importRefusalLog, importTable, NO_IMPORT } from './import-store.ts'
import { plainForm } from './posting-command.ts'

/** Consecutive lines of a file. */
export interface ImportInput {
  /** Names the file: one that comes again under this name goes on where it stopped. */
  readonly id: string
  /** The first line of the piece, and the first behind it. */
  readonly firstLine: number
  readonly endLine: number
  readonly lines: readonly ImportLine[]
}

/** The import as it stands after the piece. */
export type ImportAnswer = ImportCursor

/**
 * `ledger.import`: many lines as one command, since it is one client's file and one answer; yet each line has a verdict of its own, and
 * a refused one leaves no trace but its refusal. The cursor of the file moves in the same commit and makes a repeat harmless, so
 * the command needs no idempotency key: a piece that was brought in before is passed over, one that comes too early is refused.
 */
export function importKind(set: WorkingSet, books: Books): CommandKind<ImportInput, ImportAnswer> {
  const cursors = set.table(importTable)
  const refusals = set.log(importRefusalLog)
  const importBooks = new ImportBooks(set, books)

  return {
    name: 'ledger.import',
    need: ({ id, lines }) => {
      cursors.need(id)
      for (const line of lines) if (line.is === 'record') importBooks.need(line.record)
    },
    decide: ({ id, firstLine, endLine, lines }) => {
      const before = cursors.get(id) ?? NO_IMPORT
      if (endLine <= before.nextLine) return ok(before)
      if (firstLine > before.nextLine) {
        return err({ code: 'import_line_missing', facts: { next_line: String(before.nextLine) } })
      }
      const fresh = lines.filter((line) => line.line >= before.nextLine)
      for (const line of fresh) if (line.is === 'record') importBooks.needAccounts(line.record)
      const counts = { accepted: before.accepted, repeated: before.repeated, refused: before.refused }
      for (const line of fresh) {
        const verdict: LineVerdict =
          line.is === 'record' ? importBooks.enter(line.record) : { is: 'refused', refusal: line.fault }
        counts[verdict.is] += 1
        if (verdict.is === 'refused') refusals.add({ importId: id, line: line.line, ...verdict.refusal })
      }
      const after: ImportCursor = { nextLine: endLine, ...counts }
      cursors.put(id, after)
      return ok(after)
    },
    form: ({ id, firstLine, endLine }) => plainForm({ id, firstLine, endLine }),
    encode: (answer) => JSON.stringify([answer.nextLine, answer.accepted, answer.repeated, answer.refused]),
    decode: (text) => {
      const [nextLine = 1, accepted = 0, repeated = 0, refused = 0] = text.slice(1, -1).split(',').map(Number)
      return { nextLine, accepted, repeated, refused }
    },
  }
}
