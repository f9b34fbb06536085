import { publicId } from '@huitong/kernel'
import { describe, expect, it } from 'vitest'
import { type PostingBody, postingLegs } from './posting-request.ts'

const A = publicId('acct', 1024)
const B = publicId('acct', 2048)
const HOLD = publicId('tran', 3072)

type Leg = PostingBody['legs'][number]

const transfer: Leg = { type: 'transfer', debit: A, credit: B, amount: '1.50', currency: 'CNY' }
const hold: Leg = { ...transfer, type: 'hold' }
const capture: Leg = { type: 'capture', hold: HOLD, amount: '1.50', currency: 'CNY' }
const increase: Leg = { ...capture, type: 'increase' }
const release: Leg = { type: 'void', hold: HOLD }

/** A leg that is right but for the fields given here; a field set to null is left out. */
function changed(leg: Leg, change: Readonly<Record<string, string | boolean | null>>): Leg {
  const fields = { ...Object.fromEntries(Object.entries(leg)), ...change }
  return Object.assign(
    { type: leg.type },
    Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null)),
  )
}

function told(leg: Leg): string {
  const read = postingLegs({ legs: [transfer, leg] })
  return read.ok ? 'ok' : `${read.error.field} ${read.error.rule}`
}

describe('a leg of a posting', () => {
  const needed = [
    [transfer, ['debit', 'credit', 'amount', 'currency']],
    [hold, ['debit', 'credit', 'amount', 'currency']],
    [capture, ['hold', 'amount', 'currency']],
    [increase, ['hold', 'amount', 'currency']],
    [release, ['hold']],
  ] as const
  it.each(needed.flatMap(([leg, fields]) => fields.map((field) => [leg.type, field, leg] as const)))(
    'that is a %s needs the field %s',
    (_type, field, leg) => {
      expect(told(changed(leg, { [field]: null }))).toBe(`legs[1].${field} required`)
    },
  )

  const given = { debit: A, credit: B, amount: '1', currency: 'CNY', hold: HOLD, code: 'payment', final: true }
  const values = { ...given, expiresAt: '2026-11-22T00:00:00Z' }
  const senseless = [
    [transfer, ['hold', 'final', 'expiresAt']],
    [hold, ['hold', 'final']],
    [capture, ['debit', 'credit', 'code', 'expiresAt']],
    [increase, ['debit', 'credit', 'code', 'final', 'expiresAt']],
    [release, ['debit', 'credit', 'amount', 'currency', 'code', 'final', 'expiresAt']],
  ] as const
  it.each(senseless.flatMap(([leg, fields]) => fields.map((field) => [leg.type, field, leg] as const)))(
    'that is a %s has no field %s',
    (_type, field, leg) => {
      expect(told(changed(leg, { [field]: values[field] }))).toBe(`legs[1].${field} not_allowed`)
    },
  )

  const wrong: readonly (readonly [Leg, Readonly<Record<string, string>>, string])[] = [
    [transfer, { amount: '0' }, 'amount zero'],
    [transfer, { amount: '0.00' }, 'amount zero'],
    [transfer, { amount: '-1.00' }, 'amount negative'],
    [transfer, { amount: '1.234' }, 'amount too_many_decimals'],
    [transfer, { amount: '1e3' }, 'amount exponent_form'],
    [transfer, { amount: '92233720368547758.08' }, 'amount too_large'],
    [transfer, { amount: 'ten' }, 'amount not_a_number'],
    [transfer, { amount: '1.5', currency: 'JPY' }, 'amount too_many_decimals'],
    [transfer, { currency: 'ZZZ' }, 'currency iso_4217'],
    [transfer, { currency: 'cny' }, 'currency iso_4217'],
    [transfer, { debit: 'acct_x' }, 'debit malformed_id'],
    [transfer, { debit: HOLD }, 'debit wrong_kind_of_id'],
    [transfer, { credit: '' }, 'credit malformed_id'],
    [transfer, { credit: HOLD }, 'credit wrong_kind_of_id'],
    [transfer, { code: 'gift' }, 'code known_code'],
    [transfer, { code: 'toString' }, 'code known_code'],
    [hold, { expiresAt: 'tomorrow' }, 'expiresAt malformed_time'],
    [hold, { expiresAt: '2026-02-30T00:00:00Z' }, 'expiresAt malformed_time'],
    [capture, { hold: A }, 'hold wrong_kind_of_id'],
    [capture, { hold: 'x' }, 'hold malformed_id'],
    [capture, { amount: '0' }, 'amount zero'],
    [capture, { currency: 'ZZZ' }, 'currency iso_4217'],
    [increase, { hold: A }, 'hold wrong_kind_of_id'],
    [increase, { amount: '0' }, 'amount zero'],
    [increase, { currency: 'ZZZ' }, 'currency iso_4217'],
    [release, { hold: A }, 'hold wrong_kind_of_id'],
    [release, { hold: 'x' }, 'hold malformed_id'],
  ]
  it.each(wrong.map(([leg, change, fault]) => [leg.type, change, fault, leg] as const))(
    'that is a %s with %o is refused: %s',
    (_type, change, fault, leg) => {
      expect(told(changed(leg, change))).toBe(`legs[1].${fault}`)
    },
  )

  it('is read into ids, minor units and microseconds', () => {
    const legs: Leg[] = [
      transfer,
      changed(transfer, { amount: '500', currency: 'JPY', code: 'payment' }),
      changed(hold, { amount: '92233720368547758.07', expiresAt: '2027-01-15T08:00:00.000001Z' }),
      capture,
      changed(capture, { final: false }),
      increase,
      release,
    ]
    const moved = { debit: 1024, credit: 2048, amountMinor: 150n, currency: 'CNY', code: 'adjustment' }
    const plain = { reference: null, expiresAt: null }
    expect(postingLegs({ legs })).toMatchObject({
      ok: true,
      value: [
        { type: 'transfer', ...moved, ...plain },
        { type: 'transfer', ...moved, ...plain, amountMinor: 500n, currency: 'JPY', code: 'payment' },
        { type: 'hold', ...moved, ...plain, amountMinor: 2n ** 63n - 1n, expiresAt: 1_800_000_000_000_001 },
        { type: 'capture', hold: 3072, amountMinor: 150n, final: true },
        { type: 'capture', hold: 3072, amountMinor: 150n, final: false },
        { type: 'increase', hold: 3072, amountMinor: 150n, currency: 'CNY' },
        { type: 'void', hold: 3072 },
      ],
    })
  })

  it('is told about before all later legs', () => {
    const read = postingLegs({ legs: [transfer, changed(capture, { hold: null }), changed(transfer, { amount: '0' })] })
    expect(read).toMatchObject({ ok: false, error: { field: 'legs[1].hold', rule: 'required' } })
  })
})
