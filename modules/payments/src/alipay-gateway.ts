import type { Committer } from '@huitong/committer'
import { importPrivateKey } from '@huitong/formats'
import type { HttpApp } from '@huitong/http'
import { type Chance, type Clock, invariant } from '@huitong/kernel'
import type { ApplicationDirectory, Vault } from '@huitong/party'
import type { InstitutionDatabase } from '@huitong/pg'
import { alipayCashierMethods } from './alipay-cashier-methods.ts'
import type { AlipayEdge } from './alipay-edge.ts'
import { alipayKeys } from './alipay-keys.ts'
import { alipayMethods } from './alipay-methods.ts'
import { alipayNonces } from './alipay-nonces.ts'
import { alipayPeople, type CustomerSearch } from './alipay-people.ts'
import type { AlipayServices } from './alipay-services.ts'
import { answerAlipayPage, answerAlipayV2 } from './alipay-v2-route.ts'
import { answerAlipayV3 } from './alipay-v3-route.ts'
import type { Payments } from './payments.ts'
import { createPaymentQueries } from './payments-queries.ts'

export interface AlipayGatewayDeps {
  readonly committer: Pick<Committer, 'submit'>
  readonly db: InstitutionDatabase
  readonly payments: Payments
  readonly applications: Pick<ApplicationDirectory, 'findApplication'>
  readonly customers: CustomerSearch
  readonly vault: Vault
  readonly clock: Clock
  /** The machine's own time, by which clients' timestamps are judged, also where `clock` was moved forward. */
  readonly wallClock: Clock
  /** The operating system's: order codes are drawn from it. */
  readonly chance: Chance
  /** RSA private key of at least 2048 bits, PEM or bare base64; every answer is signed with it. */
  readonly platformPrivateKey: string
  /** The address that a buyer's wallet opens for the token of an order code. */
  readonly orderCodeUrl: (token: string) => string
  /** Largest body of a gateway request; 256 KiB unless told. */
  readonly bodyBytesMax?: number
}

const BODY_BYTES_MAX = 256 * 1024
const ACCESS = { callers: ['anonymous'] } as const

/**
 * Adds the addresses of the Alipay-compatible gateway: `/gateway.do` (v2) and `/v3/alipay/…` (v3). To the server callers are anonymous;
 * who they are is said by the signature, in the protocol's own words.
 */
export function registerAlipayGateway(http: Pick<HttpApp, 'rawRoute'>, deps: AlipayGatewayDeps): void {
  const { committer, db, payments, vault, clock, chance, orderCodeUrl } = deps
  const platformKey = importPrivateKey(deps.platformPrivateKey)
  invariant(platformKey.ok, 'the private key of the gateway cannot be read')
  const services: AlipayServices = {
    committer,
    payments,
    queries: createPaymentQueries(db),
    people: alipayPeople(db, deps.customers, clock),
    vault,
    clock,
    chance,
    orderCodeUrl,
  }
  const methods = alipayMethods(services)
  const edge: AlipayEdge = {
    keys: alipayKeys(deps.applications, platformKey.value),
    methods: new Map(methods.map((method) => [method.name, method])),
    cashierMethods: new Map(alipayCashierMethods(services).map((method) => [method.name, method])),
    orderCodeUrl,
    nonces: alipayNonces(db),
    clock,
    wallClock: deps.wallClock,
    chance,
    bodyBytesMax: deps.bodyBytesMax ?? BODY_BYTES_MAX,
  }

  http.rawRoute({
    method: 'POST',
    url: '/gateway.do',
    access: ACCESS,
    summary: 'Alipay-compatible gateway, version 2',
    handler: (request) => answerAlipayV2(edge, request),
  })
  http.rawRoute({
    method: 'GET',
    url: '/gateway.do',
    access: ACCESS,
    summary: 'Payment pages of the Alipay-compatible gateway',
    handler: (request) => answerAlipayPage(edge, request),
  })
  for (const method of methods) {
    http.rawRoute({
      method: method.v3.httpMethod,
      url: method.v3.path,
      access: ACCESS,
      summary: `${method.name}, version 3`,
      handler: (request) => answerAlipayV3(edge, method, request),
    })
  }
  http.rawRoute({
    method: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
    url: '/v3/alipay/*',
    access: ACCESS,
    summary: 'What the Alipay-compatible gateway does not know',
    handler: (request) => answerAlipayV3(edge, undefined, request),
  })
}
