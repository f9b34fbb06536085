import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { postScheduled } from '../src/ledger-jobs.ts'
import { itemsOf, type LedgerApi, startLedgerApi } from './ledger-api-world.ts'

let api: LedgerApi
let bank: string
let purse: string
let keys = 0

beforeAll(async () => {
  api = await startLedgerApi()
  bank = await api.open('1002')
  purse = await api.open('2003', '0')
})

afterAll(() => api.stop())

const SOON = '2199-01-01T00:00:00Z'
const url = '/v1/ledger/scheduled-postings'

function leg(amount: string) {
  return { type: 'transfer', debit: bank, credit: purse, amount, currency: 'CNY', code: 'adjustment' }
}

function ask(path: string, body: unknown, key?: string) {
  keys += 1
  return api.call('POST', path, { key: key ?? `scheduled ${keys}`, body })
}

async function scheduled(dueAt: string, ...legs: readonly unknown[]): Promise<string> {
  const answer = await ask(url, { dueAt, legs })
  if (answer.status !== 201) throw new Error(JSON.stringify(answer.body))
  return String(answer.body.id)
}

function due() {
  const { committer, commands, institution } = api.world
  const clock = { now: () => Date.now() * 1000 + 1_000_000 }
  return postScheduled({ db: institution.db, committer, commands, clock })
}

describe('scheduled postings over HTTP', () => {
  it('are asked for, shown, posted, and shown with what became of them', async () => {
    const id = await scheduled(new Date(Date.now() + 300).toISOString(), { ...leg('5.00'), metadata: { order: 'A-1' } })
    const waiting = await api.get(`${url}/${id}`)
    expect(waiting.body).toMatchObject({ id, state: 'waiting', legs: [{ ...leg('5.00'), metadata: { order: 'A-1' } }] })
    expect(waiting.body).toMatchObject({ endedBatch: null, transfers: null, refusal: null })
    await new Promise((resolve) => setTimeout(resolve, 400))
    expect(await due()).toBe(1)
    const posted = await api.get(`${url}/${id}`)
    expect(posted.body).toMatchObject({ state: 'posted', endedBatch: expect.any(Number), refusal: null })
    const [transfer] = Array.isArray(posted.body.transfers) ? posted.body.transfers : []
    expect((await api.get(`/v1/ledger/transfers/${transfer}`)).body).toMatchObject({ amount: '5.00', debit: bank })
  })

  it('say why they were refused', async () => {
    const back = { ...leg('9999.00'), debit: purse, credit: bank }
    const id = await scheduled(new Date(Date.now() + 200).toISOString(), leg('1.00'), back)
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(await due()).toBe(1)
    expect((await api.get(`${url}/${id}`)).body).toMatchObject({
      ...{ state: 'refused', refusal: { code: 'insufficient_funds', facts: { leg: '1' } }, transfers: null },
    })
  })

  it('are cancelled, listed by state and page by page', async () => {
    const ids = [
      await scheduled(SOON, leg('1.00')),
      await scheduled(SOON, leg('2.00')),
      await scheduled(SOON, leg('3.00')),
    ]
    expect((await ask(`${url}/${ids[1]}/cancel`, {})).body).toEqual({ id: ids[1] })
    const again = await ask(`${url}/${ids[1]}/cancel`, {})
    expect([again.status, again.body.code]).toEqual([422, 'scheduled_ended'])
    expect(itemsOf(await api.get(`${url}?state=cancelled`))).toMatchObject([{ id: ids[1], state: 'cancelled' }])
    const first = await api.get(`${url}?state=waiting&limit=1`)
    expect(itemsOf(first)).toMatchObject([{ id: ids[0] }])
    const cursor = encodeURIComponent(String(first.body.nextCursor ?? first.body.cursor ?? first.body.next))
    const next = await api.get(`${url}?state=waiting&limit=1&cursor=${cursor}`)
    expect(itemsOf(next)).toMatchObject([{ id: ids[2] }])
    const other = await api.get(`${url}?limit=1&cursor=${cursor}`)
    expect(other.status).toBe(400)
  })

  it('are asked for once under a key', async () => {
    const body = { dueAt: SOON, legs: [leg('4.00')] }
    const both = await Promise.all([ask(url, body, 'one key'), ask(url, body, 'one key')])
    expect(both.map(({ status }) => status)).toEqual([201, 201])
    expect(both[0]?.body).toEqual(both[1]?.body)
    const other = await ask(url, { ...body, dueAt: '2199-01-02T00:00:00Z' }, 'one key')
    expect([other.status, other.body.code]).toEqual([409, 'idempotency_key_reused'])
  })

  it("leave customers' accounts alone unless two people want it", async () => {
    const wallet = await api.openWallet()
    const legs = [{ ...leg('1.00'), credit: wallet }]
    const raw = await ask(url, { dueAt: SOON, legs })
    expect([raw.status, raw.body.code]).toEqual([422, 'account_needs_approval'])
    expect((await ask('/v1/ledger/approved-scheduled-postings', { dueAt: SOON, legs })).status).toBe(201)
  })

  it.each([
    [{ legs: [] }, 400, 'dueAt'],
    [{ dueAt: 'tomorrow', legs: [{}] }, 400, 'dueAt'],
    [{ dueAt: SOON, legs: [] }, 400, 'legs'],
    [{ dueAt: SOON, legs: [{ type: 'transfer' }] }, 400, 'legs[0].debit'],
  ])('are refused as %j', async (body, status, field) => {
    const answer = await ask(url, body)
    expect(answer.status).toBe(status)
    expect(JSON.stringify(answer.body)).toContain(field)
  })

  it.each([
    ['2020-01-01T00:00:00Z', '1.00', 422, 'due_in_the_past'],
    [SOON, '99999999999999999.00', 400, 'invalid_request'],
    [SOON, '-1.00', 400, 'invalid_request'],
    [SOON, '0.00', 400, 'invalid_request'],
  ])('due at %s of %s are told %i %s', async (dueAt, amount, status, code) => {
    const answer = await ask(url, { dueAt, legs: [leg(amount)] })
    expect([answer.status, answer.body.code]).toEqual([status, code])
  })

  it('that are not there are not found', async () => {
    for (const id of ['schp_0000zzzzz00r', 'tran_00000000300r', 'x']) {
      expect((await api.get(`${url}/${id}`)).status).toBe(404)
      expect((await ask(`${url}/${id}/cancel`, {})).status).toBe(404)
    }
    expect((await api.get(`${url}?state=soon`)).status).toBe(400)
  })
})
