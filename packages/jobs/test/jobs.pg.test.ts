import { err, ok } from '@huitong/kernel'
import { createInstitution, testDatabase } from '@huitong/testing'
import { afterEach, beforeAll, expect, test, vi } from 'vitest'
import { enqueue, type Jobs, type JobsOptions, prepareJobs, startJobs } from '../src/index.ts'

const running: Jobs[] = []

beforeAll(() => prepareJobs(testDatabase()))

afterEach(async () => {
  for (const jobs of running.splice(0)) await jobs.stop()
})

async function start(handlers: JobsOptions['handlers']): Promise<Jobs> {
  const jobs = await startJobs({ database: testDatabase(), handlers, concurrency: 2 })
  running.push(jobs)
  return jobs
}

test('a job exists when its transaction commits, and never when it is refused', async () => {
  const { db } = await createInstitution([])
  const seen: unknown[] = []
  await start({
    greet: async (payload) => {
      seen.push(payload)
    },
  })
  await db.transact(async (tx) => {
    await enqueue(tx, 'greet', { name: 'refused' })
    return err('no')
  })
  await db.transact(async (tx) => ok(await enqueue(tx, 'greet', { name: '汇通', list: [1, '2'] })))
  await vi.waitFor(() => expect(seen).toEqual([{ name: '汇通', list: [1, '2'] }]))
})

test('a job that fails is tried again, and stopping waits for what is under way', async () => {
  const attempts: number[] = []
  let finished = false
  const jobs = await start({
    flaky: async (_payload, job) => {
      attempts.push(job.attempt)
      if (job.attempt === 1) throw new Error('not yet')
      await new Promise((resolve) => setTimeout(resolve, 200))
      finished = true
    },
  })
  await enqueue({ sql: testDatabase().owner }, 'flaky', {})
  await vi.waitFor(() => expect(attempts).toEqual([1, 2]), { timeout: 15_000 })
  await jobs.stop()
  running.length = 0
  expect(finished).toBe(true)
})

test('a job with a key replaces the one that waits under it, and a later time is kept', async () => {
  const { owner } = testDatabase()
  const runAt = 4_000_000_000_000_000
  await enqueue({ sql: owner }, 'later', { n: 1 }, { key: 'one', runAt })
  await enqueue({ sql: owner }, 'later', { n: 2 }, { key: 'one', runAt, attemptsMax: 3 })
  const rows = await owner`
    select payload, run_at, max_attempts from huitong_jobs._private_jobs where key = 'one'`
  expect(rows).toEqual([{ payload: { n: 2 }, run_at: runAt, max_attempts: 3 }])
})

test('an institution can reach nothing of the queue but the one door', async () => {
  const { db } = await createInstitution([])
  await expect(db.read(({ sql }) => sql`select * from huitong_jobs._private_jobs`)).rejects.toThrow('permission denied')
})
