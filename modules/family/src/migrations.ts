import { fileURLToPath } from 'node:url'
import type { MigrationSet } from '@huitong/pg'

export const familyMigrations: MigrationSet = {
  module: 'family',
  directory: fileURLToPath(new URL('../sql', import.meta.url)),
}
