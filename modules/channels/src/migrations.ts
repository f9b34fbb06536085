import { fileURLToPath } from 'node:url'
import type { MigrationSet } from '@huitong/pg'

export const channelsMigrations: MigrationSet = {
  module: 'channels',
  directory: fileURLToPath(new URL('../sql', import.meta.url)),
}
