import { microsToIso } from '@huitong/kernel'
import { type ReadFault, readFault, readHead } from '@huitong/ledger'
import { type InstitutionDatabase, openReadReplica, type ReadReplica } from '@huitong/pg'
import { CliError, EXIT } from './cli-error.ts'
import { withInstitution } from './open-database.ts'

type Reads = Pick<InstitutionDatabase, 'schema' | 'read'>

/** A read of one page. A report over millions of rows takes minutes, and the replica is there for that. */
const STATEMENT_MS = 600_000
/** Reads that the replica cancelled, because the log took away what they looked at, are tried again. */
const TRIES_MAX = 5

/**
 * Runs `work`, which only reads: on the replica that HUITONG_READ_URL names, saying as of which batch, or where no replica is named on
 * the institution itself. Who named one did not want the primary to be burdened, so it is not asked instead.
 */
export async function withReads<T>(dataDir: string, schema: string, work: (db: Reads) => Promise<T>): Promise<T> {
  const readUrl = process.env.HUITONG_READ_URL ?? ''
  if (readUrl === '') return withInstitution(dataDir, schema, work)
  const replica = openReadReplica(readUrl, { connectionsMax: 2, statementMs: STATEMENT_MS })
  try {
    const db = patientReads(replica, schema)
    const head = await db.read(readHead)
    const end = head.number === 0 ? 'before the first batch' : `as of batch ${head.number}, ${microsToIso(head.at)}`
    process.stderr.write(`Read from the replica ${replica.place}, ${end}.\n`)
    return await work(db)
  } finally {
    await replica.close()
  }
}

function patientReads(replica: ReadReplica, schema: string): Reads {
  const { read } = replica.institution(schema)
  return {
    schema,
    read: async (work) => {
      for (let tries = 1; ; tries += 1) {
        try {
          return await read(work)
        } catch (error) {
          const fault = readFault(error)
          if (fault === 'cancelled' && tries < TRIES_MAX) continue
          throw failure(fault, error, replica.place, schema)
        }
      }
    },
  }
}

function failure(fault: ReadFault, error: unknown, place: string, schema: string): unknown {
  const said = error instanceof Error ? error.message : String(error)
  if (fault === 'unreachable') return new CliError(EXIT.unreachable, `The replica ${place} cannot be used: ${said}.`)
  if (fault === 'cancelled') return new CliError(EXIT.unreachable, `The replica ${place} gave the read up: ${said}.`)
  if (errorIsMissingTable(error))
    return new CliError(EXIT.usage, `There is no institution ${schema} in the replica ${place}.`)
  return error
}

/** A schema that is not there looks like a table that is not. */
function errorIsMissingTable(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === '42P01'
}
