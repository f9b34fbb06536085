import { type BinaryRows, copyRows, type Sql } from '@huitong/pg'
import type { LoneStatement } from './table.ts'

/**
 * From this many rows on, a stream of binary rows is cheaper than a statement with arrays of text: at 2,000 rows it saves 5 µs a row
 * in this program and as much in PostgreSQL. Below, its extra round trip costs more than it saves (docs/adr/0001).
 */
export const COPY_FROM_ROWS = 64

/** `statement` is `copy table (columns) from stdin (format binary)`. */
export function copyStatement(sql: Sql, statement: string, rows: BinaryRows): LoneStatement {
  const bytes = rows.finish()
  return { execute: () => copyRows(sql, statement, bytes), alone: true }
}
