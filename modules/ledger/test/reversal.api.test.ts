import { parsePublicId, publicId } from '@huitong/kernel'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { TRANSFER_ID } from '../src/ledger-views.ts'
import { type LedgerApi, startLedgerApi, transfersOf } from './ledger-api-world.ts'

let api: LedgerApi
let bank: string
let alice: string
let keys = 0

beforeAll(async () => {
  api = await startLedgerApi()
  bank = await api.open('1002')
  alice = await api.open('2003', '0')
})

afterAll(() => api.stop())

function ask(path: 'reversals' | 'corrections', body: unknown) {
  keys += 1
  return api.call('POST', `/v1/ledger/${path}`, { key: `reversal ${keys}`, body })
}

async function paid(amount: string): Promise<string> {
  const [id = ''] = transfersOf(
    await api.post([{ type: 'transfer', debit: bank, credit: alice, amount, currency: 'CNY' }]),
  )
  return id
}

function parsedId(text: string): number {
  const id = parsePublicId(TRANSFER_ID, text)
  if (!id.ok) throw new Error(text)
  return id.value
}

describe('reversals over HTTP', () => {
  it('take back a part and then the rest, and say how much is left', async () => {
    const transfer = await paid('10.00')
    const part = await ask('reversals', { transfer, amount: '2.50', currency: 'CNY' })
    const [id] = transfersOf(part)
    expect((await api.get(`/v1/ledger/transfers/${id}`)).body).toMatchObject({
      ...{ reverses: transfer, code: 'reversal', debit: alice, credit: bank, amount: '2.50', entry: null },
    })
    const left = await api.get(`/v1/ledger/transfers/${transfer}/reversal`)
    expect(left.body).toEqual({ transfer, amount: '10.00', reversed: '2.50', left: '7.50' })
    const tooMuch = await ask('reversals', { transfer, amount: '7.51', currency: 'CNY' })
    expect([tooMuch.status, tooMuch.body.code]).toEqual([422, 'exceeds_unreversed'])
    expect((await ask('reversals', { transfer })).status).toBe(201)
    expect((await ask('reversals', { transfer })).body.code).toBe('transfer_already_reversed')
  })

  it('correct a posting in one entry', async () => {
    const transfer = await paid('10.00')
    const legs = [{ debit: bank, credit: alice, amount: '9.00', currency: 'CNY' }]
    const [first, second] = transfersOf(await ask('corrections', { transfer, legs }))
    for (const id of [first, second]) {
      expect((await api.get(`/v1/ledger/transfers/${id}`)).body).toMatchObject({ entry: first })
    }
  })

  it("leave customers' accounts alone", async () => {
    const wallet = await api.openWallet()
    const transfer = await paid('1.00')
    const legs = [{ debit: bank, credit: wallet, amount: '1.00', currency: 'CNY' }]
    const corrected = await ask('corrections', { transfer, legs })
    expect([corrected.status, corrected.body.code]).toEqual([422, 'account_needs_approval'])
    expect((await ask('reversals', { transfer })).status).toBe(201)
  })

  it.each([
    [{}, 'transfer'],
    [{ transfer: 'tran_x' }, 'transfer'],
    [{ entry: 'tran_x' }, 'entry'],
    [{ transfer: 'tran_00000000300r', entry: 'tran_00000000300r' }, 'entry'],
    [{ entry: 'tran_00000000300r', amount: '1.00', currency: 'CNY' }, 'amount'],
    [{ transfer: 'tran_00000000300r', amount: '1.00' }, 'currency'],
    [{ transfer: 'tran_00000000300r', currency: 'CNY' }, 'currency'],
    [{ transfer: 'tran_00000000300r', amount: '0.00', currency: 'CNY' }, 'amount'],
    [{ transfer: 'tran_00000000300r', amount: '1.00', currency: 'XXQ' }, 'currency'],
    [{ transfer: 'tran_00000000300r', more: 1 }, 'more'],
  ])('name what is wrong with %j', async (body, field) => {
    const answer = await ask('reversals', body)
    expect(answer.status).toBe(400)
    expect(JSON.stringify(answer.body.errors)).toContain(`"${field}"`)
  })

  it('know no transfer of that id', async () => {
    const [made = ''] = transfersOf(
      await api.post([{ type: 'transfer', debit: bank, credit: alice, amount: '1.00', currency: 'CNY' }]),
    )
    const unknown = publicId(TRANSFER_ID, parsedId(made) + 1_000_000 * 1024)
    const answer = await ask('reversals', { transfer: unknown })
    expect([answer.status, answer.body.code]).toEqual([404, 'transfer_unknown'])
    expect((await api.get('/v1/ledger/transfers/tran_x/reversal')).status).toBe(404)
  })
})
