import type { Micros } from '@huitong/kernel'
import { describe, expect, test } from 'vitest'
import { alipayV3Authorization } from './alipay-v3-authorization.ts'
import { type AlipayV3Gate, type AlipayV3Incoming, admitAlipayV3 } from './alipay-v3-request.ts'

const SENT_MILLIS = 1_795_323_000_000
const NOW: Micros = SENT_MILLIS * 1000
const SCHEME = 'ALIPAY-SHA256withRSA '
const PART = `app_id=2021000000000001,nonce=n-1,timestamp=${SENT_MILLIS}`

// The "signature" is the signed text itself: so a test shows which text the gate asked for.
const gate: AlipayV3Gate<string> = {
  findApp: (appId) => (appId === '2021000000000001' ? 'the app' : undefined),
  verify: async (_app, signed, signature) => Buffer.from(signed).toString('base64') === signature,
}

function incoming(change: Partial<AlipayV3Incoming> & { signed?: string; part?: string } = {}): AlipayV3Incoming {
  const { signed, part = PART, ...rest } = change
  const request = {
    httpMethod: 'POST',
    target: '/v3/alipay/trade/pay?a=1',
    body: Buffer.from('{"subject":"茶"}'),
    appAuthToken: undefined,
    ...rest,
  }
  const text = signed ?? `${part}\n${request.httpMethod}\n${request.target}\n${request.body}\n`
  return { authorization: `${SCHEME}${part},sign=${Buffer.from(text).toString('base64')}`, ...request }
}

describe('the v3 authorization', () => {
  test('is read in any order, with parts of anybody, and its text is kept', () => {
    const read = alipayV3Authorization(`${SCHEME}timestamp=5,expired_seconds=120,app_id=1,nonce=x,mine,sign=AA==`)
    expect(read).toEqual({
      ok: true,
      value: {
        appId: '1',
        nonce: 'x',
        timestampMillis: 5,
        signature: 'AA==',
        signedPart: 'timestamp=5,expired_seconds=120,app_id=1,nonce=x,mine',
      },
    })
  })

  test.each<readonly [string | undefined, string]>([
    [undefined, 'isv.missing-timestamp'],
    ['', 'isv.missing-timestamp'],
    ['Bearer x', 'isv.invalid-signature-type'],
    [`${SCHEME}app_id=1,app_id=2,nonce=x,timestamp=5,sign=A`, 'isv.invalid-parameter'],
    [`${SCHEME}nonce=x,timestamp=5,sign=A`, 'isv.missing-app-id'],
    [`${SCHEME}app_id=1,nonce=x,sign=A`, 'isv.missing-timestamp'],
    [`${SCHEME}app_id=1,nonce=x,timestamp=1e3,sign=A`, 'isv.invalid-timestamp'],
    [`${SCHEME}app_id=1,timestamp=5,sign=A`, 'isv.invalid-parameter'],
    [`${SCHEME}app_id=1,nonce=${'x'.repeat(129)},timestamp=5,sign=A`, 'isv.invalid-parameter'],
    [`${SCHEME}app_id=1,nonce=x,timestamp=5`, 'isv.missing-signature'],
  ])('%s is refused: %s', (header, sub_code) => {
    expect(alipayV3Authorization(header)).toMatchObject({ ok: false, error: { sub_code } })
  })
})

describe('the gate of v3', () => {
  test('lets a sound request pass and says how long its nonce counts', async () => {
    expect(await admitAlipayV3(incoming(), NOW, gate)).toEqual({
      ok: true,
      value: { app: 'the app', appId: '2021000000000001', nonce: 'n-1', nonceExpiresAt: NOW + 600_000_000 },
    })
  })

  test('verifies the app-auth token as a fifth line', async () => {
    const signed = `${PART}\nGET\n/v3/x\n\ntoken\n`
    const get = { httpMethod: 'GET', target: '/v3/x', body: Buffer.alloc(0), signed }
    expect((await admitAlipayV3(incoming({ ...get, appAuthToken: 'token' }), NOW, gate)).ok).toBe(true)
    expect((await admitAlipayV3(incoming({ ...get, appAuthToken: 'other' }), NOW, gate)).ok).toBe(false)
    expect((await admitAlipayV3(incoming(get), NOW, gate)).ok).toBe(false)
  })

  test('accepts a signature over the path as the client wrote it before escaping', async () => {
    const signed = `${PART}\nGET\n/v3/x?q=茶 1\n\n`
    const target = '/v3/x?q=%E8%8C%B6%201'
    const get = { httpMethod: 'GET', body: Buffer.alloc(0), signed }
    expect((await admitAlipayV3(incoming({ ...get, target }), NOW, gate)).ok).toBe(true)
    expect((await admitAlipayV3(incoming({ ...get, target: '/v3/x?q=%e8%8c%b6%201' }), NOW, gate)).ok).toBe(false)
  })

  test('does not take an escaped escape for what was signed', async () => {
    const signed = `${PART}\nGET\n/v3/x?q=a%26b\n\n`
    const get = { httpMethod: 'GET', body: Buffer.alloc(0), signed }
    expect((await admitAlipayV3(incoming({ ...get, target: '/v3/x?q=a%26b' }), NOW, gate)).ok).toBe(true)
    expect((await admitAlipayV3(incoming({ ...get, target: '/v3/x?q=a%2526b' }), NOW, gate)).ok).toBe(false)
    expect((await admitAlipayV3(incoming({ ...get, target: '/v3/x?q=a&b' }), NOW, gate)).ok).toBe(false)
  })

  test.each([
    ['ten minutes old', 600_000_000, true],
    ['a little older', 600_000_001, false],
    ['ten minutes ahead', -600_000_000, true],
    ['a little further ahead', -600_000_001, false],
  ])('a timestamp that is %s', async (_, age, fresh) => {
    const admitted = await admitAlipayV3(incoming(), NOW + age, gate)
    expect(admitted).toMatchObject(fresh ? { ok: true } : { ok: false, error: { sub_code: 'isv.invalid-timestamp' } })
  })

  test('refuses an unknown application, and anything changed after signing', async () => {
    const sound = incoming()
    const changed: readonly AlipayV3Incoming[] = [
      { ...sound, httpMethod: 'PUT' },
      { ...sound, target: '/v3/alipay/trade/pay?a=2' },
      { ...sound, body: Buffer.from('{"subject":"酒"}') },
      { ...sound, authorization: sound.authorization?.replace('n-1', 'n-2') },
    ]
    for (const request of changed) {
      expect(await admitAlipayV3(request, NOW, gate)).toMatchObject({
        ok: false,
        error: { sub_code: 'isv.invalid-signature' },
      })
    }
    const stranger = incoming({ part: PART.replace('0001', '0002') })
    expect(await admitAlipayV3(stranger, NOW, gate)).toMatchObject({
      ok: false,
      error: { sub_code: 'isv.invalid-app-id' },
    })
  })
})
