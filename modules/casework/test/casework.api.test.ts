import type { IncomingHttpHeaders } from 'node:http'
import { committerMigrations } from '@huitong/committer'
import { type Caller, SCOPES } from '@huitong/contract'
import { createHttp, createLog, type HttpApp } from '@huitong/http'
import { jobsMigrations } from '@huitong/jobs'
import { type ManualClock, manualClock, ok } from '@huitong/kernel'
import { createInstitution, type TestInstitution } from '@huitong/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { handleCaseEvent } from '../src/case-events.ts'
import {
  addCasePageRoutes,
  addCaseRoutes,
  type Casework,
  caseworkMigrations,
  createCasework,
  openPoisonCases,
} from '../src/index.ts'

const START = Date.UTC(2026, 10, 22, 4, 0, 0) * 1000
const TRADE = 'trade_00000000300r'

let institution: TestInstitution
let casework: Casework
let clock: ManualClock
let http: HttpApp
let keys = 0

beforeAll(async () => {
  institution = await createInstitution([committerMigrations, jobsMigrations, caseworkMigrations])
  clock = manualClock(START)
  casework = createCasework(institution.db, clock)
  http = await createHttp({ log: createLog({ level: 'silent' }), authenticate: [byHeader] })
  const isOwn = async (customer: number, subject: string) => customer === 7 && subject === TRADE
  addCaseRoutes(http, { casework, clock, isOwn })
  addCasePageRoutes(http, { casework, clock })
})

afterAll(() => http.drain())

async function byHeader({ headers }: { readonly headers: IncomingHttpHeaders }): Promise<Caller | undefined> {
  const [, kind, id] = /^(staff|reader|customer) (\d+)$/.exec(headers.authorization ?? '') ?? []
  if (kind === 'customer') return { kind, id: `customer:${id}`, scopes: new Set(SCOPES), customerId: Number(id) }
  if (kind === undefined) return undefined
  const scopes = new Set(SCOPES.filter((scope) => kind === 'staff' || scope === 'cases:read'))
  return { kind: 'staff', id: `staff:${id}`, scopes }
}

async function call(as: string, method: 'GET' | 'POST', url: string, payload?: object, key?: string) {
  keys += 1
  const headers = { authorization: as, 'idempotency-key': key ?? `k-${keys}` }
  const answer = await http.inject({ method, url, headers, ...(payload === undefined ? {} : { payload }) })
  return { status: answer.statusCode, body: answer.json() }
}

/** An event as the relay would hand it over. */
async function tell(topic: string, key: string, body: object = {}): Promise<void> {
  const row = { batch: 1n, position: 0, topic, key, body: JSON.stringify(body) }
  await institution.db.transact(async (tx) => ok(await handleCaseEvent(casework, tx, row, clock.now())))
}

async function cases(query = '') {
  return (await call('staff 1', 'GET', `/v1/cases${query}`)).body.items
}

describe('events', () => {
  it('open one case each, however often they are told, and settle it', async () => {
    await tell('risk-check.held', 'rchk_1')
    await tell('risk-check.held', 'rchk_1')
    const open = await cases('?kind=risk_hold')
    expect(open).toMatchObject([
      { subject: 'rchk_1', state: 'open', overdue: false, dueAt: '2026-11-24T04:00:00.000000Z' },
    ])
    await tell('risk-check.passed', 'rchk_1')
    await tell('risk-check.passed', 'rchk_1')
    expect(await cases('?kind=risk_hold')).toEqual([])
    expect(await cases('?kind=risk_hold&state=resolved')).toMatchObject([{ resolution: 'The payment was made.' }])
    // Told late: what is settled stays so.
    await tell('risk-check.held', 'rchk_1')
    expect(await cases('?kind=risk_hold')).toEqual([])
  })

  it('open a case a dispute, and not one more when it comes before staff', async () => {
    await tell('escrow.disputed', 'esct_1', { dispute: 1 })
    await tell('escrow.escalated', 'esct_1', { dispute: 1 })
    await tell('escrow.disputed', 'esct_1', { dispute: 2 })
    expect(await cases('?kind=dispute')).toHaveLength(2)
    await tell('escrow.judged', 'esct_1', { dispute: 1 })
    expect(await cases('?kind=dispute')).toHaveLength(1)
  })

  it('that nobody has to look at open none', async () => {
    const before = (await cases()).length
    for (const topic of ['trade.paid', 'escrow.paid', 'risk-check.proof-wanted']) await tell(topic, 'x_1')
    expect(await cases()).toHaveLength(before)
  })
})

describe('an input that could not be written', () => {
  it('opens one case without the input in it', async () => {
    await institution.db.transact(async (tx) => {
      await tx.sql`set local role none`
      await tx.sql`insert into committer_cases (kind, input_form, reason, found_at)
        values ('payments.pay', 'secret input', 'out of range', ${START})`
      return ok(undefined)
    })
    expect(await openPoisonCases({ db: institution.db, casework })).toBe(1)
    expect(await openPoisonCases({ db: institution.db, casework })).toBe(0)
    const found = await cases('?kind=poison_input')
    expect(found).toHaveLength(1)
    expect(JSON.stringify(found)).not.toContain('secret')
    expect(found[0].summary).toContain('payments.pay')
  })
})

describe('a complaint', () => {
  const file = (as: string, body: object, key?: string) => call(as, 'POST', '/v1/complaints', body, key)

  it('is filed once, answered by whoever took it, and read by its customer alone', async () => {
    const filed = await file('customer 7', { subject: TRADE, text: 'The tea was cold.' }, 'once')
    expect(filed).toMatchObject({ status: 201, body: { state: 'open', answerBy: '2026-12-07T04:00:00.000000Z' } })
    expect((await file('customer 7', { subject: TRADE, text: 'The tea was cold.' }, 'once')).body.id).toBe(
      filed.body.id,
    )
    expect((await file('customer 7', { text: 'Another.' }, 'once')).status).toBe(409)
    const path = `/v1/cases/${filed.body.id}`
    expect((await call('staff 1', 'POST', `${path}/resolve`, { note: 'Sorry.' })).body).toMatchObject({ status: 409 })
    const taken = await Promise.all([1, 2, 3, 4].map((id) => call(`staff ${id}`, 'POST', `${path}/take`)))
    expect(taken.map(({ status }) => status).toSorted()).toEqual([200, 409, 409, 409])
    const { assignee } = taken.find(({ status }) => status === 200)?.body ?? {}
    const winner = String(assignee).replace(':', ' ')
    const other = winner === 'staff 1' ? 'staff 2' : 'staff 1'
    expect((await call(other, 'POST', `${path}/resolve`, { note: 'No.' })).status).toBe(403)
    expect((await call(other, 'POST', `${path}/notes`, { note: 'I know him.' })).status).toBe(200)
    expect((await call(winner, 'POST', `${path}/wait`, { note: 'For the shop.' })).body.state).toBe('waiting')
    expect((await call(winner, 'POST', `${path}/resolve`, { note: 'A new tea.' })).body.state).toBe('resolved')
    const own = await call('customer 7', 'GET', '/v1/complaints')
    expect(own.body.items).toMatchObject([{ state: 'resolved', answer: 'A new tea.' }])
    expect(JSON.stringify(own.body)).not.toContain('staff')
    expect((await call('customer 8', 'GET', '/v1/complaints')).body.items).toEqual([])
    const shown = await call('staff 9', 'GET', path)
    expect(shown.body.entries.map(({ action }: { action: string }) => action)).toEqual([
      'open',
      'take',
      'note',
      'wait',
      'resolve',
    ])
  })

  it('is withdrawn by its customer, and by nobody else', async () => {
    const { body } = await file('customer 7', { text: 'Too dear.' })
    const path = `/v1/complaints/${body.id}/withdraw`
    expect((await call('customer 8', 'POST', path)).status).toBe(404)
    expect((await call('customer 7', 'POST', path)).body.state).toBe('resolved')
    expect((await call('customer 7', 'POST', path)).status).toBe(409)
  })

  it.each([
    ['of what is not theirs', { subject: 'trade_00000000a15m', text: 'Mine.' }, 404],
    ['without words', { text: '' }, 400],
    ['with too many', { text: 'x'.repeat(2001) }, 400],
    ['with a character that nobody can store', { text: 'a\u0000b' }, 400],
    ['of something that is no id', { subject: '../x', text: 'Mine.' }, 400],
  ])('is refused %s', async (_, body, status) => {
    expect((await file('customer 7', body)).status).toBe(status)
  })
})

describe('who may', () => {
  it('look, and who may work', async () => {
    await tell('risk-check.held', 'rchk_2')
    const [one] = await cases('?kind=risk_hold')
    expect((await call('reader 5', 'GET', `/v1/cases/${one.id}`)).status).toBe(200)
    expect((await call('reader 5', 'POST', `/v1/cases/${one.id}/take`)).status).toBe(403)
    expect((await call('customer 7', 'GET', '/v1/cases')).status).toBe(403)
    expect((await call('staff 1', 'GET', '/v1/cases/case_00000000zzzz')).status).toBe(404)
  })
})

describe('the pages of staff', () => {
  const page = async (as: string, method: 'GET' | 'POST', url: string, form = '') => {
    const headers = { authorization: as, 'content-type': 'application/x-www-form-urlencoded' }
    const answer = await http.inject({ method, url, headers, ...(method === 'POST' ? { payload: form } : {}) })
    return { status: answer.statusCode, text: answer.body }
  }

  it('list what is open, and offer what may be done', async () => {
    await tell('risk-check.held', 'rchk_3')
    const [one] = (await cases('?kind=risk_hold')).filter(({ subject }: { subject: string }) => subject === 'rchk_3')
    const path = `/cases/${one.id}`
    expect((await page('staff 1', 'GET', '/cases')).text).toContain(path)
    const before = (await page('staff 1', 'GET', path)).text
    expect([before.includes(`${path}/take`), before.includes(`${path}/resolve`)]).toEqual([true, false])
    expect((await page('reader 5', 'GET', path)).text).not.toContain('<form')
    expect((await page('staff 1', 'POST', `${path}/take`)).status).toBe(303)
    expect(await page('staff 1', 'POST', `${path}/resolve`, 'note=')).toMatchObject({ status: 409 })
    expect((await page('staff 1', 'POST', `${path}/resolve`, 'note=%3Cb%3Edone%E5%A5%BD')).status).toBe(303)
    const after = (await page('staff 1', 'GET', path)).text
    expect([after.includes('&lt;b&gt;done好'), after.includes('<b>')]).toEqual([true, false])
  })
})
