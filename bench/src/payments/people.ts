import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expectStatus, fieldsIn } from './answer-fields.ts'
import { drain, type Job } from './drain.ts'
import type { HttpConnection } from './http-connection.ts'
import type { RequestMaker } from './http-request.ts'
import type { ServerProcess } from './server-process.ts'

export interface BenchCustomer {
  readonly id: string
  /** Of a sign-in; only the first customers have one. */
  session: string
  /** What the answers said was paid, in minor units. */
  paidMinor: bigint
}

export interface BenchMerchant {
  readonly id: string
  readonly appId: string
  readonly apiKey: string
}

export interface People {
  readonly customers: readonly BenchCustomer[]
  readonly signedIn: readonly BenchCustomer[]
  readonly merchants: readonly BenchMerchant[]
  /** The one private key of all merchants' applications. */
  readonly applicationKey: KeyObject
  readonly platformKey: KeyObject
}

const CUSTOMERS = 1000
/** Each pays at most 1,000.00 a day by a sign-in, which is a limit of the law and holds here too. */
const SIGNED_IN = 200
const MERCHANTS = 100
export const TOP_UP_MINOR = 10_000_000n
const TOP_UP = { amount: { currency: 'CNY', value: '100000.00' } }

/** Registers everybody over HTTP, as staff of an institution would: the widest class of account, wallets full, fees of 0.6 %. */
export async function registerPeople(
  server: ServerProcess,
  connections: readonly HttpConnection[],
  make: RequestMaker,
): Promise<People> {
  const operator = server.operatorToken
  const customers: BenchCustomer[] = []
  const merchants: BenchMerchant[] = []
  const { privateKey, publicKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  })

  const customer =
    (index: number): Job =>
    async (send) => {
      const phone = `159${String(index).padStart(8, '0')}`
      const opened = await send(make.post('/v1/customers', operator, { displayName: `顾客${index}`, phone, tier: 3 }))
      expectStatus(opened, 201)
      const id = String(fieldsIn(opened.body).id)
      expectStatus(await send(make.post(`/v1/wallets/${id}/top-ups`, operator, TOP_UP)), 201)
      customers.push({ id, session: '', paidMinor: 0n })
    }
  const merchant =
    (index: number): Job =>
    async (send) => {
      const made = await send(make.post('/v1/merchants', operator, { name: `商户${index}`, feeRateMillionths: 6000 }))
      expectStatus(made, 201)
      const id = String(fieldsIn(made.body).id)
      const body = { name: 'bench', publicKey, withApiKey: true }
      const registered = await send(make.post(`/v1/merchants/${id}/applications`, operator, body))
      expectStatus(registered, 201)
      const { appId, apiKey } = fieldsIn(registered.body)
      merchants.push({ id, appId: String(appId), apiKey: String(apiKey) })
    }
  const signIn =
    (who: BenchCustomer): Job =>
    async (send) => {
      const link = await send(make.post(`/v1/demo/customers/${who.id}/sign-in-links`, operator))
      expectStatus(link, 201)
      const session = await send(make.post('/v1/sessions', operator, { token: fieldsIn(link.body).token }))
      expectStatus(session, 201)
      who.session = String(fieldsIn(session.body).sessionToken)
    }

  await drain(connections, indexes(CUSTOMERS).map(customer))
  await drain(connections, indexes(MERCHANTS).map(merchant))
  const signedIn = customers.slice(0, SIGNED_IN)
  await drain(connections, signedIn.map(signIn))
  return {
    customers,
    signedIn,
    merchants,
    applicationKey: createPrivateKey(privateKey),
    platformKey: createPublicKey(await readFile(await platformKeyFile(server), 'utf8')),
  }
}

async function platformKeyFile({ dataDir }: ServerProcess): Promise<string> {
  const { gateway } = fieldsIn(await readFile(join(dataDir, 'demo.json'), 'utf8'))
  if (typeof gateway !== 'object' || gateway === null || !('platformPublicKeyFile' in gateway)) {
    throw new Error('the demo world has no gateway')
  }
  return String(gateway.platformPublicKeyFile)
}

function indexes(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index)
}
