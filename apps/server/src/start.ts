import { randomBytes } from 'node:crypto'
import { atMost, type Clock, systemChance, systemClock } from '@huitong/kernel'
import { CommitBell } from '@huitong/ledger'
import type { Logger } from 'pino'
import { startBackground } from './background.ts'
import { startCasework } from './casework.ts'
import { type Checkpoints, startCheckpoints } from './checkpoints.ts'
import { type DataFolder, openDataFolder } from './data-folder.ts'
import { type DemoClock, openDemoClock } from './demo-clock.ts'
import { writeDemoFile } from './demo-file.ts'
import { settleDemoMode } from './demo-mode.ts'
import { ensureDemoWorld } from './demo-world.ts'
import { requireFree } from './free-address.ts'
import { type HeadsFile, startHeadsFile } from './heads-file.ts'
import { openHttpEdge } from './http-edge.ts'
import { openIdentity } from './identity.ts'
import { type Institution, migrateInstitution, openInstitution } from './institution.ts'
import { institutionKeys } from './keys.ts'
import { openNotifications } from './notifications.ts'
import { OPERATOR_TOKEN_PREFIX } from './operator-token.ts'
import type { Config } from './options.ts'
import { OWN_INSTITUTION } from './own-institution.ts'
import { openReads } from './read-replica.ts'
import { removeServerFile, writeServerFile } from './server-file.ts'
import { issueSignInLinks, type SignInLink } from './sign-in-links.ts'
import { within } from './start-patience.ts'
import { openStorage, type Storage } from './storage.ts'
import { startSubscriptions } from './subscriptions.ts'

export interface RunningServer {
  readonly url: string
  readonly folder: DataFolder
  readonly demo: boolean
  readonly signInLinks: readonly SignInLink[]
  /** Settles when the database went away for good, so that the program cannot go on. */
  readonly lost: Promise<void>
  /** Drains requests, ends background work, stops the committer and the database, in this order. Safe to call twice. */
  stop(): Promise<void>
}

const SCHEMA = OWN_INSTITUTION.schema
/** From an open database to a ready server; a demo world takes a second of it. */
const READY_WITHIN_MS = 30_000
/** For each of the parts that write. They take milliseconds as long as the database does. */
const STOP_WITHIN_MS = 10_000
const FIRST_OPERATOR = '运营管理员'

/** Brings everything up in the order of dependence. When something fails, what was up is taken down again before it throws. */
export async function startServer(config: Config, log: Logger, stop: AbortSignal): Promise<RunningServer> {
  const closing = new AsyncDisposableStack()
  try {
    const folder = await openDataFolder(config.dataDir)
    await requireFree(folder, config)
    const storage = await openStorage(config, log)
    closing.defer(() => storage.stop())
    const { database } = storage
    await migrateInstitution({ schema: SCHEMA, database, log })
    const demo = await settleDemoMode(database.institution(SCHEMA), config, systemClock())
    const demoClock = demo ? await openDemoClock(folder, systemClock()) : undefined
    const clock = demoClock ?? systemClock()
    const working = await openWorkingInstitution({ folder, storage, clock, demo, log, config }, closing)
    const served = await within(serve(config, { folder, storage, demoClock, ...working }, closing), {
      folder: folder.path,
      millis: READY_WITHIN_MS,
      stop,
    })
    return { ...served, folder, demo, lost: storage.lost, stop: () => closing.disposeAsync() }
  } catch (error) {
    await closing.disposeAsync()
    throw error
  }
}

interface Foundations {
  readonly folder: DataFolder
  readonly storage: Storage
}

interface Working {
  readonly institution: Institution
  readonly heads: HeadsFile
  readonly checkpoints: Checkpoints
}

/** The institution, its committer, and the work that goes on whether anybody asks or not. */
async function openWorkingInstitution(
  {
    folder,
    storage,
    clock,
    demo,
    log,
    config,
  }: Foundations & {
    readonly clock: Clock
    readonly demo: boolean
    readonly log: Logger
    readonly config: Config
  },
  closing: AsyncDisposableStack,
): Promise<Working> {
  const chance = systemChance()
  const { database } = storage
  const keys = await institutionKeys(folder, SCHEMA, chance)
  const institution = await openInstitution({ ...OWN_INSTITUTION, database, keys, clock, chance, log })
  const heads = startHeadsFile(institution, folder.headsFile(SCHEMA))
  closing.defer(() => heads.stop())
  closing.defer(() => atMost(STOP_WITHIN_MS, institution.committer.stop()))
  const notifications = openNotifications(institution, demo)
  closing.defer(() => atMost(STOP_WITHIN_MS, notifications.stop()))
  const subscriptions = startSubscriptions(institution, demo)
  closing.defer(() => atMost(STOP_WITHIN_MS, subscriptions.stop()))
  const casework = startCasework(institution)
  closing.defer(() => atMost(STOP_WITHIN_MS, casework.stop()))
  const background = startBackground(institution, { dormantAfterDays: config.dormantAfterDays })
  closing.defer(() => atMost(STOP_WITHIN_MS, background.stop()))
  const checkpoints = startCheckpoints(institution, folder, config.checkpointsKept)
  closing.defer(() => atMost(STOP_WITHIN_MS, checkpoints.stop()))
  return { institution, heads, checkpoints }
}

/** HTTP, the demo world if there is one, and the files and links by which people and programs find it. */
async function serve(
  config: Config,
  {
    folder,
    storage,
    demoClock,
    institution,
    heads,
    checkpoints,
  }: Foundations & Working & { readonly demoClock: DemoClock | undefined },
  closing: AsyncDisposableStack,
): Promise<{ readonly url: string; readonly signInLinks: readonly SignInLink[] }> {
  let url = ''
  const { origin } = config
  const identity = openIdentity(institution, { demo: demoClock !== undefined, origin, baseUrl: () => url })
  const founder = await identity.ensureFirstOperator(FIRST_OPERATOR)
  const world = demoClock === undefined ? undefined : await ensureDemoWorld(institution, folder)
  const operatorToken = `${OPERATOR_TOKEN_PREFIX}${randomBytes(32).toString('base64url')}`
  const bell = new CommitBell()
  institution.onCommitted(() => bell.ring())
  const reads = openReads(institution, config.reads)
  closing.defer(() => atMost(STOP_WITHIN_MS, reads.stop()))
  const http = await openHttpEdge({
    ...{ institution, heads, checkpoints, bell, identity, demoClock, operatorToken, founderId: founder.id },
    reads: reads.desk,
    ...{ storage: storage.description, baseUrl: () => url },
  })
  closing.defer(() => {
    bell.close()
    return http.drain()
  })
  const { port } = await http.listen(config)
  url = addressOf(config.host, port)
  closing.defer(() => removeServerFile(folder))
  await writeServerFile(folder, { pid: process.pid, url, token: operatorToken })
  if (world !== undefined) await writeDemoFile(folder, institution, world, url)
  return { url, signInLinks: await issueSignInLinks(identity, origin ?? url, founder, world) }
}

/** Where a browser on this machine finds the server: a wildcard address is none that one can go to. */
function addressOf(host: string, port: number): string {
  if (host === '0.0.0.0') return `http://127.0.0.1:${port}`
  if (host === '::') return `http://[::1]:${port}`
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`
}
