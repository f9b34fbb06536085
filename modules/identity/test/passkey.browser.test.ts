import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { RelyingParty, Subject } from '../src/index.ts'
import { type Browser, findChromium, type Page, startChromium } from './chromium.ts'
import { type IdentityWorld, SECOND, startIdentityWorld } from './identity-world.ts'

/*
 * The script of the pages, in a real browser with an authenticator of the browser's own: what the other tests of passkeys take for granted.
 * Where no browser is, there is nothing to run it in.
 */

const chromium = findChromium()
let world: IdentityWorld
let browser: Browser
let page: Page
let origin = ''
let authenticator = ''
const NOTICE = '[data-passkey-notice]'

const site = (): RelyingParty => ({ id: 'localhost', name: 'Yunhe Pay', origins: [origin] })

beforeAll(async () => {
  if (chromium === undefined) return
  world = await startIdentityWorld(site)
  const { port } = await world.http.listen({ host: '127.0.0.1', port: 0 })
  origin = `http://localhost:${port}`
  browser = await startChromium(chromium)
  page = browser.page
  await page.send('WebAuthn.enable')
  const added = await page.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      ...{ protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true },
      ...{ isUserVerified: true, automaticPresenceSimulation: true },
    },
  })
  authenticator = String(added.authenticatorId)
}, 240_000)

afterAll(async () => {
  await browser?.close()
  await world?.http.drain(0)
}, 60_000)

async function byLink(subject: Subject, link?: string): Promise<void> {
  const token = link ?? (await world.identity.issueSignInLink(subject)).token
  await page.open(`${origin}/signin/${token}`)
  await page.until(`document.querySelector('form[action="/signin"]')`)
  await page.click('form[action="/signin"] button')
  await page.until(`!location.pathname.startsWith('/signin')`)
}

async function show(path: string): Promise<void> {
  await page.open(`${origin}${path}`)
  await page.until(`location.pathname === ${JSON.stringify(path.split('?')[0])} && document.querySelector('main')`)
}

const shows = (words: string) => page.until(`document.body.innerText.includes(${JSON.stringify(words)})`)

describe.skipIf(chromium === undefined)('in a browser', { timeout: 240_000 }, () => {
  const owner = { kind: 'customer', id: 1024 } as const

  test('a passkey is added, signs its owner in, proves more in a session, and is removed', async () => {
    await byLink(owner)
    await show('/me')
    await shows('None yet.')
    await page.evaluate(`document.querySelector('[name=passkey-name]').value = '林晓雨的电脑'`)
    await page.click('[data-passkey=add]')
    await shows('林晓雨的电脑')

    await page.click('form[action="/me/sign-out"] button')
    await page.until(`location.pathname === '/signin'`)
    await page.click('[data-passkey=sign-in]')
    await page.until(`location.pathname === '/me'`)
    await shows('signed in with a passkey')

    await byLink(owner)
    await show('/me')
    await shows('signed in by a link')
    await page.click('a[href="/me/prove?next=/me"]')
    await page.until(`location.pathname === '/me/prove'`)
    await page.click('[data-passkey=step-up]')
    await page.until(`location.pathname === '/me'`)
    await shows('signed in with a passkey')

    await page.click('form[action$="/remove"] button')
    await shows('None yet.')
  })

  test('a passkey that was not confirmed changes nothing, is said, and can be tried again', async () => {
    await byLink({ kind: 'customer', id: 2048 })
    await show('/me')
    await page.send('WebAuthn.setUserVerified', { authenticatorId: authenticator, isUserVerified: false })
    await page.click('[data-passkey=add]')
    await page.until(`!document.querySelector('${NOTICE}').hidden`)
    expect(await page.evaluate(`document.querySelector('${NOTICE}').textContent`)).toContain('Nothing was confirmed')
    expect(await page.evaluate(`document.querySelector('[data-passkey=add]').disabled`)).toBe(false)
    await page.send('WebAuthn.setUserVerified', { authenticatorId: authenticator, isUserVerified: true })
    await page.click('[data-passkey=add]')
    await shows('My device')
  })

  test('a refusal of the server is shown in its words', async () => {
    await page.send('WebAuthn.clearCredentials', { authenticatorId: authenticator })
    const stranger = { kind: 'customer', id: 4096 } as const
    world.customers.add(stranger.id)
    await byLink(stranger)
    await show('/me')
    await page.click('[data-passkey=add]')
    await shows('My device')
    world.customers.delete(stranger.id)
    world.clock.advance(2 * SECOND)
    await show('/signin')
    await page.click('[data-passkey=sign-in]')
    await shows('This account may not sign in.')
  })

  test('staff with a passkey come in by a link only with it', async () => {
    await page.send('WebAuthn.clearCredentials', { authenticatorId: authenticator })
    const { id } = await world.identity.addStaff({ name: '赵明', roles: ['support'] })
    await byLink({ kind: 'staff', id })
    await show('/me')
    await page.click('[data-passkey=add]')
    await shows('My device')
    await byLink({ kind: 'staff', id })
    await page.until(`location.pathname === '/me/prove'`)
    await page.click('[data-passkey=step-up]')
    await page.until(`location.pathname === '/me'`)
    await shows('赵明')
  })

  test('at an address that passkeys do not work at, the page says where they do', async () => {
    await page.open(`${origin.replace('localhost', '127.0.0.1')}/signin`)
    await shows('Passkeys work at another address')
    expect(await page.evaluate(`document.querySelector('main a').href`)).toBe(`${origin}/signin?next=%2Fme`)
  })
})
