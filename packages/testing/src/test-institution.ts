import { randomBytes } from 'node:crypto'
import {
  committerRole,
  type DedicatedConnection,
  type DedicatedOptions,
  type InstitutionDatabase,
  type MigrationSet,
  migrate,
  quoteName,
} from '@huitong/pg'
import { afterAll } from 'vitest'
import { testDatabase } from './test-database.ts'

export interface TestInstitution {
  readonly schema: string
  readonly db: InstitutionDatabase
  /** A connection of one's own, as the committer unless another role is named; closed after the file's last test. */
  dedicated(options?: DedicatedOptions): Promise<DedicatedConnection>
  /** Removes the schema; tests that make many institutions call it, others leave it to the end of the run. */
  drop(): Promise<void>
}

const opened: DedicatedConnection[] = []

afterAll(async () => {
  for (const connection of opened.splice(0)) await connection.close()
})

/** Makes an institution with a schema that no other test has, migrated with `sets` in their order. */
export async function createInstitution(sets: readonly MigrationSet[]): Promise<TestInstitution> {
  const schema = `test_${randomBytes(8).toString('hex')}`
  const database = testDatabase()
  await migrate(database, schema, sets)
  return {
    schema,
    db: database.institution(schema),
    dedicated: async (options = { role: committerRole }) => {
      const connection = await database.dedicated(schema, options)
      opened.push(connection)
      return connection
    },
    drop: async () => {
      await database.owner.unsafe(`drop schema ${quoteName(schema)} cascade`)
    },
  }
}
