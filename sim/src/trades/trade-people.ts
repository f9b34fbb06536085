import { generateKeyPairSync } from 'node:crypto'
import type { TradeAuditor } from '@huitong/oracle'
import { fen, yuan } from './amounts.ts'
import { bodyOf, type TradeClient } from './trade-client.ts'

export interface SimCustomer {
  readonly id: string
  /** Of a sign-in. */
  readonly session: string
}

export interface SimMerchant {
  readonly id: string
  readonly apiKey: string
}

export interface SimPeople {
  readonly customers: readonly SimCustomer[]
  readonly merchants: readonly SimMerchant[]
}

const FUNDS = '300.00'
/** Of 0, 0.6 and 2.5 %. */
const RATES = [0, 6_000, 25_000] as const

/** Customers with money and a sign-in, and merchants with keys, as staff and people make them. */
export async function registerPeople(
  client: TradeClient,
  operator: string,
  auditor: TradeAuditor,
  count: number,
): Promise<SimPeople> {
  const { publicKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  })
  const customers: SimCustomer[] = []
  for (let index = 0; index < count; index += 1) {
    const phone = `157${String(index).padStart(8, '0')}`
    const { id } = bodyOf(await client.post('/v1/customers', operator, { displayName: `顾客${index}`, phone, tier: 3 }))
    auditor.customer(id)
    bodyOf(await client.post(`/v1/wallets/${id}/top-ups`, operator, { amount: yuan(fen(FUNDS)) }))
    auditor.toppedUp(id, fen(FUNDS))
    const link = bodyOf(await client.post(`/v1/demo/customers/${id}/sign-in-links`, operator))
    const session = bodyOf(await client.post('/v1/sessions', operator, { token: link.token }))
    customers.push({ id, session: session.sessionToken })
  }
  const merchants: SimMerchant[] = []
  for (const [index, rate] of RATES.entries()) {
    const { id } = bodyOf(
      await client.post('/v1/merchants', operator, { name: `商户${index}`, feeRateMillionths: rate }),
    )
    auditor.merchant(id, BigInt(rate))
    const application = { name: 'sim', publicKey, withApiKey: true }
    const { apiKey } = bodyOf(await client.post(`/v1/merchants/${id}/applications`, operator, application))
    merchants.push({ id, apiKey })
  }
  return { customers, merchants }
}
