import { generateKeyPairSync } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CheckpointFolder } from '../src/checkpoint-file.ts'
import { verifyLedger } from '../src/verify.ts'
import { verifyFromCheckpoint } from '../src/verify-from-checkpoint.ts'
import { leave, type Prepared, prepare, SECOND } from './model-world.ts'
import { DAYS, type Wave, wave } from './random-requests.ts'
import { resolve } from './resolve-changes.ts'

const { privateKey, publicKey } = generateKeyPairSync('ed25519')

/** Templates, metadata, what waits, sets, days and years are among it. */
async function send(prepared: Prepared, waves: readonly Wave[]): Promise<void> {
  const { world, oracle, clock } = prepared
  for (const { requests, closes, seconds } of waves) {
    const commands = requests.map((one) => resolve(prepared, one))
    const outcomes = await Promise.all(commands.map(({ submit }) => submit(world)))
    expect(outcomes.map((one) => (one.status === 'refused' ? one.refusal.code : one.status))).toEqual(
      commands.map(({ expected }) => expected),
    )
    for (const { learn } of commands) learn(undefined)
    const next = DAYS[closes ?? -1]
    if (next !== undefined && oracle.days.close(next) === 'done')
      await world.committer.submit({ kind: world.commands.closeDay, input: { next } })
    clock.advance(seconds * SECOND)
  }
  await world.committer.flush()
}

const waves = fc.array(wave, { minLength: 1, maxLength: 3 })

describe('a checkpoint of any history', () => {
  it('lets the rest be verified as if all had been, and the next one be the same', { timeout: 300_000 }, async () => {
    const directory = await mkdtemp(join(tmpdir(), 'huitong-checkpoint-'))
    await fc.assert(
      fc.asyncProperty(waves, waves, async (before, after) => {
        const prepared = await prepare()
        const { db, schema } = prepared.world.institution
        const ofStart = new CheckpointFolder(join(directory, 'start'), schema)
        const onward = new CheckpointFolder(join(directory, 'onward'), schema)
        try {
          await send(prepared, before)
          const first = await verifyLedger(db, { writer: { folder: onward, key: privateKey } })
          expect(first.findings).toEqual([])
          await send(prepared, after)
          const whole = await verifyLedger(db, { writer: { folder: ofStart, key: privateKey } })
          const rest = await verifyFromCheckpoint(
            db,
            { folder: onward, publicKey, required: true },
            { writer: { folder: onward, key: privateKey } },
          )
          expect(rest).toEqual({ ...whole, after: first.batch, checkpoint: rest.checkpoint })
          if (whole.batch === first.batch) return
          expect(rest.checkpoint).toEqual(whole.checkpoint)
          const name = `${schema}-${whole.batch}.checkpoint`
          const [one, other] = await Promise.all(
            ['start', 'onward'].map((folder) => readFile(join(directory, folder, name), 'utf8')),
          )
          expect(one).toBe(other)
        } finally {
          await leave(prepared)
        }
      }),
      { numRuns: 12 },
    )
    await rm(directory, { recursive: true, force: true })
  })
})
