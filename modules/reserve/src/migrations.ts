import { fileURLToPath } from 'node:url'
import type { MigrationSet } from '@huitong/pg'

export const reserveMigrations: MigrationSet = {
  module: 'reserve',
  directory: fileURLToPath(new URL('../sql', import.meta.url)),
}
