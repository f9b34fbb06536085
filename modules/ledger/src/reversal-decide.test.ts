import { MAX_MINOR } from '@huitong/kernel'
import { describe, expect, it } from 'vitest'
import { isLedgerRefusalCode, LEDGER_REFUSALS } from './ledger-refusals.ts'
import type { Original } from './reversal.ts'
import { decideReversal } from './reversal-decide.ts'
import type { TransferCode, TransferKind } from './transfer.ts'

function original(kind: TransferKind, reverses: number | null, code: TransferCode = 'adjustment'): Original {
  return { id: 9, kind, debit: 7, credit: 8, amountMinor: 100n, code, reference: null, reverses, entry: null }
}

const POSTED = original('posted', null)

/** In order of precedence: in each row the reason that is told and every later one hold. Of 100, so much was reversed, so much is asked. */
const TABLE: readonly (readonly [string, Original | undefined, bigint, bigint | undefined, string])[] = [
  ['less than nothing', undefined, 100n, -1n, 'amount_not_positive'],
  ['nothing', undefined, 100n, 0n, 'amount_not_positive'],
  ['more than can be counted', undefined, 100n, MAX_MINOR + 1n, 'amount_too_large'],
  ['of no transfer', undefined, 100n, 101n, 'transfer_unknown'],
  ['of a hold', original('held', 3), 100n, 101n, 'transfer_moved_nothing'],
  ['of a voided hold', original('voided', null), 0n, 1n, 'transfer_moved_nothing'],
  ['of an expired hold', original('expired', null), 0n, undefined, 'transfer_moved_nothing'],
  ['of a reversal', original('posted', 3), 100n, 101n, 'transfer_is_reversal'],
  ['of what closes a year', original('posted', null, 'year_end'), 100n, 101n, 'transfer_closes_year'],
  ['of what was taken back', POSTED, 100n, 101n, 'transfer_already_reversed'],
  ['of what was taken back, the rest', POSTED, 100n, undefined, 'transfer_already_reversed'],
  ['too much', POSTED, 0n, 101n, 'exceeds_unreversed'],
  ['more than the rest', POSTED, 60n, 41n, 'exceeds_unreversed'],
  ['the rest by its amount', POSTED, 60n, 40n, 'takes 40, then 100'],
  ['the rest', POSTED, 60n, undefined, 'takes 40, then 100'],
  ['a part', POSTED, 0n, 1n, 'takes 1, then 1'],
  ['all', POSTED, 0n, undefined, 'takes 100, then 100'],
  ['all of a capture', original('captured', null), 0n, undefined, 'takes 100, then 100'],
]

describe('a reversal', () => {
  it.each(TABLE)('of %s', (_what, of, reversedMinor, amountMinor, told) => {
    const before = reversedMinor === 0n ? undefined : { amountMinor: 100n, reversedMinor }
    const decided = decideReversal(of, before, amountMinor)
    const text = decided.ok
      ? `takes ${decided.value.amountMinor}, then ${decided.value.reversal.reversedMinor}`
      : decided.error.code
    expect(text).toBe(told)
  })

  it('is refused in the order of the closed list', () => {
    const order = Object.keys(LEDGER_REFUSALS)
    const places = TABLE.map((row) => row[4])
      .filter(isLedgerRefusalCode)
      .map((code) => order.indexOf(code))
    expect(places).toEqual(places.toSorted((a, b) => a - b))
  })

  it('that asks for too much is told what is left', () => {
    const decided = decideReversal(POSTED, { amountMinor: 100n, reversedMinor: 60n }, 41n)
    expect(decided).toEqual({ ok: false, error: { code: 'exceeds_unreversed', facts: { left_minor: '40' } } })
  })
})
