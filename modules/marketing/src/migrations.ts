import { fileURLToPath } from 'node:url'
import type { MigrationSet } from '@huitong/pg'

export const marketingMigrations: MigrationSet = {
  module: 'marketing',
  directory: fileURLToPath(new URL('../sql', import.meta.url)),
}
