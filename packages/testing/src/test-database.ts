import { type ConnectionOptions, type Database, openDatabase } from '@huitong/pg'
import { afterAll, inject } from 'vitest'

let shared: Database | undefined

afterAll(async () => {
  await shared?.close()
  shared = undefined
})

/** The address of the run's server, for tests that open connections of their own. */
export function testConnection(): ConnectionOptions {
  return inject('postgres')
}

/** The run's server, opened once per test file and closed after its last test. */
export function testDatabase(): Database {
  shared ??= openDatabase(testConnection(), { connectionsMax: 16 })
  return shared
}
