import type { ReadTx, Sql } from '@huitong/pg'

/** What of a plan counts here, of one node and those below it. */
interface PlanNode {
  readonly 'Node Type': string
  readonly 'Relation Name'?: string
  readonly 'Actual Rows': number
  readonly 'Actual Loops': number
  readonly 'Rows Removed by Filter'?: number
  readonly 'Rows Removed by Index Recheck'?: number
  readonly Plans?: readonly PlanNode[]
}

/** A statement as it ran: its text, the tables that it read from end to end, and how many rows it touched in all. */
export interface JudgedStatement {
  readonly text: string
  readonly scanned: readonly string[]
  readonly touched: number
  /** Whether it locks rows or changes any. */
  readonly locking: boolean
}

interface Piece {
  readonly strings: readonly string[]
  readonly values: readonly unknown[]
}

/** Notes every statement that work sends through a transaction; explains each by running it once more. */
export function recordStatements<Tx extends Pick<ReadTx, 'sql'>>(
  tx: Tx,
): { readonly tx: Tx; judge(): Promise<readonly JudgedStatement[]> } {
  const pieces = new Map<unknown, Piece>()
  const parts = new Set<unknown>()
  const sql: Sql = new Proxy(tx.sql, {
    apply: (target, self, [strings, ...values]: [readonly string[], ...unknown[]]) => {
      const statement: unknown = Reflect.apply(target, self, [strings, ...values])
      pieces.set(statement, { strings, values })
      for (const value of values) if (pieces.has(value)) parts.add(value)
      return statement
    },
  })

  function render(piece: Piece, parameters: (string | number | boolean | null)[]): string {
    return piece.strings
      .map((text, index) => {
        if (index === piece.strings.length - 1) return text
        const value = piece.values[index]
        const part = pieces.get(value)
        if (part !== undefined) return text + render(part, parameters)
        parameters.push(parameterOf(value))
        return `${text}$${parameters.length}`
      })
      .join('')
  }

  return {
    tx: { ...tx, sql },
    judge: async () => {
      const judged: JudgedStatement[] = []
      for (const [statement, piece] of pieces) {
        if (parts.has(statement)) continue
        const parameters: (string | number | boolean | null)[] = []
        const text = render(piece, parameters)
        const [row] = await tx.sql.unsafe<{ 'QUERY PLAN': readonly { readonly Plan: PlanNode }[] }[]>(
          `explain (analyze, timing off, format json) ${text}`,
          parameters,
        )
        const plan = row?.['QUERY PLAN'][0]?.Plan
        if (plan === undefined) throw new Error(`there is no plan of ${text}`)
        const nodes = nodesOf(plan)
        const scans = nodes.filter(
          (node) => node['Relation Name'] !== undefined || node['Node Type'].includes('Bitmap Index'),
        )
        judged.push({
          text,
          scanned: scans
            .filter((node) => node['Node Type'] === 'Seq Scan')
            .map((node) => String(node['Relation Name'])),
          touched: scans.reduce((sum, node) => sum + touchedBy(node), 0),
          locking: nodes.some((node) => LOCKING.includes(node['Node Type'])),
        })
      }
      return judged
    },
  }
}

const LOCKING: readonly string[] = ['LockRows', 'ModifyTable']

function parameterOf(value: unknown): string | number | boolean | null {
  if (typeof value === 'bigint') return String(value)
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' || value === null)
    return value
  throw new Error(`a ${typeof value} cannot be explained`)
}

function nodesOf(node: PlanNode): readonly PlanNode[] {
  return [node, ...(node.Plans ?? []).flatMap(nodesOf)]
}

function touchedBy(node: PlanNode): number {
  const removed = (node['Rows Removed by Filter'] ?? 0) + (node['Rows Removed by Index Recheck'] ?? 0)
  return (node['Actual Rows'] + removed) * node['Actual Loops']
}
