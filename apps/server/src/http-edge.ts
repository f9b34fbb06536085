import { addBankRoutes, createDemoPhones } from '@huitong/bank'
import { addCasePageRoutes, addCaseRoutes } from '@huitong/casework'
import { addClearingRoutes } from '@huitong/clearing'
import { createHttp, type HttpApp } from '@huitong/http'
import { addIdentityRoutes, type Identity } from '@huitong/identity'
import { systemClock } from '@huitong/kernel'
import {
  type CommitBell,
  type ReadDesk,
  registerCheckpointRoutes,
  registerFeedRoutes,
  registerLedgerRoutes,
  registerLiabilityRoutes,
  registerProofRoutes,
  registerSubscriptionRoutes,
  stateLiabilities,
} from '@huitong/ledger'
import { addPeerRoutes, addReceiveRoute, type LinkDesk, peerAnswerSigner, peerAuthenticator } from '@huitong/links'
import {
  type ApplicationDirectory,
  addPartyRoutes,
  apiKeyAuthenticator,
  createApplicationDirectory,
} from '@huitong/party'
import { addPricingRoutes } from '@huitong/pricing'
import { addReconciliationRoutes } from '@huitong/reconciliation'
import { addReserveRoutes } from '@huitong/reserve'
import { addRiskRoutes } from '@huitong/risk'
import { caseOfDifferences, caseRouteParts } from './casework.ts'
import { addChannelEdges } from './channel-edges.ts'
import type { Checkpoints } from './checkpoints.ts'
import type { DemoClock } from './demo-clock.ts'
import { registerDemoRoutes } from './demo-routes.ts'
import type { HeadsFile } from './heads-file.ts'
import { readHome } from './home-data.ts'
import { registerHomePage } from './home-page.ts'
import { asPlatform, type Institution, type PlatformInstitution } from './institution.ts'
import { operatorAuthenticator } from './operator-token.ts'
import { addPaymentEdges } from './payment-edges.ts'
import { VERSION } from './version.ts'

export interface HttpEdgeOptions {
  readonly institution: Institution
  readonly heads: HeadsFile
  readonly checkpoints: Checkpoints
  /** Rung after each commit, for those who wait for news. */
  readonly bell: CommitBell
  readonly identity: Identity
  /** Who answers the ledger's reads. */
  readonly reads: ReadDesk
  /** The clock of the demo world; undefined where there is none, and then nothing that only a demo may do is there. */
  readonly demoClock: DemoClock | undefined
  readonly operatorToken: string
  readonly founderId: number
  /** For people: which PostgreSQL this is. */
  readonly storage: string
  /** Where the outside finds us; known only once we listen, so it is asked for at each use. */
  readonly baseUrl: () => string
  /** Where other institutions find us: it stands under their signatures. */
  readonly linkUrl: () => string
  /** What messages of other institutions are read with. */
  readonly linkDesk: LinkDesk
}

/** Every route of an institution, one module after the other. */
export async function openHttpEdge(options: HttpEdgeOptions): Promise<HttpApp> {
  const { institution, checkpoints, identity, demoClock, baseUrl } = options
  const { db, committer, modules, clock, chance, log } = institution
  const demo = demoClock !== undefined
  const platform = asPlatform(institution)
  const directory = platform === undefined ? undefined : createApplicationDirectory(db, clock)
  const http = await createHttp({
    log,
    authenticate: [
      operatorAuthenticator({ token: options.operatorToken, staffId: options.founderId, identity, clock }),
      identity.authenticator(),
      ...(directory === undefined ? [] : [apiKeyAuthenticator(directory)]),
    ],
    record: identity.recorder(),
    approvals: identity.approvalDesk,
    ready: () => committer.status().state === 'running',
    version: VERSION,
  })
  addIdentityRoutes(http, identity, clock)
  registerLedgerRoutes(http, {
    ...{ db, committer, commands: modules.ledgerCommands, books: modules.books, institution: institution.name },
    desk: options.reads,
  })
  registerProofRoutes(http, { db, signedHead: options.heads.signedHead, publicKey: institution.keys.headPublicKey })
  registerCheckpointRoutes(http, checkpoints)
  registerFeedRoutes(http, { db, bell: options.bell })
  registerSubscriptionRoutes(http, { db, clock, key: institution.keys.partner })
  registerLiabilityRoutes(http, { db, state: () => stateLiabilities({ db, key: institution.keys.head, chance }) })
  if (platform !== undefined && directory !== undefined) addPlatformRoutes(http, platform, { directory, demo, baseUrl })
  addLinkRoutes(http, institution, options)
  const { bank, clearing } = institution.own
  if (bank !== undefined) {
    const { vault, clock, chance } = institution
    const phones = demo ? createDemoPhones() : undefined
    addBankRoutes(http, { db, committer, bank, books: modules.books, vault, clock, chance, phones, demo: phones })
  }
  if (clearing !== undefined) addClearingRoutes(http, { db, committer, clearing, books: modules.books, clock })
  const { reconciliation } = modules
  const onDifferences = caseOfDifferences(institution)
  addReconciliationRoutes(http, { db, committer, reconciliation, clock, onDifferences })
  const cases = caseRouteParts(institution)
  addCaseRoutes(http, cases)
  addCasePageRoutes(http, cases)
  if (demoClock !== undefined) registerDemoRoutes(http, { clock: demoClock, identity, db, baseUrl })
  registerHomePage(http, () =>
    readHome(institution, { storage: options.storage, demoClock, checkpoints, reads: options.reads }),
  )
  return http
}

interface PlatformParts {
  readonly directory: ApplicationDirectory
  readonly demo: boolean
  readonly baseUrl: () => string
}

function addPlatformRoutes(http: HttpApp, platform: PlatformInstitution, { directory, demo, baseUrl }: PlatformParts) {
  const { db, committer, modules, vault, clock, chance } = platform
  addPartyRoutes(http, { db, committer, party: modules.party, vault, directory, chance, demo })
  addPricingRoutes(http, { db, committer, pricing: modules.pricing, vault, clock })
  addRiskRoutes(http, { db, committer, risk: modules.risk })
  addReserveRoutes(http, { db, committer, reserve: modules.reserve })
  addPaymentEdges(http, { institution: platform, directory, baseUrl })
  addChannelEdges(http, platform)
}

/** Of those that exchange messages with other institutions. */
function addLinkRoutes(http: HttpApp, institution: Institution, { linkDesk, linkUrl }: HttpEdgeOptions): void {
  const { db, committer, clock, own, linkVault } = institution
  if (own.link === undefined) return
  const { links, member, receive } = own.link
  const wallClock = systemClock()
  const edge = { db, vault: linkVault, clock, wallClock, baseUrl: linkUrl }
  http.addAuthenticator(peerAuthenticator(edge))
  http.addAnswerSigner(peerAnswerSigner(edge))
  addPeerRoutes(http, { db, committer, links, vault: linkVault, member })
  addReceiveRoute(http, { ...edge, committer, receive, desk: linkDesk })
}
