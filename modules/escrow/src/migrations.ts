import { fileURLToPath } from 'node:url'
import type { MigrationSet } from '@huitong/pg'

export const escrowMigrations: MigrationSet = {
  module: 'escrow',
  directory: fileURLToPath(new URL('../sql', import.meta.url)),
}
