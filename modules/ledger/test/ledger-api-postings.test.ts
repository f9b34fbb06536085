import { parsePublicId, publicId } from '@huitong/kernel'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type LedgerApi, startLedgerApi, transfersOf } from './ledger-api-world.ts'
import { move, promise } from './ledger-world.ts'

let api: LedgerApi
let bank: string
let alice: string
let bob: string
let yen: string

beforeAll(async () => {
  api = await startLedgerApi()
  bank = await api.open('1002')
  alice = await api.open('2003', '0')
  bob = await api.open('2003', '0')
  yen = await api.open('2003', '0', 'JPY')
  transfersOf(await api.post([leg({ debit: bank, credit: alice, amount: '100' })]))
})

afterAll(() => api.stop())

/** A right leg from alice to bob but for the fields given here; a field set to null is left out. */
function leg(change: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  const fields = { type: 'transfer', debit: alice, credit: bob, amount: '1.00', currency: 'CNY', ...change }
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null))
}

async function balance(id: string): Promise<unknown> {
  return (await api.get(`/v1/ledger/accounts/${id}`)).body.balance
}

const UNKNOWN_ACCOUNT = publicId('acct', 999_999 * 1024)
const UNKNOWN_HOLD = publicId('tran', 999_999 * 1024)

describe('a bad posting', () => {
  const amounts: readonly (readonly [unknown, string])[] = [
    ['-1.00', 'pattern'],
    ['0', 'zero'],
    ['0.00', 'zero'],
    ['1.234', 'too_many_decimals'],
    ['1.000', 'too_many_decimals'],
    ['1e3', 'pattern'],
    ['1E-2', 'pattern'],
    ['92233720368547758.08', 'too_large'],
    ['9999999999999999999', 'too_large'],
    ['9'.repeat(20), 'pattern'],
    ['9'.repeat(500), 'maxLength'],
    ['+1', 'pattern'],
    ['01', 'pattern'],
    ['1.', 'pattern'],
    ['.5', 'pattern'],
    ['1,000', 'pattern'],
    ['１', 'pattern'],
    ['NaN', 'pattern'],
    ['Infinity', 'pattern'],
    ['0x10', 'pattern'],
    ['', 'pattern'],
    [' 1', 'pattern'],
    ['1\n', 'pattern'],
    [1, 'type'],
    [null, 'required'],
    [true, 'type'],
    [['1.00'], 'type'],
    [{ minor: 100 }, 'type'],
  ]
  it.each(amounts)('with the amount %j breaks the rule %s', async (amount, rule) => {
    await expectBad([leg({ amount })], 'legs[0].amount', rule)
  })

  const fields: readonly (readonly [Readonly<Record<string, unknown>>, string, string])[] = [
    [{ currency: 'ZZZ' }, 'currency', 'iso_4217'],
    [{ currency: 'cny' }, 'currency', 'pattern'],
    [{ currency: 'RMBX' }, 'currency', 'pattern'],
    [{ currency: null }, 'currency', 'required'],
    [{ type: 'gift' }, 'type', 'choice'],
    [{ type: null }, 'type', 'required'],
    [{ debit: null }, 'debit', 'required'],
    [{ debit: 'acct_x' }, 'debit', 'malformed_id'],
    [{ debit: '1024' }, 'debit', 'malformed_id'],
    [{ debit: 1024 }, 'debit', 'type'],
    [{ debit: UNKNOWN_HOLD }, 'debit', 'wrong_kind_of_id'],
    [{ credit: 'x'.repeat(41) }, 'credit', 'maxLength'],
    [{ credit: UNKNOWN_HOLD }, 'credit', 'wrong_kind_of_id'],
    [{ code: 'gift' }, 'code', 'known_code'],
    [{ code: '<b>' }, 'code', 'known_code'],
    [{ hold: UNKNOWN_HOLD }, 'hold', 'not_allowed'],
    [{ final: true }, 'final', 'not_allowed'],
    [{ expiresAt: '2200-01-01T00:00:00Z' }, 'expiresAt', 'not_allowed'],
    [{ type: 'hold', expiresAt: 'tomorrow' }, 'expiresAt', 'pattern'],
    [{ type: 'hold', expiresAt: '2200-02-30T00:00:00Z' }, 'expiresAt', 'malformed_time'],
    [{ reference: 7 }, 'reference', 'unknown_field'],
    [{ amount_minor: 7 }, 'amount_minor', 'unknown_field'],
    [{ type: 'void', hold: 'tran_x', debit: null, credit: null, amount: null, currency: null }, 'hold', 'malformed_id'],
    [{ type: 'void', hold: UNKNOWN_HOLD }, 'debit', 'not_allowed'],
    [{ type: 'capture', debit: null, credit: null }, 'hold', 'required'],
  ]
  it.each(fields)('with %j in a leg breaks a rule: %s %s', async (change, field, rule) => {
    await expectBad([leg(), leg(change)], `legs[1].${field}`, rule)
  })

  it('has 1 to 100 legs', async () => {
    await expectBad([], 'legs', 'minItems')
    await expectBad(
      Array.from({ length: 101 }, () => leg({ amount: '0.01' })),
      'legs',
      'maxItems',
    )
  })

  const bodies: readonly (readonly [string, number, string])[] = [
    ['', 400, 'body_missing'],
    ['{', 400, 'malformed_json'],
    ['[]', 400, 'invalid_request'],
    ['null', 400, 'invalid_request'],
    ['{}', 400, 'invalid_request'],
    ['{"legs":"all"}', 400, 'invalid_request'],
    ['{"legs":[],"raw":false}', 400, 'invalid_request'],
  ]
  it.each(bodies)('%j is answered %d %s', async (text, status, code) => {
    const before = await api.transfers()
    const answer = await api.call('POST', '/v1/ledger/postings', { key: 'bad body', text })
    expect([answer.status, answer.body.code]).toEqual([status, code])
    expect(await api.transfers()).toBe(before)
  })

  it('with a field given twice is refused, for nobody could say which one is meant', async () => {
    const right = JSON.stringify({ legs: [leg()] })
    const text = right.replace('"amount":"1.00"', '"amount":"1.00","amount":"9.00"')
    const answer = await api.call('POST', '/v1/ledger/postings', { key: 'twice', text })
    expect(answer.status).toBe(400)
    expect(text).not.toBe(right)
  })

  it('that is no JSON by its type is refused', async () => {
    const request = { key: 'type', text: JSON.stringify({ legs: [leg()] }), contentType: 'text/plain' }
    expect((await api.call('POST', '/v1/ledger/postings', request)).status).toBe(415)
  })

  it.each([
    [undefined, 'idempotency_key_required', 'required'],
    ['k'.repeat(256), 'invalid_request', 'printable_ascii'],
    ['schlüssel', 'invalid_request', 'printable_ascii'],
  ])('under the key %j is refused: %s', async (key, code, rule) => {
    const before = await api.transfers()
    const request = key === undefined ? {} : { key }
    const answer = await api.call('POST', '/v1/ledger/postings', { ...request, body: { legs: [leg()] } })
    expect(answer).toMatchObject({ status: 400, body: { code, errors: [{ field: 'Idempotency-Key', rule }] } })
    expect(await api.transfers()).toBe(before)
  })

  it('does not use its key up', async () => {
    const bad = await api.post([leg({ amount: '0' })], 'mended')
    const right = await api.post([leg()], 'mended')
    expect([bad.status, right.status, right.headers.get('idempotent-replayed')]).toEqual([400, 201, null])
  })

  async function expectBad(legs: readonly unknown[], field: string, rule: string): Promise<void> {
    const before = await api.transfers()
    const answer = await api.post(legs)
    expect(answer).toMatchObject({
      status: 400,
      body: { code: 'invalid_request', type: 'urn:huitong:problem:invalid_request' },
    })
    expect(answer.headers.get('content-type')).toContain('application/problem+json')
    expect(answer.body.errors).toContainEqual(expect.objectContaining({ field, rule }))
    expect(await api.transfers()).toBe(before)
  }
})

describe('a posting that the ledger refuses', () => {
  const refused: readonly (readonly [string, () => Record<string, unknown>])[] = [
    ['same_account', () => leg({ credit: alice })],
    ['debit_account_unknown', () => leg({ debit: UNKNOWN_ACCOUNT })],
    ['credit_account_unknown', () => leg({ credit: UNKNOWN_ACCOUNT })],
    ['currency_mismatch', () => leg({ credit: yen })],
    ['currency_mismatch', () => leg({ currency: 'JPY', amount: '1' })],
    ['insufficient_funds', () => leg({ amount: '1000000' })],
    ['insufficient_funds', () => leg({ type: 'hold', amount: '1000000' })],
    ['expiry_in_the_past', () => leg({ type: 'hold', expiresAt: '2020-01-01T00:00:00Z' })],
    ['balance_overflow', () => leg({ debit: bank, amount: '92233720368547758.07' })],
    ['hold_unknown', () => ({ type: 'void', hold: UNKNOWN_HOLD })],
    ['hold_unknown', () => ({ type: 'capture', hold: UNKNOWN_HOLD, amount: '1', currency: 'CNY' })],
  ]
  it.each(refused)('with %s is 422, names the leg and changes nothing, also by the legs before', async (code, bad) => {
    const before = [await api.transfers(), await balance(alice)]
    const answer = await api.post([leg({ amount: '0.01' }), leg({ amount: '0.02' }), bad()])
    expect(answer).toMatchObject({ status: 422, body: { code, errors: [{ field: 'legs[2]', rule: code }] } })
    expect([await api.transfers(), await balance(alice)]).toEqual(before)
  })

  it('is refused again under its key, whatever has changed since', async () => {
    const poor = await api.open('2003', '0')
    const first = await api.post([leg({ debit: poor })], 'poor once')
    transfersOf(await api.post([leg({ debit: bank, credit: poor })]))
    const again = await api.post([leg({ debit: poor })], 'poor once')
    expect([first, again].map(({ status, body }) => [status, body.code])).toEqual([
      [422, 'insufficient_funds'],
      [422, 'insufficient_funds'],
    ])
    expect(again.headers.get('idempotent-replayed')).toBe('true')
    transfersOf(await api.post([leg({ debit: poor })]))
  })

  it('cannot take out of a hold in another currency than that of the hold', async () => {
    const [hold = ''] = transfersOf(await api.post([leg({ type: 'hold', amount: '20.00' })]))
    // 500 yen are 500 minor units, which are 5.00 yuan: not what was asked for.
    const answer = await api.post([{ type: 'capture', hold, amount: '500', currency: 'JPY' }])
    expect([answer.status, answer.body.code]).toEqual([422, 'currency_mismatch'])
    expect((await api.get(`/v1/ledger/holds/${hold}`)).body).toMatchObject({ state: 'pending', remaining: '20.00' })
  })
})

describe('the key of a posting', () => {
  it('gives the first answer again, and a conflict for another posting', async () => {
    const before = await balance(bob)
    const first = await api.post([leg({ amount: '0.10' })], 'again')
    const again = await api.post([leg({ amount: '0.10' })], 'again')
    const other = await api.post([leg({ amount: '0.11' })], 'again')
    expect([first.status, again.status]).toEqual([201, 201])
    expect(again.body).toEqual(first.body)
    expect(again.headers.get('idempotent-replayed')).toBe('true')
    expect(other).toMatchObject({
      status: 409,
      body: { code: 'idempotency_key_reused', errors: [{ field: 'legs[0].amount', rule: 'same_request' }] },
    })
    expect(Number(await balance(bob)) - Number(before)).toBeCloseTo(0.1)
  })

  it('counts for all kinds of commands of its caller', async () => {
    await api.post([leg({ amount: '0.01' })], 'one for all')
    const body = { subject: '1002', currency: 'CNY' }
    expect((await api.call('POST', '/v1/ledger/accounts', { key: 'one for all', body })).status).toBe(409)
  })

  it('belongs to its caller: the same key of another one is another key', async () => {
    const post = (as: string) =>
      api.call('POST', '/v1/ledger/postings', { as, key: 'shared', body: { legs: [leg({ amount: '0.01' })] } })
    const [one, other] = [await post('staff-a ledger:post'), await post('staff-b ledger:post')]
    expect([one.status, other.status]).toEqual([201, 201])
    expect(transfersOf(one)).not.toEqual(transfersOf(other))
  })

  it('lets fifty equal requests at once have one effect and one answer', async () => {
    const before = await api.transfers()
    const answers = await Promise.all(Array.from({ length: 50 }, () => api.post([leg({ amount: '0.01' })], 'fifty')))
    expect(await api.transfers()).toBe(before + 1)
    expect(new Set(answers.map((answer) => JSON.stringify([answer.status, answer.body]))).size).toBe(1)
    expect(answers.filter((answer) => answer.headers.get('idempotent-replayed') === null)).toHaveLength(1)
  })
})

describe("a customer's account", () => {
  it('is left alone by every type of raw leg', async () => {
    const wallet = await api.openWallet()
    const [walletId, bankId] = [wallet, bank].map((id) => {
      const read = parsePublicId('acct', id)
      if (!read.ok) throw new Error(id)
      return read.value
    })
    if (walletId === undefined || bankId === undefined) throw new Error('two ids')
    // What a module does for the customer: the money and the hold that staff then try to reach.
    const { committer, commands } = api.world
    const legs = [move(bankId, walletId, 1000n), promise(walletId, bankId, 500n)]
    const own = await committer.submit({ kind: commands.post, input: { legs, raw: false } })
    if (own.status !== 'done') throw new Error(JSON.stringify(own))
    const hold = publicId('tran', own.answer.transfers[1] ?? 0)
    const before = await api.transfers()
    for (const bad of [
      leg({ debit: wallet }),
      leg({ credit: wallet }),
      leg({ type: 'hold', debit: wallet }),
      leg({ type: 'hold', credit: wallet }),
      { type: 'capture', hold, amount: '1.00', currency: 'CNY' },
      { type: 'void', hold },
    ]) {
      const answer = await api.post([leg({ amount: '0.01' }), bad])
      expect(answer).toMatchObject({
        status: 422,
        body: { code: 'account_needs_approval', errors: [{ field: 'legs[1]' }] },
      })
    }
    expect(await api.transfers()).toBe(before)
  })

  it('is not told apart by what else is wrong with the leg', async () => {
    const wallet = await api.openWallet()
    const answer = await api.post([leg({ debit: wallet, credit: wallet, currency: 'JPY', amount: '1' })])
    expect(answer.body.code).toBe('account_needs_approval')
  })
})
