import { defineConfig } from 'vitest/config'

/** One PostgreSQL server for the whole run; each test file makes institutions of its own in it. */
export default defineConfig({
  test: {
    include: ['packages', 'modules', 'flows', 'apps', 'tools', 'bench', 'sim'].map(
      (folder) => `${folder}/**/*.test.ts`,
    ),
    exclude: ['**/node_modules/**'],
    // Servers that tests start host one institution, unless a test asks for more: each has a committer and tables of its own.
    env: { HUITONG_INSTITUTIONS: 'own' },
    globalSetup: ['packages/testing/src/global-setup.ts'],
    // Processes rather than threads: a crash test must not take its neighbours along.
    pool: 'forks',
    maxWorkers: 2,
    // Generous: a timing is never a test, and machines are busy.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    teardownTimeout: 20_000,
  },
})
