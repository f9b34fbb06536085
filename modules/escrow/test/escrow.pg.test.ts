import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  answerOf,
  asBuyer,
  asMerchant,
  asStaff,
  DAY,
  type EscrowWorld,
  MINUTE,
  startEscrowWorld,
  told,
} from './escrow-world.ts'

let world: EscrowWorld
let orders = 0

beforeAll(async () => {
  world = await startEscrowWorld(31)
})

afterAll(async () => {
  expect(await world.imbalance()).toBe(0n)
  expect(await world.untied()).toEqual([])
  await world.stop()
})

interface Deal {
  readonly trade: number
  readonly buyer: number
  readonly shop: number
  readonly bought: { readonly trade: number; readonly actor: ReturnType<typeof asBuyer> }
  readonly sold: { readonly trade: number; readonly actor: ReturnType<typeof asMerchant> }
}

/** A trade over this much that its buyer has paid, unless told. */
async function deal(totalMinor: bigint, paid = true): Promise<Deal> {
  const { committer, escrow } = world
  const buyer = await world.customer(totalMinor + 100n)
  const shop = await world.merchant(6000)
  orders += 1
  const terms = { merchant: shop, orderNumber: `E-${orders}`, buyer, subject: 'Tea', totalMinor, expiresAt: null }
  const input = { ...terms, actor: asMerchant(shop) }
  const opened = answerOf(await committer.submit({ kind: escrow.open, input }))
  const trade = opened.escrow.id
  const bought = { trade, actor: asBuyer(buyer) }
  if (paid) answerOf(await committer.submit({ kind: escrow.pay, input: bought }))
  return { trade, buyer, shop, bought, sold: { trade, actor: asMerchant(shop) } }
}

async function ship({ sold }: Deal, amountMinor: bigint | null = null) {
  const input = { ...sold, carrier: 'SF Express', trackingNumber: 'SF1', amountMinor }
  return world.committer.submit({ kind: world.escrow.ship, input })
}

async function journalOf(trade: number): Promise<readonly (readonly [number, bigint])[]> {
  const rows = await world.institution.db.read(
    (tx) => tx.sql<{ code: number; amount_minor: bigint }[]>`
      select code, amount_minor from ledger_transfers where reference = ${trade} order by batch, position`,
  )
  return rows.map((row) => [Number(row.code), row.amount_minor])
}

describe('a trade that goes well', () => {
  it('holds the money visibly, releases it in parts with the fee on each, and stores what it says', async () => {
    const made = await deal(10_001n)
    expect(await world.walletOf(made.buyer)).toBe(100n)
    expect(await world.merchantHas(made.shop)).toBe(0n)
    await world.committer.flush()
    const tie = (await world.queries.ties()).find((one) => one.merchant === made.shop)
    expect(tie?.heldMinor).toBe(10_001n)
    answerOf(await ship(made, 4_000n))
    answerOf(await ship(made))
    const confirm = { kind: world.escrow.confirm, input: { ...made.bought, shipment: 1 } }
    expect(answerOf(await world.committer.submit(confirm)).escrow).toMatchObject({
      ...{ state: 'awaiting_confirmation', released: '40.00', fee: '0.24', held: '60.01' },
    })
    expect(await world.merchantHas(made.shop)).toBe(3_976n)
    const rest = { kind: world.escrow.confirm, input: { ...made.bought, shipment: null } }
    const done = answerOf(await world.committer.submit(rest))
    expect(done.escrow).toMatchObject({ state: 'completed', released: '100.01', fee: '0.60', held: '0.00' })
    expect(await world.merchantHas(made.shop)).toBe(9_941n)
    const stored = await world.queries.escrow(made.trade)
    expect(stored?.trade).toMatchObject({ state: 'completed', releasedMinor: 10_001n, feeMinor: 60n, dueAt: null })
    expect(stored?.shipments).toHaveLength(2)
    expect(await journalOf(made.trade)).toEqual([
      [60, 10_001n],
      [61, 4_000n],
      [3, 24n],
      [61, 6_001n],
      [3, 36n],
    ])
    const steps = await world.queries.steps(made.trade)
    expect(steps.map((step) => step.kind)).toEqual(['opened', 'paid', 'shipped', 'shipped', 'confirmed', 'confirmed'])
    expect(steps.map((step) => step.number)).toEqual([1, 2, 3, 4, 5, 6])
  })

  it('is the same trade when it is asked for again, and refused in other words', async () => {
    const made = await deal(500n, false)
    const { trade } = (await world.queries.escrow(made.trade)) ?? {}
    if (trade === undefined) throw new Error('not stored')
    const { merchant, orderNumber, buyer, subject, totalMinor } = trade
    const again = { merchant, orderNumber, buyer, subject, totalMinor, expiresAt: null, actor: asMerchant(merchant) }
    const same = answerOf(await world.committer.submit({ kind: world.escrow.open, input: again }))
    expect([same.changed, same.escrow.id]).toEqual([false, made.trade])
    for (const change of [{ totalMinor: 501n }, { subject: 'Rice' }, { buyer: await world.customer(0n) }]) {
      const other = await world.committer.submit({ kind: world.escrow.open, input: { ...again, ...change } })
      expect(told(other)).toBe('order_inconsistent')
    }
  })

  it('can be refunded by the merchant afterwards, the fee in proportion', async () => {
    const made = await deal(10_000n)
    answerOf(await ship(made))
    answerOf(await world.committer.submit({ kind: world.escrow.confirm, input: { ...made.bought, shipment: null } }))
    const refund = (amountMinor: bigint) =>
      world.committer.submit({ kind: world.escrow.refund, input: { ...made.sold, amountMinor } })
    expect(answerOf(await refund(3_333n)).escrow).toMatchObject({ refunded: '33.33', feeReturned: '0.20' })
    expect(await world.walletOf(made.buyer)).toBe(3_433n)
    expect(answerOf(await refund(6_667n)).escrow).toMatchObject({ refunded: '100.00', feeReturned: '0.60' })
    expect([await world.walletOf(made.buyer), await world.merchantHas(made.shop)]).toEqual([10_100n, 0n])
    expect(told(await refund(1n))).toBe('refund_exceeds_released')
  })
})

describe('money', () => {
  it('is not taken when there is too little, and the trade can be paid later', async () => {
    const made = await deal(1_000n, false)
    const drained = { payer: { kind: 'customer', id: made.buyer }, payee: await world.customer(0n) } as const
    const transfer = { ...drained, transferNumber: 'X', amountMinor: 200n, title: null, remark: null }
    answerOf(await world.committer.submit({ kind: world.payments.transfer, input: transfer }))
    const pay = { kind: world.escrow.pay, input: made.bought }
    expect(told(await world.committer.submit(pay))).toBe('payer_without_funds')
    expect((await world.queries.escrow(made.trade))?.trade.state).toBe('awaiting_payment')
    answerOf(
      await world.committer.submit({ kind: world.payments.topUp, input: { customer: made.buyer, amountMinor: 200n } }),
    )
    expect(told(await world.committer.submit(pay))).toBe('done')
  })

  it('of somebody else’s trade is out of reach, and the trade looks like none', async () => {
    const made = await deal(1_000n)
    answerOf(await ship(made))
    const stranger = { trade: made.trade, actor: asBuyer(await world.customer(0n)), shipment: null }
    expect(told(await world.committer.submit({ kind: world.escrow.confirm, input: stranger }))).toBe(
      'escrow_trade_not_found',
    )
    const otherShop = { trade: made.trade, actor: asMerchant(await world.merchant(0)) }
    expect(told(await world.committer.submit({ kind: world.escrow.cancel, input: otherShop }))).toBe(
      'escrow_trade_not_found',
    )
  })
})

describe('a dispute', () => {
  async function disputed(totalMinor: bigint, claimMinor: bigint) {
    const made = await deal(totalMinor)
    answerOf(await ship(made))
    const input = { ...made.bought, shipment: 1, claimMinor, reason: 'It is stale' }
    answerOf(await world.committer.submit({ kind: world.escrow.dispute, input }))
    return { ...made, ofBuyer: { ...made.bought, dispute: 1 }, ofShop: { ...made.sold, dispute: 1 } }
  }

  it('is settled by offer and acceptance, the rest of the trade going on meanwhile', async () => {
    const made = await disputed(10_000n, 2_500n)
    const { committer, escrow } = world
    answerOf(await committer.submit({ kind: escrow.confirm, input: { ...made.bought, shipment: null } }))
    expect(await world.merchantHas(made.shop)).toBe(7_500n - 45n)
    answerOf(await committer.submit({ kind: escrow.offer, input: { ...made.ofShop, refundMinor: 1_000n } }))
    answerOf(await committer.submit({ kind: escrow.offer, input: { ...made.ofBuyer, refundMinor: 2_000n } }))
    const accepted = await committer.submit({ kind: escrow.accept, input: { ...made.ofShop, refundMinor: 2_000n } })
    expect(answerOf(accepted).escrow).toMatchObject({
      state: 'completed',
      released: '80.00',
      returned: '20.00',
      fee: '0.48',
    })
    expect([await world.walletOf(made.buyer), await world.merchantHas(made.shop)]).toEqual([2_100n, 7_952n])
  })

  it('is judged with four eyes: who proposed cannot approve, and the money moves with the approval', async () => {
    const made = await disputed(10_000n, 10_000n)
    const { committer, escrow } = world
    const evidence = { ...made.ofBuyer, statement: 'See the picture', documents: ['sha256:00ff'] }
    answerOf(await committer.submit({ kind: escrow.addEvidence, input: evidence }))
    answerOf(await committer.submit({ kind: escrow.escalate, input: made.ofShop }))
    const about = { trade: made.trade, dispute: 1, refundMinor: 3_333n }
    const proposal = { ...about, actor: asStaff(1), reason: 'A third was stale' }
    answerOf(await committer.submit({ kind: escrow.propose, input: proposal }))
    const own = await committer.submit({ kind: escrow.approve, input: { ...about, actor: asStaff(1) } })
    expect(told(own)).toBe('proposer_cannot_approve')
    const asSide = await committer.submit({ kind: escrow.approve, input: { ...about, actor: asMerchant(made.shop) } })
    expect(told(asSide)).toBe('actor_not_allowed')
    const judged = await committer.submit({ kind: escrow.approve, input: { ...about, actor: asStaff(2) } })
    expect(answerOf(judged).escrow).toMatchObject({
      state: 'completed',
      released: '66.67',
      returned: '33.33',
      fee: '0.40',
    })
    expect([await world.walletOf(made.buyer), await world.merchantHas(made.shop)]).toEqual([3_433n, 6_627n])
    const [kept] = await world.queries.evidence(made.trade, 1)
    expect(kept).toMatchObject({ side: 'buyer', number: 1, statement: 'See the picture', documents: ['sha256:00ff'] })
    const last = (await world.queries.steps(made.trade)).at(-1)
    expect(last).toMatchObject({ kind: 'judged', actor: { kind: 'staff', id: 'staff:2' } })
  })

  it('and a confirmation at once: what is disputed is not released, and what is released cannot be disputed', async () => {
    for (const disputesFirst of [true, false]) {
      const made = await deal(1_000n)
      answerOf(await ship(made))
      const { committer, escrow } = world
      const claim = { shipment: 1, claimMinor: 400n, reason: 'It is stale' }
      const dispute = () => committer.submit({ kind: escrow.dispute, input: { ...made.bought, ...claim } })
      const confirm = () => committer.submit({ kind: escrow.confirm, input: { ...made.bought, shipment: null } })
      const outcomes: { readonly status: string }[] = await Promise.all(
        disputesFirst ? [dispute(), confirm()] : [confirm(), dispute()],
      )
      const after = await world.queries.escrow(made.trade)
      if (disputesFirst) {
        expect(outcomes).toMatchObject([{ status: 'done' }, { status: 'done' }])
        expect(after?.trade).toMatchObject({ disputedMinor: 400n, releasedMinor: 600n })
      } else {
        expect(outcomes.map(({ status }) => status)).toEqual(['done', 'refused'])
        expect(after?.trade).toMatchObject({ disputedMinor: 0n, releasedMinor: 1_000n })
      }
    }
  })

  it('is confirmed or accepted once when both happen at once', async () => {
    const made = await disputed(1_000n, 400n)
    const { committer, escrow } = world
    const outcomes = await Promise.all([
      committer.submit({ kind: escrow.accept, input: { ...made.ofShop, refundMinor: 400n } }),
      committer.submit({ kind: escrow.withdraw, input: made.ofBuyer }),
      committer.submit({ kind: escrow.escalate, input: made.ofBuyer }),
      committer.submit({ kind: escrow.confirm, input: { ...made.bought, shipment: null } }),
      committer.submit({ kind: escrow.cancel, input: made.sold }),
    ])
    expect(outcomes.map(told)).toEqual(['done', 'dispute_ended', 'dispute_ended', 'done', 'trade_already_completed'])
    expect(await world.walletOf(made.buyer)).toBe(500n)
  })
})

describe('time', () => {
  it('returns what is not shipped, confirms what nobody confirms, and ends disputes that nobody answers', async () => {
    const { committer, escrow, clock } = world
    const unshipped = await deal(1_000n)
    const unpaid = await deal(1_000n, false)
    const silent = await deal(1_000n)
    answerOf(await ship(silent, 600n))
    const extended = await deal(1_000n)
    answerOf(await ship(extended))
    answerOf(await committer.submit({ kind: escrow.extend, input: { ...extended.bought, shipment: 1 } }))
    const claim = { shipment: 1, claimMinor: 250n, reason: 'Stale' }
    answerOf(await committer.submit({ kind: escrow.dispute, input: { ...silent.bought, ...claim } }))
    const state = async ({ trade }: Deal) => (await world.queries.escrow(trade))?.trade.state
    // Batches are a microsecond apart at least, so their times run a little ahead of a clock that stands.
    clock.advance(3 * DAY + MINUTE)
    await world.lapse()
    expect(await world.walletOf(silent.buyer)).toBe(350n)
    clock.advance(7 * DAY)
    await world.lapse()
    expect(await world.merchantHas(silent.shop)).toBe(348n)
    expect(await state(extended)).toBe('awaiting_confirmation')
    clock.advance(5 * DAY)
    await world.lapse()
    expect(await state(unshipped)).toBe('closed')
    expect(await world.walletOf(unshipped.buyer)).toBe(1_100n)
    expect((await world.queries.escrow(unpaid.trade))?.trade).toMatchObject({
      state: 'closed',
      closingCause: 'expired',
    })
    expect(await world.walletOf(silent.buyer)).toBe(750n)
    clock.advance(5 * DAY)
    await world.lapse()
    expect(await state(extended)).toBe('completed')
    expect(await world.lapse()).toBe(0)
  })

  it('waits for an account that is frozen, lets others pass, and goes on when it is open again', async () => {
    const { committer, escrow, clock, ledgerCommands } = world
    const made = await deal(1_000n)
    answerOf(await ship(made))
    const other = await deal(1_000n)
    answerOf(await ship(other))
    const account = (await world.wallets.merchantAccount(made.shop))?.account ?? 0
    const setState = (state: 'frozen' | 'open') =>
      committer.submit({ kind: ledgerCommands.setState, input: { account, state } })
    answerOf(await setState('frozen'))
    await world.lapse()
    clock.advance(10 * DAY + MINUTE)
    expect(await world.lapse()).toBe(1)
    expect((await world.queries.escrow(made.trade))?.trade).toMatchObject({
      state: 'awaiting_confirmation',
      openMinor: 1_000n,
    })
    expect((await world.queries.escrow(other.trade))?.trade.state).toBe('completed')
    expect(told(await committer.submit({ kind: escrow.lapse, input: { trade: other.trade } }))).toBe('trade_not_due')
    answerOf(await setState('open'))
    clock.advance(DAY)
    expect(await world.lapse()).toBe(1)
    expect(await world.merchantHas(made.shop)).toBe(994n)
  })
})
