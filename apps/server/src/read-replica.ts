import { createReadDesk, primarySource, type ReadDesk, watchReplica } from '@huitong/ledger'
import { openReadReplica } from '@huitong/pg'
import type { Institution } from './institution.ts'
import type { ReadsConfig } from './options.ts'
import { repeat } from './repeat.ts'

/** Who answers the ledger's reads. */
export interface Reads {
  readonly desk: ReadDesk
  stop(): Promise<void>
}

const NOTE_EVERY_MS = 100
const LOOK_EVERY_MS = 1000

/**
 * The primary alone, or a replica with the primary behind it. A replica that is away is no reason not to start: reads come from it as soon
 * as it is there.
 */
export function openReads(institution: Institution, config: ReadsConfig | undefined): Reads {
  const { db, committer, modules, schema, clock, log } = institution
  const primary = primarySource(db, committer, modules.books)
  if (config === undefined) return { desk: createReadDesk({ primary, committer }), stop: async () => undefined }
  const replica = openReadReplica(config.url)
  const { place } = replica
  const replicaDb = replica.institution(schema)
  const watch = watchReplica({
    ...{ primary: db, replica: replicaDb, committer, clock, stopwatch: () => performance.now() },
    lagMaxMs: config.lagMaxSeconds * 1000,
    onChange: ({ state, batch, behindMs, fault }) => {
      const facts = { institution: schema, place, state, batch, behindMs, fault }
      if (state === 'serving') log.info(facts, 'the read replica serves')
      else if (state === 'diverged') log.error(facts, 'the read replica is not ours')
      else log.warn(facts, 'the read replica does not serve')
    },
  })
  const onError = (error: unknown): void =>
    log.warn({ institution: schema, err: error }, 'the read replica could not be looked at')
  const repeated = [
    repeat(
      NOTE_EVERY_MS,
      async () => {
        watch.note()
        return false
      },
      onError,
    ),
    repeat(
      LOOK_EVERY_MS,
      async () => {
        await watch.look()
        return false
      },
      onError,
    ),
  ]
  return {
    desk: createReadDesk({
      ...{ primary, committer },
      replica: { db: replicaDb, watch, place, fallback: config.fallback },
    }),
    stop: async () => {
      await Promise.all(repeated.map((one) => one.stop()))
      await replica.close()
    },
  }
}
