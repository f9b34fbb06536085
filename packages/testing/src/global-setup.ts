import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ConnectionOptions, startEmbedded } from '@huitong/pg'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    readonly postgres: ConnectionOptions
  }
}

/**
 * Starts the run's one PostgreSQL server in a temporary folder and hands its address to the test files. It does not wait for the disk
 * (`fsync` off): no test of this server kills it, and tests that are about crashes start servers of their own, with
 * fsync on.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'huitong-test-'))
  const server = await startEmbedded({
    dataDir: folder,
    settings: {
      fsync: 'off',
      synchronous_commit: 'off',
      full_page_writes: 'off',
      archive_mode: 'off',
      shared_buffers: '256MB',
      max_connections: '200',
      max_locks_per_transaction: '256',
    },
  })
  project.provide('postgres', server.connection)
  return async () => {
    await server.stop('immediate')
    await rm(folder, { recursive: true, force: true })
  }
}
