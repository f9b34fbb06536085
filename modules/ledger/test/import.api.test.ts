import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { verifyLedger } from '../src/verify.ts'
import { type ApiAnswer, itemsOf, type LedgerApi, startLedgerApi } from './ledger-api-world.ts'

let api: LedgerApi
let files = 0

beforeAll(async () => {
  api = await startLedgerApi()
}, 240_000)

afterAll(() => api.stop())

const COLUMNS = ['type', 'reference', 'subject', 'currency', 'floor', 'debit', 'credit', 'amount']

function freshId(): string {
  files += 1
  return files.toString(16).padStart(64, '0')
}

function send(id: string, firstLine: number, lines: readonly string[], as?: string): Promise<ApiAnswer> {
  const body = { format: 'csv', columns: COLUMNS, firstLine, text: lines.join('\n') }
  return api.call('POST', `/v1/ledger/imports/${id}/lines`, { body, ...(as === undefined ? {} : { as }) })
}

async function refusals(id: string): Promise<readonly unknown[]> {
  return itemsOf(await api.get(`/v1/ledger/imports/${id}/refusals`))
}

function account(reference: string, floor = ''): string {
  return `account,${reference},2003,CNY,${floor}`
}

function transfer(reference: string, debit: string, credit: string, amount: string): string {
  return `transfer,${reference},,CNY,,${debit},${credit},${amount}`
}

describe('lines of a file', () => {
  it('have a verdict each: the good ones come in, the others are told by number', async () => {
    const id = freshId()
    const answer = await send(id, 1, [
      ...['account,vault,1002,CNY,', account('ann', '0'), account('ben', '0'), account('ann', '0')],
      ...['account,ann,1002,CNY,', 'account,shop,2002,CNY,', 'nonsense', ''],
      ...[transfer('t-1', 'vault', 'ann', '10.00'), transfer('t-2', 'ann', 'ben', '10.01')],
      ...[transfer('t-2', 'ann', 'ben', '4.00'), transfer('t-2', 'ann', 'ben', '4.00')],
      ...[transfer('', 'ann', 'nobody', '1.00'), transfer('', 'ann', 'ann', '1.00')],
      ...[transfer('', 'ann', await api.openWallet(), '1.00')],
    ])
    expect(answer).toMatchObject({ status: 200, body: { nextLine: 16, accepted: 5, repeated: 2, refused: 7 } })
    expect(await refusals(id)).toEqual([
      { line: 5, code: 'reference_differs', detail: 'The reference names another account already. (ann)' },
      { line: 6, code: 'account_needs_approval', detail: expect.any(String) },
      { line: 7, code: 'field_invalid', detail: 'type must be account or transfer.' },
      { line: 10, code: 'insufficient_funds', detail: expect.any(String) },
      { line: 13, code: 'credit_account_unknown', detail: 'There is no such credit account. (nobody)' },
      { line: 14, code: 'same_account', detail: expect.any(String) },
      { line: 15, code: 'account_needs_approval', detail: expect.any(String) },
    ])
  })

  it('have one effect, however often and in whatever pieces they come', async () => {
    const id = freshId()
    const lines = [
      'account,till,1002,CNY,',
      account('dan'),
      transfer('', 'till', 'dan', '1.00'),
      transfer('', 'till', 'dan', '2.00'),
    ]
    const before = await api.transfers()
    expect((await send(id, 1, lines.slice(0, 3))).body).toMatchObject({ nextLine: 4, accepted: 3 })
    expect((await send(id, 1, lines.slice(0, 3))).body).toMatchObject({ nextLine: 4, accepted: 3 })
    const early = await send(id, 5, lines)
    expect([early.status, early.body.code]).toEqual([409, 'import_line_missing'])
    const all = await Promise.all([send(id, 1, lines), send(id, 3, lines.slice(2)), send(id, 4, lines.slice(3))])
    for (const answer of all) expect(answer.body).toEqual({ nextLine: 5, accepted: 4, repeated: 0, refused: 0 })
    expect(await api.transfers()).toBe(before + 2)
    expect((await api.get(`/v1/ledger/imports/${id}`)).body).toEqual({
      nextLine: 5,
      accepted: 4,
      repeated: 0,
      refused: 0,
    })
  })

  it('may hold several legs, which stand or fall together', async () => {
    const id = freshId()
    const leg = (debit: string, credit: string, amount: string) => ({ debit, credit, amount, currency: 'CNY' })
    const text = [
      { type: 'account', reference: 'eve', subject: '2003', currency: 'CNY', floor: '0' },
      { type: 'account', reference: 'safe', subject: '1002', currency: 'CNY' },
      { type: 'transfer', reference: 'e-1', legs: [leg('safe', 'eve', '5.00'), leg('eve', 'safe', '7.00')] },
      { type: 'transfer', reference: 'e-1', legs: [leg('safe', 'eve', '5.00'), leg('eve', 'safe', '3.00')] },
    ]
    const before = await api.transfers()
    const body = { format: 'jsonl', firstLine: 1, text: text.map((line) => JSON.stringify(line)).join('\n') }
    const answer = await api.call('POST', `/v1/ledger/imports/${id}/lines`, { body })
    expect(answer.body).toEqual({ nextLine: 5, accepted: 3, repeated: 0, refused: 1 })
    expect(await refusals(id)).toMatchObject([{ line: 3, code: 'insufficient_funds' }])
    expect(await api.transfers()).toBe(before + 2)
  })

  it('come only from staff who may post, and open accounts if they may do that', async () => {
    const id = freshId()
    expect((await send(id, 1, [account('fay')], 'staff ledger:read')).status).toBe(403)
    expect((await send(id, 1, [account('fay')], 'customer ledger:post')).status).toBe(403)
    expect((await send(id, 1, [account('fay')], 'staff ledger:post')).body.code).toBe('scope_missing')
    expect((await send(id, 1, ['nonsense'], 'staff ledger:post')).status).toBe(200)
    expect((await api.get(`/v1/ledger/imports/${'f'.repeat(64)}`)).status).toBe(404)
  })

  it.each([
    [{ format: 'csv', columns: ['type', 'colour'], firstLine: 1, text: '' }, 'columns'],
    [{ format: 'csv', firstLine: 1, text: '' }, 'columns'],
    [{ format: 'jsonl', columns: ['type'], firstLine: 1, text: '' }, 'columns'],
    [{ format: 'jsonl', firstLine: 0, text: '' }, 'firstLine'],
    [{ format: 'jsonl', firstLine: 1, text: '\n'.repeat(5000) }, 'text'],
    [{ format: 'hledger', firstLine: 1, text: '' }, 'format'],
  ])('are refused as a whole when the request is wrong: %j', async (body, field) => {
    const answer = await api.call('POST', `/v1/ledger/imports/${freshId()}/lines`, { body })
    expect([answer.status, JSON.stringify(answer.body)]).toEqual([400, expect.stringContaining(field)])
  })

  it('leave a sound ledger', async () => {
    await api.world.committer.flush()
    expect((await verifyLedger(api.world.institution.db)).findings).toEqual([])
  })
})
