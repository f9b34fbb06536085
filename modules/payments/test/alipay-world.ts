import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { committerMigrations } from '@huitong/committer'
import { type Caller, SCOPES } from '@huitong/contract'
import { createHttp, createLog, type HttpApp } from '@huitong/http'
import { jobsMigrations } from '@huitong/jobs'
import { type ManualClock, manualClock, systemClock } from '@huitong/kernel'
import { ledgerMigrations } from '@huitong/ledger'
import {
  createApplicationDirectory,
  drawPaymentCode,
  findMerchant,
  findPhone,
  listCustomers,
  PAYMENT_CODE_LIFE,
  partyMigrations,
  readApplicationRegistration,
} from '@huitong/party'
import { migrate } from '@huitong/pg'
import { pricingMigrations } from '@huitong/pricing'
import { riskMigrations } from '@huitong/risk'
import { testDatabase } from '@huitong/testing'
import { AlipaySdk, type AlipaySdkConfig } from 'alipay-sdk'
import { registerAlipayGateway } from '../src/alipay-gateway.ts'
import type { CustomerSearch } from '../src/alipay-people.ts'
import { addOrderPageRoutes, alipayMerchantPages, createTenderQueries, paymentsMigrations } from '../src/index.ts'
import { answerOf, type PaymentsWorld, startPaymentsWorld } from './payments-world.ts'

/** A wallet platform with one merchant's application, behind a real HTTP server, for the platform's own client. */
export interface AlipayWorld extends PaymentsWorld {
  readonly origin: string
  /** The time outside, by which clients stamp; `clock` is that of the platform, which a demo moves. */
  readonly wallClock: ManualClock
  readonly platformPrivateKey: string
  readonly shop: Shop
  /** Another merchant with an application of its own. */
  openShop(notifyUrl?: string): Promise<Shop>
  /** The digits of a fresh payment code. */
  digits(customer: number): Promise<string>
  /** The client with the keys of a shop. */
  sdk(shop?: Shop, change?: Partial<AlipaySdkConfig>): AlipaySdk
  /** Another server over the same database, as after a restart. */
  serve(): Promise<string>
  stop(): Promise<void>
}

export interface Shop {
  readonly merchant: number
  readonly sellerNumber: string
  readonly appId: string
  readonly privateKey: string
}

const orderCodeUrl = (token: string): string => `https://pay.example/code/${token}`

/** Signed-in customers, as their browsers would be by a cookie: `authorization: customer 1024`. */
async function customerByHeader({ headers }: { readonly headers: IncomingHttpHeaders }): Promise<Caller | undefined> {
  const id = /^customer ([0-9]+)$/.exec(headers.authorization ?? '')?.[1]
  if (id === undefined) return undefined
  return { kind: 'customer', id: `customer:${id}`, scopes: new Set(SCOPES), customerId: Number(id) }
}

interface Keys {
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
}

// Those of the smaller world, and the relay's.
const MIGRATIONS = [
  committerMigrations,
  ledgerMigrations,
  partyMigrations,
  pricingMigrations,
  riskMigrations,
  paymentsMigrations,
  jobsMigrations,
]

export async function startAlipayWorld(seed: number): Promise<AlipayWorld> {
  const world = await startPaymentsWorld(seed)
  const { institution, committer, payments, party, clock, vault, chance } = world
  await migrate(testDatabase(), institution.schema, MIGRATIONS)
  // The client stamps its requests with the real time.
  clock.set(systemClock().now())
  const wallClock = manualClock(systemClock().now())
  const platform = rsaKeys()
  const platformPrivateKey = privatePem(platform)
  const servers: HttpApp[] = []
  const customers = customerSearch(world)

  async function serve(): Promise<string> {
    const http = await createHttp({ log: createLog({ level: 'silent' }), authenticate: [customerByHeader] })
    const pages = alipayMerchantPages({ platformPrivateKey, clock })
    const tenders = createTenderQueries(institution.db, [])
    addOrderPageRoutes(http, { db: institution.db, committer, payments, tenders, clock, pages, orderCodeUrl })
    registerAlipayGateway(http, {
      committer,
      db: institution.db,
      payments,
      applications: createApplicationDirectory(institution.db, clock),
      customers,
      vault,
      clock,
      wallClock,
      chance,
      platformPrivateKey,
      orderCodeUrl,
    })
    servers.push(http)
    const { port } = await http.listen({ host: '127.0.0.1', port: 0 })
    return `http://127.0.0.1:${port}`
  }

  async function openShop(notifyUrl?: string): Promise<Shop> {
    const merchant = await world.merchant(6000)
    const keys = rsaKeys()
    const publicKey = publicPem(keys)
    const request = { merchantId: merchant, name: 'Till', publicKey, ...(notifyUrl === undefined ? {} : { notifyUrl }) }
    const registration = readApplicationRegistration(request)
    if (!registration.ok) throw new Error(registration.error.message)
    const kind = party.commands.registerApplication
    const { appId } = answerOf(await committer.submit({ kind, input: registration.value }))
    await committer.flush()
    const row = await institution.db.read((tx) => findMerchant(tx, merchant))
    return { merchant, appId, sellerNumber: row?.sellerNumber ?? '', privateKey: privatePem(keys) }
  }

  const origin = await serve()
  const shop = await openShop()
  return {
    ...world,
    origin,
    wallClock,
    platformPrivateKey,
    shop,
    openShop,
    serve,
    digits: async (customerId) => {
      const { digits, codeHash } = drawPaymentCode(vault, chance)
      const input = { customerId, codeHash, lifeMicros: PAYMENT_CODE_LIFE }
      answerOf(await committer.submit({ kind: party.commands.issuePaymentCode, input }))
      return digits
    },
    sdk: ({ appId, privateKey } = shop, change = {}) =>
      new AlipaySdk({
        appId,
        privateKey,
        keyType: 'PKCS8',
        alipayPublicKey: publicPem(platform),
        gateway: `${origin}/gateway.do`,
        endpoint: origin,
        ...change,
      }),
    stop: async () => {
      for (const http of servers) await http.drain(1000)
      await committer.stop()
    },
  }
}

/** Looks through all customers, of whom a test has few. */
function customerSearch({ institution, vault }: PaymentsWorld): CustomerSearch {
  const all = () => institution.db.read((tx) => listCustomers(tx, 0, 1000))
  return {
    findByUserNumber: async (userNumber) => (await all()).find((customer) => customer.userNumber === userNumber),
    findByPhone: async (phone) => {
      for (const customer of await all()) {
        const found = await institution.db.read((tx) => findPhone(tx, vault, customer.id))
        if (found === `+86${phone}`) return customer
      }
      return undefined
    },
  }
}

export function rsaKeys(): Keys {
  return generateKeyPairSync('rsa', { modulusLength: 2048 })
}

export function privatePem({ privateKey }: Keys): string {
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
}

function publicPem({ publicKey }: Keys): string {
  return publicKey.export({ type: 'spki', format: 'pem' }).toString()
}

/** What the client gives for a v2 call, its signature checked. */
export function exec(sdk: AlipaySdk, method: string, bizContent: object, notifyUrl?: string) {
  return sdk.exec(method, { bizContent, ...(notifyUrl === undefined ? {} : { notifyUrl }) }, { validateSign: true })
}
