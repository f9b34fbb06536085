import { CNY } from '@huitong/kernel'
import { describe, expect, it } from 'vitest'
import { HOLD_STATES } from './hold.ts'
import {
  eventBytes,
  floorData,
  LEDGER_EVENT_KINDS,
  type LedgerEvent,
  openedData,
  stateData,
  transferBytes,
} from './journal-form.ts'
import { TRANSFER_CODES, TRANSFER_KINDS, type Transfer, transferCodeOf, transferKindOf } from './transfer.ts'

/**
 * The bytes of published journals. Roots and signed heads are made over them, so a test that fails here means that old batches
 * would no longer verify: give the changed form a new number instead.
 */
const captured: Transfer = {
  position: 4,
  id: 0x1_0000_0401,
  kind: 'captured',
  debit: 0x0801,
  credit: 0x0c02,
  amountMinor: 8888n,
  releasedMinor: 10_000n,
  hold: 0x1001,
  holdExpiresAt: null,
  code: 'payment',
  reference: 0x1405,
  effectiveOn: null,
  reverses: null,
  entry: null,
  debitSequence: 6,
  debitBalanceMinor: -5n,
  debitPrevious: 65_536,
  creditSequence: 7,
  creditBalanceMinor: 2n ** 63n - 1n,
  creditPrevious: null,
}

const CAPTURED = [
  '01 03 0002',
  '0000000100000401',
  '0000000000000801',
  '0000000000000c02',
  '00000000000022b8',
  '0000000000002710',
  '0000000000001001',
  '0000000000001405',
  '0000000000000006',
  'fffffffffffffffb',
  '0000000000000007',
  '7fffffffffffffff',
  '0000000000000004',
  '0000000000000000',
]

const held: Transfer = {
  ...captured,
  kind: 'held',
  id: 2 ** 53 - 1,
  releasedMinor: 0n,
  hold: 2 ** 53 - 1,
  holdExpiresAt: 1_800_000_000_000_001,
  code: 'opening',
  reference: null,
}

const HELD = [
  '01 02 0008',
  '001fffffffffffff',
  '0000000000000801',
  '0000000000000c02',
  '00000000000022b8',
  '0000000000000000',
  '001fffffffffffff',
  '0000000000000000',
  '0000000000000006',
  'fffffffffffffffb',
  '0000000000000007',
  '7fffffffffffffff',
  '0000000000000004',
  '0006651728988001',
]

const increased: Transfer = { ...captured, kind: 'increased', releasedMinor: 0n }

const INCREASED = [
  '01 06 0002',
  '0000000100000401',
  '0000000000000801',
  '0000000000000c02',
  '00000000000022b8',
  '0000000000000000',
  '0000000000001001',
  '0000000000001405',
  '0000000000000006',
  'fffffffffffffffb',
  '0000000000000007',
  '7fffffffffffffff',
  '0000000000000004',
  '0000000000000000',
]

/** Form 3: what form 1 says, and three facts more. */
const reversing: Transfer = {
  ...captured,
  kind: 'posted',
  releasedMinor: 0n,
  hold: null,
  effectiveOn: '2026-11-22',
  reverses: 0x1801,
  entry: 0x1c02,
}

const REVERSING = [
  '03 01 0002',
  '0000000100000401',
  '0000000000000801',
  '0000000000000c02',
  '00000000000022b8',
  '0000000000000000',
  '0000000000000000',
  '0000000000001405',
  '0000000000000006',
  'fffffffffffffffb',
  '0000000000000007',
  '7fffffffffffffff',
  '0000000000000004',
  '0000000000000000',
  '000000000000512b',
  '0000000000001801',
  '0000000000001c02',
]

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}

function written(parts: readonly string[]): string {
  return parts.join('').replaceAll(' ', '')
}

describe('the bytes of a transfer', () => {
  it.each([
    ['captured', captured, CAPTURED],
    ['held', held, HELD],
    ['increased', increased, INCREASED],
  ] as const)('that was %s are these', (_kind, transfer, parts) => {
    expect(hex(transferBytes(transfer))).toBe(written(parts))
    expect(transferBytes(transfer)).toHaveLength(108)
  })

  it('that says more of itself are these', () => {
    expect(hex(transferBytes(reversing))).toBe(written(REVERSING))
    expect(transferBytes(reversing)).toHaveLength(132)
  })

  it.each([
    { effectiveOn: '2026-11-21' },
    { reverses: null },
    { entry: null },
    { effectiveOn: null },
  ] satisfies Partial<Transfer>[])('that says more of itself are others when %o changes', (change) => {
    expect(hex(transferBytes({ ...reversing, ...change }))).not.toBe(hex(transferBytes(reversing)))
  })

  it.each(['1970-01-01', '2026-13-01', 'today'])('have no place for the day %s', (effectiveOn) => {
    expect(() => transferBytes({ ...reversing, effectiveOn })).toThrow()
  })

  it.each([
    { position: 5 },
    { id: 7 },
    { kind: 'voided' },
    { debit: 7 },
    { credit: 7 },
    { amountMinor: 7n },
    { releasedMinor: 7n },
    { hold: null },
    { holdExpiresAt: 7 },
    { code: 'refund' },
    { reference: null },
    { debitSequence: 9 },
    { debitBalanceMinor: 7n },
    { creditSequence: 9 },
    { creditBalanceMinor: 7n },
  ] satisfies Partial<Transfer>[])('are others when %o changes', (change) => {
    expect(hex(transferBytes({ ...captured, ...change }))).not.toBe(hex(transferBytes(captured)))
  })
})

describe('the bytes of an event', () => {
  it('are these', () => {
    const event: LedgerEvent = { position: 3, kind: 'state_changed', account: 0x0801, data: '{"state":"冻"}' }
    const data = Buffer.from('{"state":"冻"}', 'utf8').toString('hex')
    expect(hex(eventBytes(event))).toBe(`0203${'0000000000000801'}${'0000000000000003'}${data}`)
  })

  it('carry data in one spelling only', () => {
    const account = {
      id: 1,
      subject: '2001',
      currency: CNY,
      owner: 'customer:4711',
      floorMinor: -5n,
      state: 'open',
      restraints: null,
    } as const
    expect(openedData(account)).toBe('{"currency":"CNY","floor_minor":"-5","owner":"customer:4711","subject":"2001"}')
    expect(openedData({ ...account, owner: null, floorMinor: null })).toBe(
      '{"currency":"CNY","floor_minor":null,"owner":null,"subject":"2001"}',
    )
    expect([floorData(7n), floorData(null), stateData('frozen')]).toEqual([
      '{"floor_minor":"7"}',
      '{"floor_minor":null}',
      '{"state":"frozen"}',
    ])
  })
})

describe('a stored number', () => {
  it('keeps its meaning for ever', () => {
    expect({ TRANSFER_CODES, TRANSFER_KINDS, LEDGER_EVENT_KINDS, HOLD_STATES }).toEqual({
      TRANSFER_CODES: {
        ...{ top_up: 1, payment: 2, merchant_fee: 3, refund: 4 },
        ...{ fee_return: 5, transfer: 6, adjustment: 7, opening: 8, reversal: 20, judicial_deduction: 21 },
        ...{ year_end: 30, year_end_reversal: 31 },
        ...{ exchange: 40, revaluation: 41, daily_summary: 42 },
        ...{ escrow_hold: 60, escrow_release: 61, escrow_return: 62, authorisation: 63 },
        ...{ settlement: 64, profit_share: 65, share_return: 66 },
        ...{ partner_payment: 80, partner_settlement: 81, partner_refund: 82 },
        ...{ budget_grant: 100, budget_return: 101, coupon_use: 102, coupon_return: 103 },
        ...{ red_packet_send: 110, red_packet_open: 111, red_packet_return: 112, red_packet_move: 113 },
        ...{ position_funding: 120, clearing_payment: 121, clearing_return: 122, clearing_reversal: 123 },
        ...{ net_cover: 124, net_settlement: 125 },
        ...{ credit_transfer: 130, credit_transfer_return: 131, credit_transfer_reversal: 132 },
        ...{ bank_top_up: 140, bank_withdrawal: 141, bank_withdrawal_return: 142 },
        ...{ card_payment: 143, card_refund: 144 },
        ...{ reserve_move: 150 },
      },
      TRANSFER_KINDS: { posted: 1, held: 2, captured: 3, voided: 4, expired: 5, increased: 6 },
      LEDGER_EVENT_KINDS: {
        ...{ account_opened: 1, floor_changed: 2, state_changed: 3, day_closed: 4 },
        ...{ freeze_placed: 10, freeze_lifted: 11, freeze_expired: 12, freeze_deducted: 13 },
        ...{ ceiling_changed: 14, credit_limit_changed: 15, account_reopened: 16, hold_extended: 17 },
        ...{ chart_adopted: 20, day_tied: 21, days_finalized: 22 },
        ...{ year_end_posted: 23, year_end_reversed: 24 },
        ...{ entry_posted: 30, template_published: 31, posting_policy_set: 32 },
        ...{ account_metadata_set: 40, transfer_metadata_added: 41 },
        ...{ set_created: 42, set_member_added: 43, set_member_removed: 44 },
        ...{ posting_scheduled: 50, scheduled_posted: 51, scheduled_refused: 52, scheduled_cancelled: 53 },
      },
      HOLD_STATES: { pending: 1, captured: 2, voided: 3, expired: 4 },
    })
  })

  it('reads back as what it was', () => {
    for (const [name, code] of Object.entries(TRANSFER_CODES)) expect(transferCodeOf(code)).toBe(name)
    for (const [name, kind] of Object.entries(TRANSFER_KINDS)) expect(transferKindOf(kind)).toBe(name)
    expect([transferCodeOf(0), transferKindOf(0), transferKindOf(7)]).toEqual([undefined, undefined, undefined])
  })
})
