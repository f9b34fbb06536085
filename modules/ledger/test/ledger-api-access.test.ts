import { SCOPES } from '@huitong/contract'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type LedgerApi, startLedgerApi } from './ledger-api-world.ts'

/** Who may call what: method, address with a sane id, scope. */
const ROUTES = [
  ['GET', '/v1/ledger/accounts', 'ledger:read'],
  ['POST', '/v1/ledger/entries', 'ledger:post'],
  ['GET', '/v1/ledger/entries/:id', 'ledger:read'],
  ['GET', '/v1/ledger/accounts/:id', 'ledger:read'],
  ['GET', '/v1/ledger/accounts/:id/entries', 'ledger:read'],
  ['GET', '/v1/ledger/accounts/:id/metadata', 'ledger:read'],
  ['GET', '/v1/ledger/accounts/:id/metadata/history', 'ledger:read'],
  ['GET', '/v1/ledger/transfers/:id/metadata', 'ledger:read'],
  ['GET', '/v1/ledger/transfers/:id/metadata/history', 'ledger:read'],
  ['POST', '/v1/ledger/accounts/:id/metadata', 'ledger:operate'],
  ['POST', '/v1/ledger/transfers/:id/metadata', 'ledger:operate'],
  ['GET', '/v1/ledger/metadata', 'ledger:read'],
  ['POST', '/v1/ledger/sets', 'ledger:operate'],
  ['POST', '/v1/ledger/sets/:id/members', 'ledger:operate'],
  ['POST', '/v1/ledger/sets/:id/removals', 'ledger:operate'],
  ['GET', '/v1/ledger/sets', 'ledger:read'],
  ['GET', '/v1/ledger/sets/:id', 'ledger:read'],
  ['GET', '/v1/ledger/sets/:id/members', 'ledger:read'],
  ['GET', '/v1/ledger/accounts/:id/statement.csv', 'ledger:read'],
  ['GET', '/v1/ledger/accounts/:id/statement.xml', 'ledger:read'],
  ['GET', '/v1/ledger/accounts/:id/statement.pdf', 'ledger:read'],
  ['POST', '/v1/ledger/accounts', 'ledger:operate'],
  ['POST', '/v1/ledger/accounts/:id/state', 'ledger:operate'],
  ['POST', '/v1/ledger/approved-postings', 'ledger:post'],
  ['POST', '/v1/ledger/postings', 'ledger:post'],
  ['GET', '/v1/ledger/transfers/:id', 'ledger:read'],
  ['GET', '/v1/ledger/holds/:id', 'ledger:read'],
  ['GET', '/v1/ledger/accounts/:id/holds', 'ledger:read'],
  ['POST', '/v1/ledger/holds/:id/expiry', 'ledger:post'],
  ['POST', '/v1/ledger/scheduled-postings', 'ledger:post'],
  ['POST', '/v1/ledger/approved-scheduled-postings', 'ledger:post'],
  ['POST', '/v1/ledger/scheduled-postings/:id/cancel', 'ledger:post'],
  ['GET', '/v1/ledger/scheduled-postings', 'ledger:read'],
  ['GET', '/v1/ledger/scheduled-postings/:id', 'ledger:read'],
  ['GET', '/v1/ledger/head', 'ledger:read'],
  ['GET', '/v1/ledger/replica', 'ledger:read'],
  ['GET', '/v1/ledger/chart', 'ledger:read'],
  ['GET', '/v1/ledger/days', 'ledger:read'],
  ['POST', '/v1/ledger/days/close', 'ledger:operate'],
  ['POST', '/v1/ledger/days/finalize', 'ledger:operate'],
  ['GET', '/v1/ledger/tie', 'ledger:read'],
  ['GET', '/v1/ledger/reports/trial-balance', 'ledger:read'],
  ['GET', '/v1/ledger/reports/balance-sheet', 'ledger:read'],
  ['GET', '/v1/ledger/reports/income-statement', 'ledger:read'],
  ['GET', '/v1/ledger/reports/trial-balance.csv', 'ledger:read'],
  ['GET', '/v1/ledger/reports/balance-sheet.csv', 'ledger:read'],
  ['GET', '/v1/ledger/reports/income-statement.csv', 'ledger:read'],
  ['GET', '/v1/ledger/years', 'ledger:read'],
  ['PUT', '/v1/ledger/years/:year', 'ledger:operate'],
  ['GET', '/v1/ledger/fx/positions', 'ledger:read'],
  ['POST', '/v1/ledger/fx/exchanges', 'ledger:post'],
  ['POST', '/v1/ledger/fx/revaluations', 'ledger:post'],
  ['GET', '/v1/ledger/imports/:id', 'ledger:read'],
  ['GET', '/v1/ledger/imports/:id/refusals', 'ledger:read'],
  ['POST', '/v1/ledger/imports/:id/lines', 'ledger:post'],
  ['GET', '/v1/ledger/templates', 'ledger:read'],
  ['GET', '/v1/ledger/templates/:name', 'ledger:read'],
  ['PUT', '/v1/ledger/templates/:name', 'ledger:operate'],
  ['POST', '/v1/ledger/templates/:name/postings', 'ledger:post'],
  ['POST', '/v1/ledger/templates/:name/trials', 'ledger:post'],
  ['POST', '/v1/ledger/reversals', 'ledger:post'],
  ['POST', '/v1/ledger/accounts/:id/freezes', 'ledger:operate'],
  ['GET', '/v1/ledger/accounts/:id/freezes', 'ledger:read'],
  ['GET', '/v1/ledger/freezes/:id', 'ledger:read'],
  ['POST', '/v1/ledger/freezes/:id/lift', 'ledger:operate'],
  ['POST', '/v1/ledger/freezes/:id/deductions', 'ledger:judicial'],
  ['POST', '/v1/ledger/accounts/:id/credit-limit', 'ledger:operate'],
  ['POST', '/v1/ledger/accounts/:id/ceiling', 'ledger:operate'],
  ['POST', '/v1/ledger/accounts/:id/floor', 'ledger:operate'],
  ['POST', '/v1/ledger/accounts/:id/reopen', 'ledger:operate'],
  ['POST', '/v1/ledger/accounts/:id/posting-policy', 'ledger:operate'],
  ['GET', '/v1/ledger/accounts/:id/buffer', 'ledger:read'],
  ['POST', '/v1/ledger/corrections', 'ledger:post'],
  ['GET', '/v1/ledger/transfers/:id/reversal', 'ledger:read'],
] as const

let api: LedgerApi

beforeAll(async () => {
  api = await startLedgerApi()
})

afterAll(() => api.stop())

describe('the routes of the ledger', () => {
  it('are these and no others', () => {
    const registered = api.http.routes.filter((route) => route.url.startsWith('/v1/'))
    const told = registered.map(({ method, url, access }) => `${method} ${url} ${access.scope}`)
    expect(told.toSorted()).toEqual(ROUTES.map((route) => route.join(' ')).toSorted())
    for (const { access } of registered) expect(access.callers).toEqual(['staff'])
  })

  const callers: readonly (readonly [string, string | null, number, string])[] = [
    ['nobody', null, 401, 'sign_in_required'],
    ['somebody with false credentials', 'forged', 401, 'credentials_invalid'],
    ...(['customer', 'merchant', 'partner'] as const).map(
      (kind) => [`a ${kind}`, `${kind} ${SCOPES.join(' ')}`, 403, 'caller_kind_not_allowed'] as const,
    ),
  ]
  it.each(callers)('let %s do nothing, before anything else is looked at', async (_who, as, status, code) => {
    for (const [method, url] of ROUTES) {
      const request = method === 'GET' ? { as } : { as, text: 'no JSON' }
      const answer = await api.call(method, url.replace(':id', 'acct_000000000012'), request)
      expect([answer.status, answer.body.code], `${method} ${url}`).toEqual([status, code])
    }
    expect(await api.transfers()).toBe(0)
  })

  it.each(ROUTES)(
    '%s %s needs the scope %s, whatever else the member of the staff may do',
    async (method, url, scope) => {
      const as = `staff ${SCOPES.filter((one) => one !== scope).join(' ')}`
      const answer = await api.call(method, url.replace(':id', 'acct_000000000012'), { as })
      expect([answer.status, answer.body.code]).toEqual([403, 'scope_missing'])
    },
  )

  it.each(ROUTES)('%s %s is open to staff with nothing but the scope %s', async (method, url, scope) => {
    // A report's file would be no JSON; a bad parameter is told after the caller was judged.
    const address = `${url.replace(':id', 'acct_000000000012')}${url.endsWith('.csv') ? '?to=never' : ''}`
    const answer = await api.call(method, address, { as: `staff ${scope}` })
    expect([401, 403]).not.toContain(answer.status)
  })
})
