import { SCOPES } from '@huitong/contract'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { itemsOf, type LedgerApi, startLedgerApi, transfersOf } from './ledger-api-world.ts'

let api: LedgerApi
let bank: string
let court: string
let wallet: string
let keys = 0

beforeAll(async () => {
  api = await startLedgerApi()
  bank = await api.open('1002')
  court = await api.open('2003')
  wallet = await api.open('2003', '0')
  await api.post([{ type: 'transfer', debit: bank, credit: wallet, amount: '100.00', currency: 'CNY' }])
})

afterAll(() => api.stop())

const NOT_JUDICIAL = `staff ${SCOPES.filter((scope) => scope !== 'ledger:judicial').join(' ')}`

function ask(path: string, body: unknown, as?: string) {
  keys += 1
  return api.call('POST', `/v1/ledger/${path}`, { key: `freeze ${keys}`, body, ...(as === undefined ? {} : { as }) })
}

describe('freezes over HTTP', () => {
  it('are placed, shown, used and lifted', async () => {
    const body = { cause: 'judicial', amount: '60.00', currency: 'CNY', reference: '(2026)浙0106执17号' }
    const placed = await ask(`accounts/${wallet}/freezes`, body)
    expect(placed.status).toBe(201)
    const { id } = placed.body
    expect((await api.get(`/v1/ledger/freezes/${id}`)).body).toEqual({
      ...{ id, account: wallet, cause: 'judicial', state: 'active', amount: '60.00', remaining: '60.00' },
      ...{ blocksIncoming: false, reference: '(2026)浙0106执17号', expiresAt: null },
    })
    expect((await api.get(`/v1/ledger/accounts/${wallet}`)).body).toMatchObject({
      ...{ balance: '100.00', available: '40.00', freezes: { amount: '60.00', outgoing: false, incoming: false } },
    })
    const taken = await ask(`freezes/${id}/deductions`, { to: court, amount: '10.00', currency: 'CNY' })
    const [transfer] = transfersOf(taken)
    expect((await api.get(`/v1/ledger/transfers/${transfer}`)).body).toMatchObject({ code: 'judicial_deduction' })
    expect((await api.get(`/v1/ledger/freezes/${id}`)).body).toMatchObject({ remaining: '50.00' })
    const lower = await ask(`freezes/${id}/lift`, {}, NOT_JUDICIAL)
    expect([lower.status, lower.body.code]).toEqual([422, 'freeze_outranks_authority'])
    expect((await ask(`freezes/${id}/lift`, {})).status).toBe(200)
    const again = await ask(`freezes/${id}/lift`, {})
    expect([again.status, again.body.code]).toEqual([422, 'freeze_not_active'])
    expect(itemsOf(await api.get(`/v1/ledger/accounts/${wallet}/freezes`))).toMatchObject([{ id, state: 'lifted' }])
  })

  it('of a court need the scope for that, and so do deductions', async () => {
    const body = { cause: 'judicial', reference: '17' }
    const refused = await ask(`accounts/${wallet}/freezes`, body, NOT_JUDICIAL)
    expect([refused.status, refused.body.code]).toEqual([403, 'scope_missing'])
    const placed = await ask(`accounts/${wallet}/freezes`, { ...body, cause: 'risk' }, NOT_JUDICIAL)
    expect(placed.status).toBe(201)
    const taken = { to: court, amount: '1.00', currency: 'CNY' }
    expect((await ask(`freezes/${placed.body.id}/deductions`, taken, NOT_JUDICIAL)).status).toBe(403)
    expect((await ask(`freezes/${placed.body.id}/deductions`, taken)).body.code).toBe('freeze_not_judicial')
    expect((await ask(`freezes/${placed.body.id}/lift`, {}, NOT_JUDICIAL)).status).toBe(200)
  })

  it("deduct to the institution's own accounts only", async () => {
    const placed = await ask(`accounts/${wallet}/freezes`, { cause: 'judicial', reference: '17' })
    const customer = await api.openWallet()
    const taken = await ask(`freezes/${placed.body.id}/deductions`, { to: customer, amount: '1.00', currency: 'CNY' })
    expect(taken.body.code).toBe('account_needs_approval')
    await ask(`freezes/${placed.body.id}/lift`, {})
  })

  it.each([
    [{ cause: 'whim', reference: '1' }, 'cause'],
    [{ cause: 'risk' }, 'reference'],
    [{ cause: 'risk', reference: '' }, 'reference'],
    [{ cause: 'risk', reference: '1', amount: '1.00' }, 'currency'],
    [{ cause: 'risk', reference: '1', currency: 'CNY' }, 'currency'],
    [{ cause: 'risk', reference: '1', amount: '1.00', currency: 'USD' }, 'currency'],
    [{ cause: 'risk', reference: '1', amount: '0.00', currency: 'CNY' }, 'amount'],
    [{ cause: 'risk', reference: '1', amount: '1.00', currency: 'CNY', blocksIncoming: true }, 'blocksIncoming'],
    [{ cause: 'risk', reference: '1', expiresAt: 'soon' }, 'expiresAt'],
  ])('name what is wrong with %j', async (body, field) => {
    const answer = await ask(`accounts/${wallet}/freezes`, body)
    expect(answer.status).toBe(400)
    expect(JSON.stringify(answer.body.errors)).toContain(`"${field}"`)
  })

  it('know no account and no freeze that is not there', async () => {
    expect((await ask('accounts/acct_x/freezes', { cause: 'risk', reference: '1' })).status).toBe(404)
    expect((await ask('freezes/frze_x/lift', {})).status).toBe(404)
    expect((await api.get('/v1/ledger/freezes/frze_x')).status).toBe(404)
    expect((await api.get('/v1/ledger/accounts/acct_x/freezes')).status).toBe(404)
  })
})

describe('bounds of an account over HTTP', () => {
  it('are set and shown, and say what is wrong', async () => {
    const account = await api.open('2003', '0')
    expect((await ask(`accounts/${account}/credit-limit`, { limit: '50.00' })).status).toBe(200)
    expect((await ask(`accounts/${account}/ceiling`, { ceiling: '200.00' })).status).toBe(200)
    await api.post([{ type: 'transfer', debit: account, credit: bank, amount: '20.00', currency: 'CNY' }])
    expect((await api.get(`/v1/ledger/accounts/${account}`)).body).toMatchObject({
      ...{ floor: '-50.00', ceiling: '200.00', credit: { limit: '50.00', used: '20.00', available: '30.00' } },
    })
    const less = await ask(`accounts/${account}/credit-limit`, { limit: '19.99' })
    expect([less.status, less.body.code]).toEqual([422, 'credit_limit_below_use'])
    expect((await ask(`accounts/${account}/credit-limit`, { limit: '-1.00' })).status).toBe(400)
    expect((await ask(`accounts/${account}/credit-limit`, { limit: '1.001' })).status).toBe(400)
    expect((await ask('accounts/acct_x/ceiling', { ceiling: null })).status).toBe(404)
    expect((await ask(`accounts/${account}/ceiling`, { ceiling: null })).status).toBe(200)
  })

  it('include the floor, of own accounts only', async () => {
    const account = await api.open('2003', '0')
    await api.post([{ type: 'transfer', debit: bank, credit: account, amount: '5.00', currency: 'CNY' }])
    expect((await ask(`accounts/${account}/floor`, { floor: '5.00' })).status).toBe(200)
    expect((await ask(`accounts/${account}/floor`, { floor: '5.01' })).body.code).toBe('floor_above_balance')
    expect((await ask(`accounts/${account}/floor`, { floor: '5.001' })).status).toBe(400)
    expect((await ask('accounts/acct_x/floor', { floor: null })).status).toBe(404)
    expect((await api.get(`/v1/ledger/accounts/${account}`)).body).toMatchObject({ floor: '5.00', available: '0.00' })
    expect((await ask(`accounts/${account}/floor`, { floor: null })).status).toBe(200)
    expect((await api.get(`/v1/ledger/accounts/${account}`)).body).toMatchObject({ floor: null })
    const wallet = await api.openWallet()
    expect((await ask(`accounts/${wallet}/floor`, { floor: null })).body.code).toBe('account_needs_approval')
  })

  it('closed accounts are opened again for a reason', async () => {
    const account = await api.open('2003', '0')
    await ask(`accounts/${account}/state`, { state: 'closed' })
    expect((await ask(`accounts/${account}/reopen`, { reason: 'because' })).status).toBe(400)
    expect((await ask(`accounts/${account}/reopen`, { reason: 'late_money' })).status).toBe(200)
    expect((await ask(`accounts/${account}/reopen`, { reason: 'late_money' })).body.code).toBe('account_not_closed')
    expect((await api.get(`/v1/ledger/accounts/${account}`)).body).toMatchObject({ state: 'open' })
  })
})
