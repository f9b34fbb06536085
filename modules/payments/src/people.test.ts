import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DELAYED_TRANSFER_ACTIONS, DELAYED_TRANSFER_STATES, delayedTransferFault } from './delayed-transfer.ts'
import { MONEY_REQUEST_ACTIONS, MONEY_REQUEST_STATES, moneyRequestFault } from './money-request.ts'
import { splitShares } from './split-bill.ts'

/** Every state × action, before and from the moment at which its time is over: an empty cell is allowed. */
const DELAYED = `
  held      recall   early
  held      recall   late    delayed_transfer_over
  held      release  early   trade_not_due
  held      release  late
  sent      recall   early   delayed_transfer_over
  sent      recall   late    delayed_transfer_over
  sent      release  early   delayed_transfer_over
  sent      release  late    delayed_transfer_over
  recalled  recall   early   delayed_transfer_over
  recalled  recall   late    delayed_transfer_over
  recalled  release  early   delayed_transfer_over
  recalled  release  late    delayed_transfer_over
  returned  recall   early   delayed_transfer_over
  returned  recall   late    delayed_transfer_over
  returned  release  early   delayed_transfer_over
  returned  release  late    delayed_transfer_over`

const REQUESTS = `
  open  pay      early
  open  pay      late   money_request_over
  open  decline  early
  open  decline  late
  open  cancel   early
  open  cancel   late
  open  expire   early  trade_not_due
  open  expire   late`

const rows = (table: string) =>
  table
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/))

function oneOf<T extends string>(known: readonly T[], text: string | undefined): T {
  const found = known.find((value) => value === text)
  if (found === undefined) throw new Error(`not in the list: ${text}`)
  return found
}

const TIMES = { early: 99, late: 100 } as const
const timeOf = (text: string | undefined) => TIMES[oneOf(['early', 'late'], text)]

describe('a delayed transfer', () => {
  it.each(rows(DELAYED))('that is %s: %s, %s: %s', (state, action, time, refusal) => {
    const transfer = { state: oneOf(DELAYED_TRANSFER_STATES, state), releasesAt: 100 }
    expect(delayedTransferFault(transfer, oneOf(DELAYED_TRANSFER_ACTIONS, action), timeOf(time))).toBe(refusal)
  })

  it('has a row for every state, action and time', () => {
    expect(rows(DELAYED)).toHaveLength(DELAYED_TRANSFER_STATES.length * DELAYED_TRANSFER_ACTIONS.length * 2)
  })
})

describe('a request for money', () => {
  it.each(rows(REQUESTS))('that is %s: %s, %s: %s', (_, action, time, refusal) => {
    const request = { state: 'open', expiresAt: 100 } as const
    expect(moneyRequestFault(request, oneOf(MONEY_REQUEST_ACTIONS, action), timeOf(time))).toBe(refusal)
  })

  it('that is over admits nothing', () => {
    for (const state of MONEY_REQUEST_STATES.filter((one) => one !== 'open')) {
      for (const action of MONEY_REQUEST_ACTIONS) {
        expect(moneyRequestFault({ state, expiresAt: 100 }, action, 1)).toBe('money_request_over')
      }
    }
  })
})

describe('splitting a bill', () => {
  it.each<[string, bigint, (bigint | null)[], readonly bigint[] | string, bigint]>([
    ['100.00 in three: the owner bears the fen', 10_000n, [null, null], [3333n, 3333n], 3334n],
    ['0.02 in two', 2n, [null], [1n], 1n],
    ['0.01 in two', 1n, [null], 'shares_do_not_fit', 0n],
    ['a named share and an equal one', 10_000n, [2_000n, null], [2_000n, 4_000n], 4_000n],
    ['named shares that leave nothing to the owner', 300n, [100n, 200n], [100n, 200n], 0n],
    ['named shares above the bill', 300n, [100n, 201n], 'shares_do_not_fit', 0n],
    ['a named share that leaves nothing to divide', 300n, [300n, null], 'shares_do_not_fit', 0n],
    ['a share of nothing', 300n, [0n], 'shares_do_not_fit', 0n],
  ])('%s', (_, total, amounts, expected, own) => {
    const split = splitShares(
      total,
      amounts.map((amountMinor, payer) => ({ payer, amountMinor })),
    )
    if (!split.ok) return expect(split.error.code).toBe(expected)
    expect(split.value.shares.map((share) => share.amountMinor)).toEqual(expected)
    expect(split.value.ownShareMinor).toBe(own)
  })

  it('conserves the total', () => {
    const amounts = fc.array(fc.option(fc.bigInt(1n, 500n), { nil: null }), { minLength: 1, maxLength: 50 })
    fc.assert(
      fc.property(fc.bigInt(1n, 100_000n), amounts, (total, asked) => {
        const split = splitShares(
          total,
          asked.map((amountMinor, payer) => ({ payer, amountMinor })),
        )
        if (!split.ok) return
        const sum = split.value.shares.reduce((all, share) => all + share.amountMinor, split.value.ownShareMinor)
        expect(sum).toBe(total)
      }),
    )
  })
})
