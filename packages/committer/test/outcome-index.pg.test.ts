import { copyFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Sql } from '@huitong/pg'
import { migrate } from '@huitong/pg'
import { createInstitution, type TestInstitution, testDatabase } from '@huitong/testing'
import fc from 'fast-check'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { committerMigrations } from '../src/migrations.ts'
import { OutcomeIndex } from '../src/outcome-index.ts'
import { type OutcomeKey, outcomeKey } from '../src/outcome-key.ts'
import { insertOutcomes, loadOutcomes, packOutcomes, placeOf, type RememberedOutcome } from '../src/outcome-store.ts'

/** Small segments, so that a few batches make several. */
const SEGMENT_KEYS = 10

let institution: TestInstitution
let sql: Sql

beforeEach(async () => {
  institution = await createInstitution([committerMigrations])
  ;({ sql } = await institution.dedicated())
})

function outcome(batch: number, key: string): RememberedOutcome {
  return {
    caller: 'staff:1',
    key,
    kind: 'ledger.post',
    input: `raw;${key}`,
    done: true,
    batch,
    body: `[${batch},"汇"]`,
  }
}

function keyed(outcomes: readonly RememberedOutcome[]): ReadonlyMap<OutcomeKey, RememberedOutcome> {
  return new Map(outcomes.map((one) => [outcomeKey(one.caller, one.key), one]))
}

async function write(outcomes: readonly RememberedOutcome[]): Promise<void> {
  await insertOutcomes(sql, outcomes[0]?.batch ?? 0, packOutcomes(keyed(outcomes))).execute()
}

/** Batches 1 to `last` of four outcomes each, written and told to these indexes. */
async function fill(last: number, ...indexes: readonly OutcomeIndex[]): Promise<readonly RememberedOutcome[]> {
  const all: RememberedOutcome[] = []
  for (let batch = 1; batch <= last; batch += 1) {
    const outcomes = ['a', 'b', 'c', 'd'].map((name) => outcome(batch, `${batch}-${name}`))
    await write(outcomes)
    for (const index of indexes) {
      for (const [position, one] of outcomes.entries())
        index.add(outcomeKey(one.caller, one.key), placeOf(batch, position))
      index.endBatch(batch)
    }
    all.push(...outcomes)
  }
  return all
}

async function expectFinds(index: OutcomeIndex, all: readonly RememberedOutcome[]): Promise<void> {
  const keys = all.map((one) => outcomeKey(one.caller, one.key))
  for (const key of keys) expect(index.mayHave(key)).toBe(true)
  expect(new Map(await loadOutcomes(sql, await index.find(sql, keys)))).toEqual(keyed(all))
  const unused = [outcomeKey('staff:1', 'unused'), outcomeKey('staff:2', '1-a')]
  expect(unused.map((key) => index.mayHave(key))).toEqual([false, false])
  expect(await index.find(sql, unused)).toEqual([])
}

async function started(): Promise<OutcomeIndex> {
  const index = new OutcomeIndex(SEGMENT_KEYS)
  await index.recover(sql)
  return index
}

describe('outcomes as they are stored', () => {
  it('are read one by one as they were written, whatever their texts and however many a batch has', async () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 40 }).filter((one) => !one.includes('\0'))
    let batch = 0
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.tuple(text, text, fc.boolean()), { minLength: 1, maxLength: 300, selector: ([key]) => key }),
        async (drawn) => {
          batch += 1
          const outcomes = drawn.map(([key, body, done]) => ({ ...outcome(batch, key), done, body, input: body }))
          await write(outcomes)
          const places = outcomes.map((_, position) => placeOf(batch, position))
          const read = new Map(await loadOutcomes(sql, places))
          expect(read).toEqual(keyed(outcomes))
          const listed = await sql<{ key: string; body: string; done: boolean }[]>`
            select key, body, done from committer_outcomes where batch = ${batch} order by position`
          expect([...listed]).toEqual(outcomes.map(({ key, body, done }) => ({ key, body, done })))
        },
      ),
      { numRuns: 30 },
    )
  })

  it('are not stored with what PostgreSQL cannot keep', () => {
    for (const key of ['a\0b', 'a\ud800']) {
      expect(() => packOutcomes(keyed([outcome(1, key)]))).toThrow('cannot be stored')
    }
  })

  it('of an older database move along', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'huitong-outcomes-'))
    afterAll(() => rm(folder, { recursive: true, force: true }))
    await copyFile(join(committerMigrations.directory, '000001-init.sql'), join(folder, '000001-init.sql'))
    const older = await createInstitution([{ ...committerMigrations, directory: folder }])
    const outcomes = [
      ...[outcome(1, 'a'), outcome(1, 'ключ "b"'), outcome(1, 'c')],
      ...[outcome(3, 'd'), { ...outcome(3, 'e'), done: false, body: '{"code":"no"}' }],
    ]
    ;({ sql } = await older.dedicated())
    for (const { caller, key, kind, input, done, batch, body } of outcomes) {
      const id = Buffer.from(outcomeKey(caller, key), 'latin1').toString('hex').slice(0, 32)
      await sql`insert into committer_outcomes values (${id}::text::uuid, ${caller}, ${key}, ${kind}, ${input}, ${done}, ${batch}, ${body})`
    }
    await migrate(testDatabase(), older.schema, [committerMigrations])
    await expectFinds(await started(), outcomes)
  })
})

describe('the index of outcomes', () => {
  it('finds all keys, in memory and in runs, and says of no other key that it was used', async () => {
    const index = await started()
    const all = await fill(13, index)
    await expectFinds(index, all)
    expect(index.hasWork).toBe(true)
    await index.work(sql)
    expect(index.hasWork).toBe(false)
    await expectFinds(index, all)
    const runs = await sql`select first, last, keys from committer_outcome_runs order by last`
    expect([...runs]).toEqual([3, 6, 9, 12].map((last) => ({ first: BigInt(last - 2), last: BigInt(last), keys: 12 })))
  })

  it('is the same after a takeover, with runs, without their filters and with none of them', async () => {
    const index = await started()
    const all = await fill(13, index)
    await expectFinds(await started(), all)
    await index.work(sql)
    const next = await started()
    const keys = all.map((one) => outcomeKey(one.caller, one.key))
    expect(new Map(await loadOutcomes(sql, await next.find(sql, keys)))).toEqual(keyed(all))
    expect(next.hasWork).toBe(true)
    await next.work(sql)
    await expectFinds(next, all)
  })

  it('reads what was committed while the connection was lost', async () => {
    const index = await started()
    const all = await fill(2, index)
    const lost = [outcome(7, 'lost')]
    await write(lost)
    await index.recover(sql)
    await index.recover(sql)
    await expectFinds(index, [...all, ...lost])
  })

  it('goes on when another process has stored the same keys', async () => {
    const index = await started()
    const earlier = await started()
    const all = await fill(7, index, earlier)
    await earlier.work(sql)
    await index.work(sql)
    expect(index.hasWork).toBe(false)
    await expectFinds(index, all)
    expect(await sql`select 1 from committer_outcome_runs`).toHaveLength(2)
  })

  it('keeps keys in memory that it could not store, and stores them later', async () => {
    const index = await started()
    const all = await fill(7, index)
    const reader = await institution.dedicated({ role: 'huitong_app' })
    await expect(index.work(reader.sql)).rejects.toThrow('permission denied')
    await expectFinds(index, all)
    await index.work(sql)
    expect(index.hasWork).toBe(false)
    await expectFinds(index, all)
  })

  it('does not trust runs beyond one that is missing', async () => {
    const index = await started()
    const all = await fill(9, index)
    await index.work(sql)
    const owner = testDatabase().owner
    await owner.unsafe(`delete from ${institution.schema}.committer_outcome_runs where last = 6`)
    await owner.unsafe(`delete from ${institution.schema}.committer_outcome_keys where run = 6`)
    const next = await started()
    await next.work(sql)
    await expectFinds(next, all)
  })
})
