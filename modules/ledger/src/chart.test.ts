import { CNY, currencyCode } from '@huitong/kernel'
import { describe, expect, it } from 'vitest'
import { chartForbids, chartOf, headingsOf, pairAllowed } from './chart.ts'
import { institutionKinds } from './institution-kind.ts'
import { isSubjectCode, SUBJECTS, type Subject, subjectCode } from './subjects.ts'

const CLASS_DIGITS = { asset: '1', liability: '23', equity: '4', income: '5', expense: '6' }
const SUBJECT_LIST: readonly (readonly [string, Subject])[] = Object.entries(SUBJECTS)

function usd() {
  const code = currencyCode('USD')
  if (!code.ok) throw new Error('USD')
  return code.value
}

describe('the table of subjects', () => {
  it.each(SUBJECT_LIST)('%s starts with the digit of its class and stands under a heading of it', (code, subject) => {
    expect(code).toMatch(/^\d{4}$/)
    expect(CLASS_DIGITS[subject.class]).toContain(code[0])
    if (subject.parent === null) expect(code).toMatch(/000$/)
    else {
      const parent = subjectCode(subject.parent)
      if (parent === undefined) throw new Error(`no heading ${subject.parent}`)
      expect(SUBJECTS[parent]).toMatchObject({ class: subject.class, posting: false })
    }
  })

  it('has no two subjects of one name in a chart', () => {
    for (const kind of institutionKinds()) {
      const names = chartOf(kind).flatMap(({ subject }) => [subject.name, subject.nameZh])
      expect(new Set(names).size, kind).toBe(names.length)
    }
  })
})

describe.each(institutionKinds())('the chart of a %s', (kind) => {
  const chart = chartOf(kind)

  it('has every heading of its subjects, before them', () => {
    for (const [index, { code }] of chart.entries()) {
      const before = chart.slice(0, index).map((line) => line.code)
      for (const heading of headingsOf(code)) expect(before).toContain(heading)
    }
  })

  it('has own money, capital, retained earnings, income and expenses to post on', () => {
    for (const code of ['1002', '4001', '4002', '6001'] as const) {
      expect(chartForbids(kind, code, CNY)).toBeUndefined()
    }
    expect(chart.some(({ subject }) => subject.class === 'income' && subject.posting)).toBe(true)
  })

  it('has no heading with nothing under it', () => {
    for (const { code, subject } of chart) {
      if (!subject.posting)
        expect(
          chart.some((line) => line.subject.parent === code),
          code,
        ).toBe(true)
    }
  })
})

describe('an account', () => {
  it.each([
    // Kind, subject, currency: the reason in order of precedence.
    ['bank', '2001', 'CNY', 'subject_not_in_chart'],
    ['wallet_platform', '2101', 'CNY', 'subject_not_in_chart'],
    ['wallet_platform', '2100', 'CNY', 'subject_not_in_chart'],
    ['wallet_platform', '1000', 'CNY', 'subject_is_heading'],
    ['wallet_platform', '2010', 'USD', 'subject_is_heading'],
    ['wallet_platform', '1003', 'USD', 'subject_not_in_currency'],
    ['wallet_platform', '1003', 'CNY', undefined],
    ['clearing_house', '2502', 'USD', 'subject_not_in_currency'],
    ['bank', '2101', 'USD', undefined],
  ] as const)('of a %s on %s in %s: %s', (kind, code, currency, reason) => {
    expect(chartForbids(kind, code, currency === 'CNY' ? CNY : usd())).toBe(reason)
  })
})

describe('money of others', () => {
  it('becomes income only as a fee', () => {
    expect(pairAllowed('2001', '5001', 'merchant_fee')).toBe(true)
    expect(pairAllowed('2002', '5001', 'merchant_fee')).toBe(true)
    for (const code of ['transfer', 'payment', 'adjustment', 'refund'] as const) {
      expect(pairAllowed('2001', '5001', code)).toBe(false)
    }
  })

  it('may come from income, and own money may become income by any code', () => {
    expect(pairAllowed('5001', '2002', 'fee_return')).toBe(true)
    expect(pairAllowed('1002', '5001', 'adjustment')).toBe(true)
    expect(pairAllowed('2001', '2002', 'payment')).toBe(true)
  })

  it('is held on liabilities only', () => {
    for (const code of Object.keys(SUBJECTS).filter(isSubjectCode)) {
      if (SUBJECTS[code].heldFor !== 'institution') expect(SUBJECTS[code].class).toBe('liability')
    }
  })
})
