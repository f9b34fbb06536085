import type { Outcome } from '@huitong/committer'
import { expect, test } from 'vitest'
import { alipayOutcome } from './alipay-outcome.ts'
import { PAY_CODES, TRANSFER_CODES } from './alipay-sub-codes.ts'

const refused = (code: string): Outcome<string> => ({ status: 'refused', refusal: { code }, batch: 1, repeated: false })

test.each<readonly [string, Outcome<string>, string, string]>([
  ['a refusal', refused('payer_without_funds'), '40004', 'ACQ.BUYER_BALANCE_NOT_ENOUGH'],
  ['a refusal that the method cannot have', refused('wallet_exists'), '40004', 'ACQ.SYSTEM_ERROR'],
  ['a refusal nobody knows', refused('surprise'), '40004', 'ACQ.SYSTEM_ERROR'],
  ['a full queue', { status: 'overloaded', retryAfterMs: 1 }, '40004', 'ACQ.SYSTEM_ERROR'],
  ['a lost database', { status: 'unavailable' }, '40004', 'ACQ.SYSTEM_ERROR'],
  ['a failure', { status: 'failed', message: 'secret' }, '40004', 'ACQ.SYSTEM_ERROR'],
  ['an outcome that nobody knows', { status: 'unknown' }, '20000', 'isp.unknow-error'],
])('%s is told in the words of the method', (_, outcome, code, subCode) => {
  const told = alipayOutcome(outcome, PAY_CODES)
  expect(told).toMatchObject({ ok: false, error: { code, sub_code: subCode } })
  expect(JSON.stringify(told)).not.toContain('secret')
})

test('methods of funds have codes without prefix', () => {
  expect(alipayOutcome({ status: 'unavailable' }, TRANSFER_CODES)).toMatchObject({
    error: { sub_code: 'SYSTEM_ERROR' },
  })
})

test('what was done is passed on', () => {
  const done: Outcome<string> = { status: 'done', answer: 'tea', batch: 1, repeated: false }
  expect(alipayOutcome(done, PAY_CODES)).toEqual({ ok: true, value: 'tea' })
})
