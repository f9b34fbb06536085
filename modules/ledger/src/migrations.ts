import { fileURLToPath } from 'node:url'
import type { MigrationSet } from '@huitong/pg'

export const ledgerMigrations: MigrationSet = {
  module: 'ledger',
  directory: fileURLToPath(new URL('../sql', import.meta.url)),
}
