import { type Caller, type CallerKind, SCOPES } from '@huitong/contract'
import { createHttp, createLog, type HttpApp } from '@huitong/http'
import { readMerchantRegistration } from '@huitong/party'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  addOrderPageRoutes,
  createTenderQueries,
  drawOrderCodeToken,
  NO_MERCHANT_PAGES,
  ORDER_CODE_LIFE,
  orderCodeHash,
} from '../src/index.ts'
import { answerOf, MINUTE, order, type PaymentsWorld, startPaymentsWorld } from './payments-world.ts'

const EVIL = `<script>alert("1")</script>&'`

let world: PaymentsWorld
let http: HttpApp
let merchant: number
let buyer: number
const callers = new Map<string, Caller>()
let orders = 0

beforeAll(async () => {
  world = await startPaymentsWorld(11)
  const { committer, payments, clock, chance, institution } = world
  http = await createHttp({
    log: createLog({ level: 'silent' }),
    authenticate: [async ({ headers }) => callers.get(headers.authorization ?? '')],
  })
  const orderCodeUrl = (token: string) => `https://pay.example/q/${token}`
  const tenders = createTenderQueries(institution.db, [])
  addOrderPageRoutes(http, {
    db: institution.db,
    committer,
    payments,
    tenders,
    clock,
    pages: NO_MERCHANT_PAGES,
    orderCodeUrl,
  })
  const registration = readMerchantRegistration({ name: EVIL, feeRateMillionths: 0 }, chance)
  if (!registration.ok) throw new Error(registration.error.message)
  const input = { registration: registration.value }
  merchant = answerOf(await committer.submit({ kind: payments.onboardMerchant, input })).merchant
  buyer = await world.customer(1_000n)
  signIn('buyer', 'customer', buyer)
  signIn('other', 'customer', await world.customer(1_000n))
  signIn('poor', 'customer', await world.customer(0n))
  signIn('staff', 'staff')
})

afterAll(async () => {
  expect(await world.imbalance()).toEqual([0n, 0n])
  await http.drain()
  await world.committer.stop()
})

function signIn(name: string, kind: CallerKind, customerId?: number): void {
  callers.set(name, { kind, id: name, scopes: new Set(SCOPES), ...(customerId === undefined ? {} : { customerId }) })
}

/** A code of a fresh order of 8.88; its address. */
async function shownCode(subject = EVIL): Promise<string> {
  orders += 1
  const { committer, payments, chance } = world
  const token = drawOrderCodeToken(chance)
  const { life: _, expiresAt: __, ...terms } = order(merchant, `page-${orders}`, 888n)
  const code = { tokenHash: orderCodeHash(token), tradeLife: 15 * MINUTE, tradeExpiresAt: null }
  answerOf(await committer.submit({ kind: payments.precreate, input: { ...terms, subject, ...code } }))
  return `/q/${token}`
}

async function open(url: string, as = '') {
  const page = await http.inject({ url, headers: { authorization: as } })
  return { status: page.statusCode, text: page.body, headers: page.headers }
}

async function press(url: string, as = '') {
  const answer = await http.inject({ method: 'POST', url, headers: { authorization: as } })
  return { status: answer.statusCode, text: answer.body, location: answer.headers.location }
}

test('a customer sees who asks for how much, becomes the buyer, pays, and sees that it is paid', async () => {
  const url = await shownCode('Green tea')
  const before = await open(url, 'buyer')
  expect(before.status).toBe(200)
  for (const shown of ['8.88', 'CNY', 'Green tea', '2026-11-22 06:00:00 UTC', `action="${url}/scan"`]) {
    expect(before.text).toContain(shown)
  }
  expect(await press(`${url}/scan`, 'buyer')).toMatchObject({ status: 303, location: url })
  expect(await world.walletOf(buyer)).toBe('10.00')
  expect((await open(url, 'buyer')).text).toContain(`action="${url}/confirm"`)
  expect(await press(`${url}/confirm`, 'buyer')).toMatchObject({ status: 303, location: url })
  const paid = await open(url, 'buyer')
  expect([paid.status, await world.walletOf(buyer), await world.merchantHas(merchant)]).toEqual([200, '1.12', '8.88'])
  expect(paid.text).toContain('role="status"')
  expect(paid.text).not.toContain('<form')
  const again = await press(`${url}/confirm`, 'buyer')
  expect([again.status < 400, await world.walletOf(buyer)]).toEqual([true, '1.12'])
})

test('whoever is no customer sees the order and is told to sign in; the steps send them back', async () => {
  const url = await shownCode()
  for (const who of ['', 'staff']) {
    const page = await open(url, who)
    expect([page.status, page.text.includes('<form'), page.text.includes('Sign in')]).toEqual([200, false, true])
    expect(page.text).toContain(`href="/signin?next=${encodeURIComponent(url)}"`)
  }
  expect(await press(`${url}/scan`)).toMatchObject({ status: 303, location: url })
  expect((await press(`${url}/scan`, 'staff')).status).toBe(403)
})

test('names and subjects are shown as text, on a page that runs and loads nothing', async () => {
  const url = await shownCode()
  const pages = [await open(url), await open(url, 'other')]
  await press(`${url}/scan`, 'other')
  pages.push(await open(url, 'other'))
  await press(`${url}/confirm`, 'other')
  pages.push(await open(url, 'other'))
  for (const { text, headers } of pages) {
    expect(text).toContain('&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;&#39;')
    expect(text).not.toContain('<script')
    expect(headers['content-security-policy']).toMatch(/^default-src 'none'; style-src 'sha256-/)
    expect(headers['referrer-policy']).toBe('same-origin')
  }
})

test('an unknown code, one that somebody else used and one that is over look the same', async () => {
  const used = await shownCode()
  await press(`${used}/scan`, 'buyer')
  const unused = await shownCode()
  const unknown = await open(`/q/${drawOrderCodeToken(world.chance)}`, 'other')
  expect(unknown.status).toBe(404)
  for (const who of ['other', 'staff', ''])
    expect(await open(used, who)).toMatchObject({ status: 404, text: unknown.text })
  for (const step of ['scan', 'confirm']) {
    expect(await press(`${used}/${step}`, 'other')).toMatchObject({ status: 404, text: unknown.text })
  }
  expect((await press(`${unused}/confirm`, 'buyer')).status).toBe(404)
  world.clock.advance(ORDER_CODE_LIFE + MINUTE)
  expect(await open(unused, 'other')).toMatchObject({ status: 404, text: unknown.text })
  expect((await press(`${unused}/scan`, 'other')).status).toBe(404)
  expect((await open(`/q/${encodeURIComponent('"><script>')}`)).text).toBe(unknown.text)
})

test('who has not enough money is told so, and may try again', async () => {
  const url = await shownCode()
  await press(`${url}/scan`, 'poor')
  const poor = callers.get('poor')?.customerId ?? 0
  const tried = await press(`${url}/confirm`, 'poor')
  expect([tried.status, tried.text.includes('does not have enough money')]).toEqual([409, true])
  const { committer, payments } = world
  answerOf(await committer.submit({ kind: payments.topUp, input: { customer: poor, amountMinor: 888n } }))
  expect((await press(`${url}/confirm`, 'poor')).status).toBe(303)
  expect(await world.walletOf(poor)).toBe('0.00')
})
