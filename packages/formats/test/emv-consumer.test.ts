import fc from 'fast-check'
import TLV from 'node-tlv'
import { describe, expect, it } from 'vitest'
import { EMV_CONSUMER_START, type EmvConsumerCode, readEmvConsumerCode, writeEmvConsumerCode } from '../src/index.ts'
import { vectors } from './emvco/vectors.ts'

const ROWS = vectors('cpm_vectors.csv')

const REASONS: Readonly<Record<string, string>> = {
  'cpm-neg-01': 'duplicate_tag 85',
  'cpm-neg-02': 'length_past_end 85',
  'cpm-syn-n01': 'format_indicator_not_first',
  'cpm-syn-n02': 'format_indicator_not_first',
  'cpm-syn-n04': 'missing 61',
  'cpm-syn-n05': 'missing 61.4F',
  'cpm-syn-n07': 'wrong_length 61.4F',
  'cpm-syn-n08': 'length_malformed 62.5F20',
}

function told(read: ReturnType<typeof readEmvConsumerCode>): string {
  if (read.ok) return 'accepted'
  const { code, field } = read.error
  return field === null ? code : `${code} ${field}`
}

const ascii = (hex: string | undefined) => (hex === undefined ? undefined : Buffer.from(hex, 'hex').toString('latin1'))

function facts({ applications, common }: EmvConsumerCode): Record<string, unknown> {
  return {
    pfi: 'CPV01',
    aid1: applications[0]?.tags.get('4F'),
    aid2: applications[1]?.tags.get('4F'),
    label1: ascii(applications[0]?.tags.get('50')),
    track2: applications[0]?.tags.get('57'),
    pan: common?.tags.get('5A'),
    cardholder: ascii(common?.tags.get('5F20')),
    lang: ascii(common?.tags.get('5F2D')),
    iad: common?.signed.get('9F10'),
    cryptogram: common?.signed.get('9F26'),
    atc: common?.signed.get('9F36'),
    un: common?.signed.get('9F37'),
  }
}

describe('the vectors of consumer-presented codes', () => {
  it.each(ROWS.filter((row) => row.expect === 'accept'))(
    'accepts $id: $why',
    ({ payload_base64 = '', expected_fields_json }) => {
      const read = readEmvConsumerCode(payload_base64)
      expect(told(read)).toBe('accepted')
      if (!read.ok) return
      expect(facts(read.value)).toMatchObject(JSON.parse(expected_fields_json || '{}'))
      expect(writeEmvConsumerCode(read.value)).toEqual({ ok: true, value: payload_base64 })
    },
  )

  it.each(ROWS.filter((row) => row.expect === 'reject'))('rejects $id: $why', ({ id = '', payload_base64 = '' }) => {
    expect(told(readEmvConsumerCode(payload_base64))).toBe(REASONS[id])
  })

  it('are all there', () => {
    expect(ROWS).toHaveLength(13)
    expect(ROWS.filter((row) => row.expect === 'reject').map((row) => row.id)).toEqual(Object.keys(REASONS))
  })
})

describe('what is written', () => {
  it('is split the same by a decoder of other people', () => {
    const bytes = fc.uint8Array({ minLength: 5, maxLength: 16 })
    fc.assert(
      fc.property(bytes, fc.uint8Array({ minLength: 1, maxLength: 140 }), (name, label) => {
        const tags = new Map([
          ['4F', Buffer.from(name).toString('hex').toUpperCase()],
          ['50', Buffer.from(label).toString('hex').toUpperCase()],
        ])
        const written = writeEmvConsumerCode({ applications: [{ tags, signed: new Map() }], common: null })
        if (!written.ok) throw new Error(written.error.code)
        expect(written.value.startsWith(EMV_CONSUMER_START)).toBe(true)
        const [, application] = TLV.parseList(Buffer.from(written.value, 'base64').toString('hex'))
        for (const [tag, value] of tags) expect(application?.find(tag)?.value.toUpperCase()).toBe(value)
      }),
    )
  })
})

describe('bytes from outside', () => {
  it('are never more than refused', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
        const tail = Buffer.concat([Buffer.from('8505435056303161', 'hex'), bytes])
        const read = readEmvConsumerCode(tail.toString('base64'))
        return read.ok ? read.value.applications.length > 0 : read.error.code.length > 0
      }),
    )
  })

  it.each([
    ['no base64', 'hQVDUFYwMW?', 'malformed_text'],
    ['base64 with spare bits', 'hQVDUFYwMR==', 'malformed_text'],
    ['nothing', '', 'too_short'],
    [
      'another version',
      Buffer.from('8505435056303261064F0400000000', 'hex').toString('base64'),
      'format_not_supported 85',
    ],
    ['a long length for a short value', Buffer.from('858105435056', 'hex').toString('base64'), 'length_malformed 85'],
    ['a tag that is cut off', Buffer.from('85054350563031' + '9F', 'hex').toString('base64'), 'tag_malformed'],
    ['more than 512 characters', 'A'.repeat(516), 'too_long'],
  ])('%s is refused', (_, text, reason) => {
    expect(told(readEmvConsumerCode(text))).toBe(reason)
  })
})
