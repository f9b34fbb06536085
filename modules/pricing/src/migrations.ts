import { fileURLToPath } from 'node:url'
import type { MigrationSet } from '@huitong/pg'

export const pricingMigrations: MigrationSet = {
  module: 'pricing',
  directory: fileURLToPath(new URL('../sql', import.meta.url)),
}
