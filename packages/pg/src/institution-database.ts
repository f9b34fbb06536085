import { invariant, type Result } from '@huitong/kernel'
import type { ConnectionPool, Lease } from './connection-pool.ts'
import { type ReadTx, readTransaction, type Tx, writeTransaction } from './transaction.ts'

/** One institution's tables, through connections shared with all the others. */
export interface InstitutionDatabase {
  readonly schema: string
  /** Runs `work` in one read-only snapshot. */
  read<T>(work: (tx: ReadTx) => Promise<T>): Promise<T>
  /** Runs `work` in one transaction that commits only when the result is ok; a refusal or a throw leaves no trace. */
  transact<T, E>(work: (tx: Tx) => Promise<Result<T, E>>): Promise<Result<T, E>>
}

export function institutionDatabase(pool: ConnectionPool, schema: string): InstitutionDatabase {
  return {
    schema,
    read: async (work) => {
      const lease = await pool.lease(schema)
      try {
        const { sql } = lease.connection
        // Not awaited before the work, which saves a round trip; were it to fail alone, reads would still only read.
        const begun = sql`begin isolation level repeatable read read only`.execute()
        const [value] = await Promise.all([work(readTransaction(sql)), begun])
        await sql`rollback`
        lease.release()
        return value
      } catch (error) {
        await abandon(lease)
        throw error
      }
    },
    transact: async (work) => {
      const lease = await pool.lease(schema)
      try {
        const { sql } = lease.connection
        await sql`begin`
        const result = await work(writeTransaction(sql))
        const end = result.ok ? await sql`commit` : await sql`rollback`
        // PostgreSQL answers the commit of a failed transaction with "rollback" and no error.
        invariant(!result.ok || end.command === 'COMMIT', 'work went on after a statement had failed; nothing was kept')
        lease.release()
        return result
      } catch (error) {
        await abandon(lease)
        throw error
      }
    },
  }
}

/** After a failure: takes everything back and, when even that fails, gives the connection up. */
async function abandon(lease: Lease): Promise<void> {
  try {
    await lease.connection.sql`rollback`
    lease.release()
  } catch {
    await lease.discard()
  }
}
