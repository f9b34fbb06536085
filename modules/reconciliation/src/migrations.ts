import { fileURLToPath } from 'node:url'
import type { MigrationSet } from '@huitong/pg'

export const reconciliationMigrations: MigrationSet = {
  module: 'reconciliation',
  directory: fileURLToPath(new URL('../sql', import.meta.url)),
}
