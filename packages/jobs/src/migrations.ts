import { join } from 'node:path'
import type { MigrationSet } from '@huitong/pg'

/** The tables of the relay; every institution that has an outbox has them. */
export const jobsMigrations: MigrationSet = { module: 'jobs', directory: join(import.meta.dirname, '../sql') }
