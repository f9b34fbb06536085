import { fileURLToPath } from 'node:url'
import type { MigrationSet } from '@huitong/pg'

export const committerMigrations: MigrationSet = {
  module: 'committer',
  directory: fileURLToPath(new URL('../sql', import.meta.url)),
}
