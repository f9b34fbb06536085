import { addEscrowRoutes, createEscrowQueries } from '@huitong/escrow'
import { addFamilyPageRoutes, addFamilyRoutes, createFamilyQueries, familyReader } from '@huitong/family'
import type { HttpApp } from '@huitong/http'
import { systemClock } from '@huitong/kernel'
import {
  addMarketingRoutes,
  addPacketPageRoutes,
  couponReader,
  createMarketingQueries,
  packetReader,
} from '@huitong/marketing'
import type { ApplicationDirectory } from '@huitong/party'
import {
  addClosurePageRoutes,
  addOrderPageRoutes,
  addPaymentsRoutes,
  addRiskCheckPageRoutes,
  addStaticCodePageRoutes,
  alipayMerchantPages,
  type CodeIssuer,
  createCodeQueries,
  createPartnerClient,
  createPaymentQueries,
  createTenderQueries,
  type PartnerClient,
  partnerAnswerSigner,
  partnerAuthenticator,
  registerAlipayGateway,
} from '@huitong/payments'
import { customerSearch } from './customer-search.ts'
import type { PlatformInstitution } from './institution.ts'

export interface PaymentEdgesOptions {
  readonly institution: PlatformInstitution
  readonly directory: ApplicationDirectory
  readonly baseUrl: () => string
}

/** The native payments API, and the gateways that speak other platforms' protocols over the same commands. */
export function addPaymentEdges(http: HttpApp, { institution, directory, baseUrl }: PaymentEdgesOptions): void {
  const { schema, db, committer, modules, vault, clock, chance, keys } = institution
  const { payments, escrow, marketing, family } = modules
  const search = customerSearch(institution)
  const orderCodeUrl = (token: string): string => `${baseUrl()}/q/${token}`
  const staticCodeUrl = (reference: string): string => `${baseUrl()}/c/${reference}`
  const common = { committer, payments, vault, chance, orderCodeUrl, clock }
  const codes = createCodeQueries(db)
  const tenders = createTenderQueries(db, [couponReader, packetReader, familyReader])
  const issuer = codeIssuer(schema)
  const partners = institutionPartners(institution)
  const wallClock = systemClock()
  http.addAuthenticator(partnerAuthenticator({ db, wallClock, baseUrl }))
  const own = { institution: issuer.institution, privateKey: keys.partner }
  http.addAnswerSigner(partnerAnswerSigner({ ...own, wallClock, baseUrl }))
  addPaymentsRoutes(http, {
    ...{ ...common, queries: createPaymentQueries(db), tenders, search, codes, issuer, staticCodeUrl },
    ...{ partners, db },
  })
  addClosurePageRoutes(http, { committer, payments, queries: createPaymentQueries(db), search, clock })
  addStaticCodePageRoutes(http, { committer, payments, codes, chance })
  addRiskCheckPageRoutes(http, { db, committer, payments, codes })
  addEscrowRoutes(http, { committer, escrow, outlays: payments.outlays, queries: createEscrowQueries(db) })
  const packets = { committer, marketing, queries: createMarketingQueries(db), clock }
  const packetToken = (sender: number, key: string): string =>
    vault.index('red-packet', `${sender} ${key}`).slice(0, 32)
  const packetUrl = (token: string): string => `${baseUrl()}/r/${token}`
  addMarketingRoutes(http, { ...packets, outlays: payments.outlays, chance, packetToken, packetUrl })
  addPacketPageRoutes(http, { ...packets, db })
  const relatives = { committer, family, queries: createFamilyQueries(db), search, codes, clock }
  addFamilyRoutes(http, relatives)
  addFamilyPageRoutes(http, relatives)
  const { platformPrivateKey } = keys
  const pages = alipayMerchantPages({ platformPrivateKey, clock })
  addOrderPageRoutes(http, { db, committer, payments, tenders, clock, pages, orderCodeUrl })
  registerAlipayGateway(http, {
    ...{ ...common, db, applications: directory, customers: search },
    // Merchants' programs know nothing of a clock that a demo moved.
    wallClock,
    platformPrivateKey,
  })
}

/** Calls to other institutions, signed with our key. */
export function institutionPartners({ db, schema, keys }: PlatformInstitution): PartnerClient {
  const { institution } = codeIssuer(schema)
  return createPartnerClient({ db, institution, privateKey: keys.partner, wallClock: systemClock() })
}

/** The institution's name among those that pay each other's codes is that of its schema. */
function codeIssuer(schema: string): CodeIssuer {
  return { institution: schema.replaceAll('_', '-'), country: 'CN', city: 'HANGZHOU' }
}
