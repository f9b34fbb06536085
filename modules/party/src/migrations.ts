import { fileURLToPath } from 'node:url'
import type { MigrationSet } from '@huitong/pg'

export const partyMigrations: MigrationSet = {
  module: 'party',
  directory: fileURLToPath(new URL('../sql', import.meta.url)),
}
