import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { type Caller, SCOPES } from '@huitong/contract'
import { createHttp, createLog, type HttpApp } from '@huitong/http'
import { systemClock } from '@huitong/kernel'
import { findCustomer, findPhone, listCustomers } from '@huitong/party'
import {
  addClosurePageRoutes,
  addPaymentsRoutes,
  addStaticCodePageRoutes,
  type CustomerSearch,
  createCodeQueries,
  createPartnerClient,
  createTenderQueries,
  type PartnerClient,
  type PaymentRouteParts,
  partnerAnswerSigner,
  partnerAuthenticator,
} from '../src/index.ts'
import type { PaymentsWorld } from './payments-world.ts'

/** The native API over a world, for callers who are named in a header as `customer 1024`, `proved 1024` who just proved themselves, `merchant 2048` or `staff`. */
export interface PaymentsHttp {
  readonly http: HttpApp
  /** Calls to other institutions, and what they know us by. */
  readonly partners: PartnerClient
  readonly privateKey: KeyObject
  readonly publicKey: string
  /** Serves over the network too; gives the address. */
  listen(): Promise<string>
  call(as: string, method: 'GET' | 'POST', url: string, body?: object, key?: string): Promise<Answer>
  /** As a browser sends a form. */
  form(as: string, url: string, fields: Readonly<Record<string, string>>): Promise<{ status: number; text: string }>
  page(as: string, url: string): Promise<{ status: number; text: string }>
}

export interface Answer {
  readonly status: number
  readonly body: Readonly<Record<string, unknown>>
}

/** Long on a busy machine, short where nobody listens. */
const PARTNER_TIMEOUT_MS = 10_000

export async function startPaymentsHttp(world: PaymentsWorld, institution = 'yunhe'): Promise<PaymentsHttp> {
  const { committer, payments, queries, vault, chance, clock } = world
  const http = await createHttp({
    ...{ log: createLog({ level: 'silent' }), authenticate: [byHeader], approvals: 'unwatched' },
  })
  const pair = generateKeyPairSync('ed25519')
  const db = world.institution.db
  const partners = createPartnerClient({
    ...{ db, institution, privateKey: pair.privateKey, wallClock: systemClock() },
    timeoutMs: PARTNER_TIMEOUT_MS,
  })
  let origin = 'http://localhost'
  http.addAuthenticator(partnerAuthenticator({ db, wallClock: systemClock(), baseUrl: () => origin }))
  http.addAnswerSigner(
    partnerAnswerSigner({ institution, privateKey: pair.privateKey, wallClock: systemClock(), baseUrl: () => origin }),
  )
  const codes = createCodeQueries(world.institution.db)
  const parts: PaymentRouteParts = {
    ...{ committer, payments, queries, vault, chance, clock, codes, partners, db },
    search: searchIn(world),
    tenders: createTenderQueries(db, []),
    orderCodeUrl: (token) => `https://pay.example/q/${token}`,
    staticCodeUrl: (reference) => `https://pay.example/c/${reference}`,
    issuer: { institution, country: 'CN', city: 'HANGZHOU' },
  }
  addPaymentsRoutes(http, parts)
  addStaticCodePageRoutes(http, { committer, payments, codes, chance })
  addClosurePageRoutes(http, { committer, payments, queries, search: parts.search, clock })
  let keys = 0

  return {
    http,
    partners,
    privateKey: pair.privateKey,
    publicKey: pair.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    listen: async () => {
      const { port } = await http.listen({ host: '127.0.0.1', port: 0 })
      origin = `http://127.0.0.1:${port}`
      return origin
    },
    call: async (as, method, url, body, key) => {
      keys += 1
      const headers = { authorization: as, 'idempotency-key': key ?? `key-${keys}` }
      const payload = body === undefined ? {} : { payload: body }
      const answer = await http.inject({ method, url, headers, ...payload })
      return { status: answer.statusCode, body: answer.body === '' ? {} : answer.json() }
    },
    form: async (as, url, fields) => {
      const headers = { authorization: as, 'content-type': 'application/x-www-form-urlencoded' }
      const payload = new URLSearchParams(fields).toString()
      const answer = await http.inject({ method: 'POST', url, headers, payload })
      return { status: answer.statusCode, text: answer.body }
    },
    page: async (as, url) => {
      const answer = await http.inject({ url, headers: { authorization: as } })
      return { status: answer.statusCode, text: answer.body }
    },
  }
}

async function byHeader({ headers }: { readonly headers: IncomingHttpHeaders }): Promise<Caller | undefined> {
  const [, kind, id] = /^(customer|proved|merchant|staff)(?: ([0-9]+))?$/.exec(headers.authorization ?? '') ?? []
  const scopes = new Set(SCOPES)
  const customer = { kind: 'customer', id: `customer:${id}`, scopes, customerId: Number(id) } as const
  if (kind === 'customer') return customer
  if (kind === 'proved') return { ...customer, strength: 'contract', strongUntil: Number.MAX_SAFE_INTEGER }
  if (kind === 'merchant') return { kind, id: `merchant:${id}`, scopes, merchantId: Number(id) }
  return kind === 'staff' ? { kind, id: 'staff:1', scopes } : undefined
}

function searchIn({ institution, vault }: PaymentsWorld): CustomerSearch {
  const all = () => institution.db.read((tx) => listCustomers(tx, 0, 1000))
  return {
    findByUserNumber: async (userNumber) => (await all()).find((customer) => customer.userNumber === userNumber),
    findByPhone: async (phone) => {
      for (const { id } of await all()) {
        const found = await institution.db.read((tx) => findPhone(tx, vault, id))
        if (found === phone) return institution.db.read((tx) => findCustomer(tx, id))
      }
      return undefined
    },
  }
}
