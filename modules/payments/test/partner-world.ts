import { expect } from 'vitest'
import { type PaymentsHttp, startPaymentsHttp } from './payments-http.ts'
import { type PaymentsWorld, startPaymentsWorld } from './payments-world.ts'

/** A wallet platform with its own books, server and key. */
export interface Platform {
  readonly name: string
  readonly world: PaymentsWorld
  readonly api: PaymentsHttp
  readonly url: string
}

export async function platform(name: string, seed: number): Promise<Platform> {
  const world = await startPaymentsWorld(seed)
  const api = await startPaymentsHttp(world, name)
  return { name, world, api, url: await api.listen() }
}

export const yuan = (value: string) => ({ currency: 'CNY', value })

/** `here` agrees to pay codes of `there` and to be paid by it, up to 400.00 each way. */
export async function agree(here: Platform, there: Platform, baseUrl: string, max = '400.00'): Promise<void> {
  const body = { partner: there.name, name: there.name, baseUrl, publicKey: there.api.publicKey }
  const limits = { payableMax: yuan(max), receivableMax: yuan(max) }
  expect((await here.api.call('staff', 'POST', '/v1/partners', { ...body, ...limits })).status).toBe(201)
}
