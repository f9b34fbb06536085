import { fileURLToPath } from 'node:url'
import type { MigrationSet } from '@huitong/pg'

export const caseworkMigrations: MigrationSet = {
  module: 'casework',
  directory: fileURLToPath(new URL('../sql', import.meta.url)),
}
