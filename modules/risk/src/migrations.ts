import { fileURLToPath } from 'node:url'
import type { MigrationSet } from '@huitong/pg'

export const riskMigrations: MigrationSet = {
  module: 'risk',
  directory: fileURLToPath(new URL('../sql', import.meta.url)),
}
