import { randomBytes } from 'node:crypto'
import { atMost, systemChance, systemClock } from '@huitong/kernel'
import { CommitBell } from '@huitong/ledger'
import type { LinkDesk } from '@huitong/links'
import type { Logger } from 'pino'
import { startBackground } from './background.ts'
import { startCasework } from './casework.ts'
import { type Checkpoints, startCheckpoints } from './checkpoints.ts'
import type { DataFolder } from './data-folder.ts'
import type { DemoClock } from './demo-clock.ts'
import { writeDemoFile } from './demo-file.ts'
import { ensureDemoWorld } from './demo-world.ts'
import { type HeadsFile, startHeadsFile } from './heads-file.ts'
import { type InstitutionHealth, registerHealthRoute } from './health-route.ts'
import { openHttpEdge } from './http-edge.ts'
import { openIdentity } from './identity.ts'
import { asPlatform, type Institution, openInstitution } from './institution.ts'
import type { InstitutionSpec } from './institution-spec.ts'
import { institutionKeys } from './keys.ts'
import { startLinkWork } from './link-work.ts'
import { openNotifications } from './notifications.ts'
import { OPERATOR_TOKEN_PREFIX } from './operator-token.ts'
import type { Config } from './options.ts'
import { openReads } from './read-replica.ts'
import { issueSignInLinks, type SignInLink } from './sign-in-links.ts'
import { within } from './start-patience.ts'
import type { Storage } from './storage.ts'
import { startSubscriptions } from './subscriptions.ts'

/** What all institutions of the program share. */
export interface Foundations {
  readonly config: Config
  readonly folder: DataFolder
  readonly storage: Storage
  readonly log: Logger
  /** Of the demo world; undefined where there is none. */
  readonly demoClock: DemoClock | undefined
  readonly linkDesk: LinkDesk
  /** How all institutions are; shown on the address of the first. */
  readonly health: () => readonly InstitutionHealth[]
  /** Aborts when the program is to stop before it is ready. */
  readonly stop: AbortSignal
}

/** An institution that is served. */
export interface Hosted {
  readonly spec: InstitutionSpec
  readonly institution: Institution
  readonly url: string
  /** Of the operator of this machine. */
  readonly token: string
  readonly signInLinks: readonly SignInLink[]
}

/** An institution as it came up, or did not. */
export type Started =
  | { readonly spec: InstitutionSpec; readonly hosted: Hosted }
  | { readonly spec: InstitutionSpec; readonly hosted: undefined; readonly fault: string }

interface Working {
  readonly institution: Institution
  readonly heads: HeadsFile
  readonly checkpoints: Checkpoints
}

/** From an open database to a ready server; a demo world takes a second of it. */
const READY_WITHIN_MS = 30_000
/** For each of the parts that write. They take milliseconds as long as the database does. */
const STOP_WITHIN_MS = 10_000
const FIRST_OPERATOR = '运营管理员'

/** Where an institution stands among those of the program. */
export interface Place {
  readonly port: number
  readonly isFirst: boolean
}

/** Brings a migrated institution up and serves it; `closing` gets what takes it down again. */
export async function hostInstitution(
  foundations: Foundations,
  spec: InstitutionSpec,
  place: Place,
  closing: AsyncDisposableStack,
): Promise<Hosted> {
  const { folder, stop } = foundations
  const working = await openWorkingInstitution(foundations, spec, closing)
  const patience = { folder: folder.path, millis: READY_WITHIN_MS, stop }
  return await within(serve(foundations, working, place, closing), patience)
}

/** The institution, its committer, and the work that goes on whether anybody asks or not. */
async function openWorkingInstitution(
  { config, folder, storage, log, demoClock, linkDesk }: Foundations,
  spec: InstitutionSpec,
  closing: AsyncDisposableStack,
): Promise<Working> {
  const chance = systemChance()
  const { database } = storage
  const demo = demoClock !== undefined
  const clock = demoClock ?? systemClock()
  const keys = await institutionKeys(folder, spec.schema, chance)
  const institution = await openInstitution({ ...spec, demo, database, keys, clock, chance, log })
  const heads = startHeadsFile(institution, folder.headsFile(spec.schema))
  closing.defer(() => heads.stop())
  closing.defer(() => atMost(STOP_WITHIN_MS, institution.committer.stop()))
  const platform = asPlatform(institution)
  if (platform !== undefined) {
    const notifications = openNotifications(platform, demo)
    closing.defer(() => atMost(STOP_WITHIN_MS, notifications.stop()))
  }
  const subscriptions = startSubscriptions(institution, demo)
  closing.defer(() => atMost(STOP_WITHIN_MS, subscriptions.stop()))
  const casework = startCasework(institution)
  closing.defer(() => atMost(STOP_WITHIN_MS, casework.stop()))
  const background = startBackground(institution, { dormantAfterDays: config.dormantAfterDays })
  closing.defer(() => atMost(STOP_WITHIN_MS, background.stop()))
  const links = await startLinkWork(institution, linkDesk)
  closing.defer(() => atMost(STOP_WITHIN_MS, links.stop()))
  const checkpoints = startCheckpoints(institution, folder, config.checkpointsKept)
  closing.defer(() => atMost(STOP_WITHIN_MS, checkpoints.stop()))
  return { institution, heads, checkpoints }
}

/** HTTP, the demo world if there is one, and the links by which people find it. */
async function serve(
  { config, folder, storage, demoClock, linkDesk, health }: Foundations,
  { institution, heads, checkpoints }: Working,
  { port, isFirst }: Place,
  closing: AsyncDisposableStack,
): Promise<Hosted> {
  let url = ''
  // HUITONG_ORIGIN is the first institution's: each has an address of its own.
  const origin = institution.origin ?? (isFirst ? config.origin : undefined)
  const cookieSuffix = isFirst ? '' : `-${institution.schema}`
  const demo = demoClock !== undefined
  const identity = openIdentity(institution, { demo, origin, cookieSuffix, baseUrl: () => url })
  const founder = await identity.ensureFirstOperator(FIRST_OPERATOR)
  const platform = asPlatform(institution)
  const world = demoClock === undefined || platform === undefined ? undefined : await ensureDemoWorld(platform, folder)
  const token = `${OPERATOR_TOKEN_PREFIX}${randomBytes(32).toString('base64url')}`
  const bell = new CommitBell()
  institution.onCommitted(() => bell.ring())
  const reads = openReads(institution, config.reads)
  closing.defer(() => atMost(STOP_WITHIN_MS, reads.stop()))
  const http = await openHttpEdge({
    ...{ institution, heads, checkpoints, bell, identity, demoClock, operatorToken: token, founderId: founder.id },
    reads: reads.desk,
    ...{ storage: storage.description, baseUrl: () => url, linkUrl: () => origin ?? url, linkDesk },
  })
  if (isFirst) registerHealthRoute(http, health)
  closing.defer(() => {
    bell.close()
    return http.drain()
  })
  url = addressOf(config.host, (await http.listen({ host: config.host, port })).port)
  if (platform !== undefined && world !== undefined) await writeDemoFile(folder, platform, world, url)
  const signInLinks = await issueSignInLinks(identity, origin ?? url, founder, world)
  const { schema, name, kind } = institution
  return { spec: { schema, name, kind }, institution, url, token, signInLinks }
}

/** Where a browser on this machine finds the server: a wildcard address is none that one can go to. */
function addressOf(host: string, port: number): string {
  if (host === '0.0.0.0') return `http://127.0.0.1:${port}`
  if (host === '::') return `http://[::1]:${port}`
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`
}
