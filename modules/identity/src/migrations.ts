import { fileURLToPath } from 'node:url'
import type { MigrationSet } from '@huitong/pg'

export const identityMigrations: MigrationSet = {
  module: 'identity',
  directory: fileURLToPath(new URL('../sql', import.meta.url)),
}
