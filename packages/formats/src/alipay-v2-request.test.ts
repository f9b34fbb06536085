import { describe, expect, test } from 'vitest'
import { alipayV2Parameters, alipayV2SigningTexts } from './alipay-v2-parameters.ts'
import { type AlipayV2Gate, admitAlipayV2 } from './alipay-v2-request.ts'

const SOUND = {
  method: 'alipay.trade.precreate',
  app_id: '2021000000000001',
  charset: 'utf-8',
  version: '1.0',
  sign_type: 'RSA2',
  timestamp: '2026-11-22 04:50:55',
  sign: 'good',
}

// The signature itself is tried with real keys and the platform's own client elsewhere; here only the order matters.
const gate: AlipayV2Gate<string> = {
  findApp: (appId) => (appId === SOUND.app_id ? 'the app' : undefined),
  verify: async (_app, _signType, text, signature) => signature === 'good' && text.includes('version=1.0'),
}

function parametersOf(entries: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
  return new Map(Object.entries(entries))
}

describe('merging query and body', () => {
  const bytes = (text: string): Uint8Array => Buffer.from(text)

  test('parameters may stand in either, and the same value in both', () => {
    const merged = alipayV2Parameters('charset=utf-8&method=a.b', bytes('charset=utf-8&biz_content=%7B%7D'))
    expect(merged.ok && [...merged.value]).toEqual([
      ['charset', 'utf-8'],
      ['method', 'a.b'],
      ['biz_content', '{}'],
    ])
  })

  test.each([
    ['a=1', 'a=2', 'isv.invalid-parameter', 'a is given twice with two values'],
    ['a=1&a=2', '', 'isv.invalid-parameter', 'a is given twice with two values'],
    ['%3Cb%3E=1&%3Cb%3E=2', '', 'isv.invalid-parameter', 'A parameter is given twice with two values'],
    ['', 'a=%00', 'isv.invalid-parameter', 'a contains U+0000'],
    ['a=%ff', '', 'isv.invalid-charset', 'The parameters are not form-encoded UTF-8'],
  ])('query %s with body %s is refused: %s', (query, body, sub_code, sub_msg) => {
    expect(alipayV2Parameters(query, bytes(body))).toEqual({
      ok: false,
      error: { code: '40002', msg: 'Invalid Arguments', sub_code, sub_msg },
    })
  })

  test('unescaped UTF-8 in the request line reads as it was sent', () => {
    const latin1 = Buffer.from('subject=茶').toString('latin1')
    const merged = alipayV2Parameters(latin1, new Uint8Array())
    expect(merged.ok && merged.value.get('subject')).toBe('茶')
  })
})

describe('the text under the signature', () => {
  test('is sorted, raw, and without sign', () => {
    const worked = parametersOf({
      ...SOUND,
      notify_url: 'http://m.example/n',
      biz_content: '{"out_trade_no":"A1","total_amount":"0.10","subject":"茶 a+b"}',
    })
    expect(alipayV2SigningTexts(worked)).toEqual([
      'app_id=2021000000000001&biz_content={"out_trade_no":"A1","total_amount":"0.10","subject":"茶 a+b"}' +
        '&charset=utf-8&method=alipay.trade.precreate&notify_url=http://m.example/n&sign_type=RSA2' +
        '&timestamp=2026-11-22 04:50:55&version=1.0',
    ])
  })

  test('stands twice if a value is empty: with it and without', () => {
    expect(alipayV2SigningTexts(parametersOf({ b: '', a: '1', A: '2', sign: 'x' }))).toEqual(['A=2&a=1&b=', 'A=2&a=1'])
  })
})

describe('the gate of v2', () => {
  test('lets a sound request pass', async () => {
    const admitted = await admitAlipayV2(parametersOf(SOUND), gate)
    expect(admitted).toMatchObject({
      ok: true,
      value: { method: SOUND.method, appId: SOUND.app_id, signType: 'RSA2', app: 'the app' },
    })
  })

  // In order of precedence. Every row breaks one thing more than the row before it mends, so the first fault is told.
  const faults: readonly (readonly [string, string, string, string])[] = [
    ['method', '', '40001', 'isv.missing-method'],
    ['method', 'trade', '40002', 'isv.invalid-method'],
    ['method', 'a.b"}', '40002', 'isv.invalid-method'],
    ['app_id', '', '40001', 'isv.missing-app-id'],
    ['app_id', '2021000000000002', '40002', 'isv.invalid-app-id'],
    ['sign_type', '', '40001', 'isv.missing-signature-type'],
    ['sign_type', 'SM2', '40002', 'isv.invalid-signature-type'],
    ['charset', 'GBK', '40002', 'isv.invalid-charset'],
    ['format', 'xml', '40002', 'isv.invalid-format'],
    ['version', '', '40001', 'isv.missing-version'],
    ['version', '2.0', '40002', 'isv.invalid-parameter'],
    ['timestamp', '', '40001', 'isv.missing-timestamp'],
    ['timestamp', '2026-11-22T04:50:55', '40002', 'isv.invalid-timestamp'],
    ['timestamp', '2026-02-30 04:50:55', '40002', 'isv.invalid-timestamp'],
    ['sign', '', '40001', 'isv.missing-signature'],
    ['sign', 'bad', '40002', 'isv.invalid-signature'],
  ]
  test.each(faults.map((row, index) => [...row, index] as const))(
    '%s=%j is told %s %s, whatever is wrong after it',
    async (name, value, code, subCode, index) => {
      const later = faults.slice(index + 1).filter(([other]) => other !== name)
      const broken = new Map([...parametersOf(SOUND), ...later.map(([other, wrong]) => [other, wrong] as const)])
      broken.set(name, value)
      expect(await admitAlipayV2(broken, gate)).toMatchObject({ ok: false, error: { code, sub_code: subCode } })
    },
  )

  test('asks for neither charset nor format', async () => {
    const { charset: _, ...rest } = SOUND
    expect((await admitAlipayV2(parametersOf(rest), gate)).ok).toBe(true)
    expect((await admitAlipayV2(parametersOf({ ...SOUND, charset: 'UTF8', format: 'json' }), gate)).ok).toBe(true)
  })

  test('does not look up an application id that none could have', async () => {
    const asked: string[] = []
    const spying = {
      ...gate,
      findApp: (appId: string) => {
        asked.push(appId)
        return undefined
      },
    }
    for (const app_id of ["1' or 1=1", '1'.repeat(33), '茶', '20210001']) {
      const admitted = await admitAlipayV2(parametersOf({ ...SOUND, app_id }), spying)
      expect(admitted).toMatchObject({ ok: false, error: { sub_code: 'isv.invalid-app-id' } })
    }
    expect(asked).toEqual(['20210001'])
  })
})
