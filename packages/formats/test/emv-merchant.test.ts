import walletfactory from '@walletfactory/emvqr'
import fc from 'fast-check'
import steplix from 'steplix-emvqr'
import { describe, expect, it } from 'vitest'
import {
  type EmvMerchantCode,
  emvFaultText,
  emvTemplate,
  parseEmvMerchantCode,
  readEmvMerchantCode,
  writeEmvMerchantCode,
} from '../src/index.ts'
import { vectors } from './emvco/vectors.ts'

const ROWS = vectors('mpm_vectors.csv')

/** Why each code to be rejected is rejected. */
const REASONS: Readonly<Record<string, string>> = {
  'mpm-pub-08': 'missing 60',
  'mpm-pub-10': 'crc_wrong',
  'mpm-neg-02': 'crc_missing',
  'mpm-neg-03': 'crc_missing',
  'mpm-neg-05': 'too_short',
  'mpm-syn-n01': 'crc_wrong',
  'mpm-syn-n02': 'crc_wrong',
  'mpm-syn-n04': 'length_past_end 62',
  'mpm-syn-n05': 'length_not_digits 62',
  'mpm-syn-n07': 'format_indicator_not_first',
  'mpm-syn-n08': 'format_not_supported 00',
  'mpm-syn-n10': 'missing 52',
  'mpm-syn-n11': 'missing 53',
  'mpm-syn-n13': 'missing 59',
  'mpm-syn-n14': 'missing 26',
  'mpm-syn-n16': 'amount_malformed 54',
  'mpm-syn-n17': 'amount_malformed 54',
  'mpm-syn-n19': 'amount_malformed 54',
  'mpm-syn-n20': 'not_digits 53',
  'mpm-syn-n22': 'point_of_initiation_unknown 01',
  'mpm-syn-n23': 'missing 56',
  'mpm-syn-n25': 'amount_malformed 57',
  'mpm-syn-n26': 'tip_not_announced 56',
  'mpm-syn-n28': 'wrong_length 60',
  'mpm-syn-n29': 'wrong_length 52',
  'mpm-syn-n31': 'header_truncated 26',
  'mpm-syn-n32': 'too_long',
  'mpm-syn-n34': 'crc_wrong',
  'mpm-syn-n35': 'crc_not_last',
}

function told(read: ReturnType<typeof readEmvMerchantCode>): string {
  if (read.ok) return 'accepted'
  const { code, field } = read.error
  return field === null ? code : `${code} ${field}`
}

/** The facts that a vector states, out of our reading. */
function facts(code: EmvMerchantCode): Record<string, unknown> {
  const { tip, additional } = code
  return {
    poi: code.use === null ? undefined : code.use === 'static' ? '11' : '12',
    mcc: code.categoryCode,
    ccy: code.currency,
    amount: code.amount ?? undefined,
    country: code.country,
    name: code.name,
    city: code.city,
    postalCode: code.postalCode ?? undefined,
    tip: tip === null ? undefined : { ask: '01', fixed: '02', percent: '03' }[tip.kind],
    feeFixed: tip?.kind === 'fixed' ? tip.amount : undefined,
    lang: code.otherLanguage?.language,
    altName: code.otherLanguage?.name,
    altCity: code.otherLanguage?.city ?? undefined,
    storeLabel: additional.get('03'),
    customerLabel: additional.get('06'),
    terminalLabel: additional.get('07'),
    addlConsumerData: additional.get('09'),
  }
}

describe('the vectors of merchant-presented codes', () => {
  it.each(ROWS.filter((row) => row.expect === 'accept'))(
    'accepts $id: $why',
    ({ payload = '', expected_fields_json }) => {
      const read = readEmvMerchantCode(payload)
      expect(told(read)).toBe('accepted')
      if (!read.ok) return
      expect(facts(read.value)).toMatchObject(JSON.parse(expected_fields_json || '{}'))
      const written = writeEmvMerchantCode(read.value)
      expect(written.ok && readEmvMerchantCode(written.value)).toMatchObject({ value: kept(read.value) })
    },
  )

  it.each(ROWS.filter((row) => row.expect === 'reject'))('rejects $id: $why', ({ id = '', payload = '' }) => {
    expect(told(readEmvMerchantCode(payload))).toBe(REASONS[id])
  })

  it.each(ROWS.filter((row) => row.expect === 'decode-only'))('takes apart $id: $why', ({ payload = '' }) => {
    expect(parseEmvMerchantCode(payload).ok).toBe(true)
  })

  it('are all there', () => {
    expect(ROWS).toHaveLength(46)
    expect(ROWS.filter((row) => row.expect === 'reject').map((row) => row.id)).toEqual(Object.keys(REASONS))
  })
})

/** Accounts are written in their own order and the rest by id, so all that was read is there again but the order. */
function kept({ name, city, amount, accounts, unreserved }: EmvMerchantCode): Partial<EmvMerchantCode> {
  return { name, city, amount, accounts, unreserved }
}

const SHOP: EmvMerchantCode = {
  use: 'dynamic',
  accounts: [emvTemplate('26', 'com.example.pay', [['01', '2088000000000001']])],
  categoryCode: '5411',
  currency: '156',
  amount: '12.50',
  tip: null,
  country: 'CN',
  name: 'TEST MARKET',
  city: 'HANGZHOU',
  postalCode: null,
  additional: new Map(),
  otherLanguage: { language: 'ZH', name: '测试超市', city: null },
  unreserved: [],
}

describe('what is written', () => {
  it('is read the same by two decoders of other people', () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^[A-Z0-9 ]{1,25}$/),
        fc.bigInt(1n, 99_999_999_99n),
        // A value that looks like fields is taken apart by one of them, so this one does not.
        fc.stringMatching(/^[A-Z]{1,25}$/),
        fc.stringMatching(/^[一-龥]{1,12}$/),
        (name, fen, reference, chinese) => {
          const amount = `${fen / 100n}.${String(fen % 100n).padStart(2, '0')}`
          const code = {
            ...SHOP,
            ...{ name, amount, additional: new Map([['05', reference]]) },
            otherLanguage: { language: 'ZH', name: chinese, city: '杭州' },
          }
          const written = writeEmvMerchantCode(code)
          if (!written.ok) throw new Error(emvFaultText(written.error))
          // The first of them drops zeros at the front of a checksum and then takes it for wrong.
          fc.pre(!written.value.slice(-4).startsWith('00'))
          const plain = walletfactory.decode(written.value)
          const nested = steplix.decode(written.value)
          expect([plain['59'], plain['54']]).toEqual([name, amount])
          expect(plain['26']).toEqual({ '00': 'com.example.pay', '01': '2088000000000001' })
          expect(plain['64']).toContain(chinese)
          expect([nested['59']?.data, nested['54']?.data]).toEqual([name, amount])
          expect(nested['26']?.data).toMatchObject({ '01': { data: '2088000000000001' } })
          expect(nested['62']?.data).toMatchObject({ '05': { data: reference } })
          expect(nested['64']?.data).toContain(chinese)
        },
      ),
    )
  })

  it.each<[string, Partial<EmvMerchantCode>, string]>([
    ['a name in Chinese outside of template 64', { name: '测试超市' }, 'not_printable 59'],
    ['a name of 26 characters', { name: 'A'.repeat(26) }, 'wrong_length 59'],
    ['an empty name', { name: '' }, 'length_zero 59'],
    ['nothing as amount', { amount: '0.00' }, 'amount_zero 54'],
    ['an amount with an exponent', { amount: '1e3' }, 'amount_malformed 54'],
    ['no account', { accounts: [] }, 'missing 26'],
    ['the same template twice', { accounts: [...SHOP.accounts, ...SHOP.accounts] }, 'duplicate_tag 26'],
    ['a template of nobody', { accounts: [{ id: '27', value: '', fields: new Map([['01', 'x']]) }] }, 'missing 27.00'],
    ['a reference of 26 characters', { additional: new Map([['05', 'A'.repeat(26)]]) }, 'wrong_length 62.05'],
    ['an unknown request for data', { additional: new Map([['09', 'AX']]) }, 'value_unknown 62.09'],
    ['small letters as country', { country: 'cn' }, 'not_letters 58'],
    ['a tip of nothing', { tip: { kind: 'fixed', amount: '0' } }, 'amount_zero 56'],
    ['a percentage of nothing', { tip: { kind: 'percent', percent: '00.00' } }, 'amount_zero 57'],
  ])('is nothing for %s', (_, change, reason) => {
    expect(told(fault(writeEmvMerchantCode({ ...SHOP, ...change })))).toBe(reason)
  })
})

function fault(written: ReturnType<typeof writeEmvMerchantCode>): ReturnType<typeof readEmvMerchantCode> {
  return written.ok ? { ok: true, value: SHOP } : written
}

describe('a text from outside', () => {
  const good = (() => {
    const written = writeEmvMerchantCode(SHOP)
    return written.ok ? written.value : ''
  })()

  it('with any one character changed is refused, or differs only in the case of the check sum', () => {
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.constantFrom('0', '9', 'A', 'z', '.', '中'), (at, char) => {
        const changed = good.slice(0, at) + char + good.slice(at + 1)
        fc.pre(changed !== good)
        expect(readEmvMerchantCode(changed).ok).toBe(false)
      }),
    )
  })

  it('is never more than refused', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 600 }), (text) => !readEmvMerchantCode(text).ok))
  })

  it.each([
    ['a control character', good.replace('TEST', 'TE\u0000T'), 'malformed_text'],
    ['half a character', good.replace('测', '\ud800'), 'malformed_text'],
    ['a line break at the end', `${good}\n`, 'malformed_text'],
    ['513 characters', '0'.repeat(513), 'too_long'],
    ['nothing', '', 'too_short'],
  ])('with %s is refused', (_, text, reason) => {
    expect(told(readEmvMerchantCode(text))).toBe(reason)
  })

  it('may have its check sum in small letters', () => {
    expect(readEmvMerchantCode(good.slice(0, -4) + good.slice(-4).toLowerCase()).ok).toBe(true)
  })
})
