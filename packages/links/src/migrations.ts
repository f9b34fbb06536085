import { join } from 'node:path'
import type { MigrationSet } from '@huitong/pg'

/** The tables of links; every institution that exchanges messages has them. */
export const linksMigrations: MigrationSet = { module: 'links', directory: join(import.meta.dirname, '../sql') }
