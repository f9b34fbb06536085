import { fileURLToPath } from 'node:url'
import type { MigrationSet } from '@huitong/pg'

export const clearingMigrations: MigrationSet = {
  module: 'clearing',
  directory: fileURLToPath(new URL('../sql', import.meta.url)),
}
