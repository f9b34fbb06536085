import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type DemoBanks, LANSHAN, startDemoBanks, TAIHU } from './demo-banks.ts'

/** Cards, top-ups and withdrawals between a wallet platform and two banks, over their clearing house, all over HTTP. */

let world: DemoBanks
let token: string
let customer: bigint

beforeAll(async () => {
  world = await startDemoBanks()
  customer = await world.customerId(world.person.name)
  token = await world.session(customer)
}, 120_000)

afterAll(async () => {
  await world.verified()
  await world.stop()
}, 60_000)

const me = (method: 'GET' | 'POST', path: string, body?: object, key?: string) =>
  world.ask('yunhe_pay', method, `me/${path}`, {
    ...{ token, ...(body === undefined ? {} : { body }) },
    ...(key === undefined ? {} : { key }),
  })

async function claim(bank: string, schema: string, change: object = {}) {
  const { name: holder, documentNumber, phone } = world.person
  return { bank, number: (await world.accountAt(schema)).number, holder, documentNumber, phone, ...change }
}

async function bound(bank: string, schema: string): Promise<string> {
  const asked = await me('POST', 'cards', await claim(bank, schema))
  expect(asked).toMatchObject({ status: 200, body: { bank, state: 'code_sent' } })
  const id = String(asked.body.id)
  const code = (await world.codes(schema)).at(-1)
  const confirmed = await me('POST', `cards/${id}/confirmation`, { code })
  expect(confirmed).toMatchObject({ status: 200, body: { id, state: 'active', busy: false } })
  return id
}

const amount = (value: string) => ({ currency: 'CNY', value })

async function wallet(): Promise<string> {
  const id = (await world.ask('yunhe_pay', 'GET', 'customers?limit=50')).body.items?.find(
    ({ displayName }) => displayName === world.person.name,
  )?.id
  return String((await world.ask('yunhe_pay', 'GET', `wallets/${String(id)}`)).body.available)
}

async function ended(id: unknown): Promise<Readonly<Record<string, unknown>>> {
  await expect
    .poll(async () => (await me('GET', `bank-orders/${String(id)}`)).body.endedAt, { timeout: 30_000, interval: 50 })
    .not.toBeNull()
  return (await me('GET', `bank-orders/${String(id)}`)).body
}

describe('a customer of the wallet', () => {
  it('binds cards of both banks with a code, tops up from one and withdraws to the other', async () => {
    expect((await me('GET', 'card-banks')).body.items).toMatchObject([{ member: TAIHU }, { member: LANSHAN }])
    const taihu = await bound(TAIHU, 'taihu_bank')
    const lanshan = await bound(LANSHAN, 'lanshan_bank')
    expect((await me('GET', 'cards')).body.items).toMatchObject([
      ...[{ id: taihu, state: 'active' }],
      ...[{ id: lanshan, state: 'active' }],
    ])
    expect(await wallet()).toBe('5000.00')

    const toppedUp = await me('POST', 'top-ups', { card: taihu, amount: amount('300.00') }, 'up')
    expect(toppedUp).toMatchObject({ status: 201, body: { kind: 'top_up', card: taihu, amount: '300.00' } })
    expect(await ended(toppedUp.body.id)).toMatchObject({ state: 'settled', reason: null })
    expect([await wallet(), await world.atBank('taihu_bank')]).toEqual(['5300.00', '19700.00'])
    // The same request again is the same order.
    expect((await me('POST', 'top-ups', { card: taihu, amount: amount('300.00') }, 'up')).body.id).toBe(
      toppedUp.body.id,
    )

    const withdrawn = await me('POST', 'withdrawals', { card: lanshan, amount: amount('120.50') })
    expect(withdrawn).toMatchObject({ status: 201, body: { kind: 'withdrawal', amount: '120.50' } })
    expect(await ended(withdrawn.body.id)).toMatchObject({ state: 'settled' })
    expect([await wallet(), await world.atBank('lanshan_bank')]).toEqual(['5179.50', '20120.50'])
    await world.verified()
  })
})
