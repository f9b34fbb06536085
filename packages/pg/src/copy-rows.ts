import { Writable } from 'node:stream'
import type { Sql } from './sql.ts'

/**
 * Runs `statement` (`copy table (columns) from stdin (format binary)`) with the rows of `BinaryRows.finish()`, inside whatever
 * transaction is open on the connection of `sql`, and returns the number of rows. It starts at once, and nothing else may be
 * sent on the connection until it settles. Statements before it may still be under way, but must have been started: by await or by
 * `execute()`, for the driver starts a statement only then. PostgreSQL's error rejects, as with any statement.
 *
 * The driver hands out a stream and then loses an error that comes after the last byte was sent: nobody would hear of a
 * broken constraint and the stream would never finish. Its query object, however, is told both times (the stream first,
 * then the end), so we listen there.
 */
export function copyRows(sql: Sql, statement: string, rows: Uint8Array): Promise<number> {
  return new Promise((resolve, reject) => {
    let sent = false
    const query = Object.assign(sql.unsafe(statement), {
      resolve: (answer: unknown) => {
        if (answer instanceof Writable) {
          sent = true
          answer.on('error', () => undefined)
          answer.end(rows)
        } else if (sent) resolve(rowCount(answer))
        else reject(new Error(`not a statement that takes rows: ${statement}`))
      },
      reject,
    })
    query.execute()
  })
}

function rowCount(answer: unknown): number {
  return typeof answer === 'object' && answer !== null && 'count' in answer ? Number(answer.count) : 0
}
