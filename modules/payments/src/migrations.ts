import { fileURLToPath } from 'node:url'
import type { MigrationSet } from '@huitong/pg'

export const paymentsMigrations: MigrationSet = {
  module: 'payments',
  directory: fileURLToPath(new URL('../sql', import.meta.url)),
}
