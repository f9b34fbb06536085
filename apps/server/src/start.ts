import { systemClock } from '@huitong/kernel'
import { startLinkThread } from '@huitong/links'
import type { Logger } from 'pino'
import { type DataFolder, openDataFolder } from './data-folder.ts'
import { openDemoClock } from './demo-clock.ts'
import { linkDemoWorld } from './demo-links.ts'
import { settleDemoMode } from './demo-mode.ts'
import { requireFree } from './free-address.ts'
import type { InstitutionHealth } from './health-route.ts'
import { type Foundations, hostInstitution, type Started } from './host-institution.ts'
import { migrateInstitution } from './institution.ts'
import { DEMO_INSTITUTIONS, type InstitutionSpec, OWN_INSTITUTION } from './institution-spec.ts'
import { namedInstitutions } from './institutions-file.ts'
import type { Config } from './options.ts'
import { removeServerFile, writeServerFile } from './server-file.ts'
import type { SignInLink } from './sign-in-links.ts'
import { openStorage } from './storage.ts'

export interface RunningServer {
  /** Of the first institution. */
  readonly url: string
  readonly folder: DataFolder
  readonly demo: boolean
  readonly signInLinks: readonly SignInLink[]
  /** All institutions, the first one first. */
  readonly institutions: readonly Started[]
  /** Settles when the database went away for good, so that the program cannot go on. */
  readonly lost: Promise<void>
  /** Drains requests, ends background work, stops the committers and the database, in this order. Safe to call twice. */
  stop(): Promise<void>
}

/**
 * Brings everything up in the order of dependence. When the first institution fails, what was up is taken down again before it throws; when
 * another one does, it is told and the rest goes on.
 */
export async function startServer(config: Config, log: Logger, stop: AbortSignal): Promise<RunningServer> {
  const closing = new AsyncDisposableStack()
  try {
    const folder = await openDataFolder(config.dataDir)
    const named = await namedInstitutions(config)
    await requireFree(folder, config)
    const storage = await openStorage(config, log)
    closing.defer(() => storage.stop())
    const { database } = storage
    const [own = OWN_INSTITUTION] = named ?? []
    await migrateInstitution({ ...own, database, log })
    const demo = await settleDemoMode(database.institution(own.schema), config, systemClock())
    const [first = own, ...others] = named ?? (demo ? DEMO_INSTITUTIONS : [])
    const demoClock = demo ? await openDemoClock(folder, systemClock()) : undefined
    const thread = startLinkThread()
    closing.defer(() => thread.stop())
    const institutions: Started[] = []
    const health = () => institutions.map(healthOf)
    const foundations = { config, folder, storage, log, demoClock, linkDesk: thread.desk, health, stop }
    const place = { port: config.port, isFirst: true }
    const institution = await hostInstitution(foundations, first, place, closing)
    const started = await hostOthers(foundations, others, closing)
    institutions.push({ spec: first, hosted: institution }, ...started)
    if (demo) await linkDemoWorld(institutions, log)
    closing.defer(() => removeServerFile(folder))
    await writeServerFile(folder, {
      ...{ pid: process.pid, url: institution.url, token: institution.token },
      institutions: institutions.flatMap(({ spec: { schema, name, kind }, hosted }) =>
        hosted === undefined ? [] : [{ schema, name, kind, url: hosted.url, token: hosted.token }],
      ),
    })
    return {
      ...{ url: institution.url, signInLinks: institution.signInLinks, folder, demo, institutions },
      lost: storage.lost,
      stop: () => closing.disposeAsync(),
    }
  } catch (error) {
    await closing.disposeAsync()
    throw error
  }
}

/** All at once: each waits for PostgreSQL most of the time. One that fails takes down what of it was up, and nothing else. */
function hostOthers(
  foundations: Foundations,
  specs: readonly InstitutionSpec[],
  closing: AsyncDisposableStack,
): Promise<readonly Started[]> {
  const { config, storage, log, demoClock, stop } = foundations
  return Promise.all(
    specs.map(async (spec, index): Promise<Started> => {
      const own = new AsyncDisposableStack()
      try {
        await migrateInstitution({ ...spec, database: storage.database, log })
        // Real books are not served in a demo, nor invented ones beside real: each remembers what it began as.
        const mode = { demo: demoClock !== undefined, databaseUrl: config.databaseUrl }
        await settleDemoMode(storage.database.institution(spec.schema), mode, systemClock())
        const port = spec.port ?? (config.port === 0 ? 0 : config.port + 1 + index)
        const hosted = await hostInstitution(foundations, spec, { port, isFirst: false }, own)
        closing.defer(() => own.disposeAsync())
        return { spec, hosted }
      } catch (error) {
        await own.disposeAsync()
        if (stop.aborted) throw error
        log.error({ institution: spec.schema, err: error }, 'the institution could not be started; the others go on')
        return { spec, hosted: undefined, fault: error instanceof Error ? error.message : String(error) }
      }
    }),
  )
}

function healthOf({ spec: { schema: institution, name, kind }, hosted }: Started): InstitutionHealth {
  const state = hosted?.institution.committer.status().state ?? 'not_started'
  return { institution, name, kind, state, url: hosted?.url ?? null }
}
