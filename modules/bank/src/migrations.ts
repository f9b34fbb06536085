import { fileURLToPath } from 'node:url'
import type { MigrationSet } from '@huitong/pg'

export const bankMigrations: MigrationSet = {
  module: 'bank',
  directory: fileURLToPath(new URL('../sql', import.meta.url)),
}
