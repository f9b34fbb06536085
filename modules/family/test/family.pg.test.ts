import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { INVITATION_LIFE, LINKS_MAX } from '../src/family-link.ts'
import { answerOf, DAY, type FamilyWorld, startFamilyWorld, told } from './family-world.ts'

let world: FamilyWorld

beforeAll(async () => {
  world = await startFamilyWorld(11)
})

afterAll(async () => {
  expect(await world.findings()).toEqual([])
  await world.stop()
})

const family = (instrument: number) => ({ tender: 'family', instrument }) as const
const balance = { tender: 'balance', instrument: null } as const

function invite(owner: number, member: number, monthMinor = 10_000n) {
  const bounds = { singleMinor: null, dayMinor: null, monthMinor }
  return world.committer.submit({ kind: world.family.invite, input: { owner, member, relation: 'other', bounds } })
}

async function paid(buyer: number, totalMinor: bigint, ...tenders: Parameters<FamilyWorld['pay']>[2]) {
  const trade = await world.order(buyer, totalMinor)
  return { trade, outcome: await world.pay(trade, buyer, tenders) }
}

describe('a payment with a relative’s money', () => {
  it('leaves the owner’s wallet, counts against the owner and the link, and comes back there', async () => {
    const [owner, member] = [await world.customer(50_000n), await world.customer(1_000n)]
    const link = await world.link(owner, member, { dayMinor: 30_000n })
    const { trade, outcome } = await paid(member, 12_000n, family(link))
    expect(answerOf(outcome)).toMatchObject({
      trade: { state: 'paid', tenders: [{ tender: 'family', instrument: link, funder: 'relative', amount: '120.00' }] },
    })
    expect([await world.walletOf(owner), await world.walletOf(member)]).toEqual([38_000n, 1_000n])
    expect((await world.queries.link(link))?.link).toMatchObject({ spentDayMinor: 12_000n, spentMonthMinor: 12_000n })
    expect(await spentOf(owner)).toBe(12_000n)
    expect(await spentOf(member)).toBe(0n)
    expect(told(await world.refund(trade, 2_000n))).toBe('done')
    expect([await world.walletOf(owner), await world.walletOf(member)]).toEqual([40_000n, 1_000n])
    expect((await world.queries.link(link))?.link).toMatchObject({ spentDayMinor: 10_000n, spentMonthMinor: 10_000n })
    expect(await spentOf(owner)).toBe(10_000n)
    expect(told(await world.refund(trade, 10_000n))).toBe('done')
    expect(await world.walletOf(owner)).toBe(50_000n)
    expect(await spentOf(owner)).toBe(0n)
    expect((await world.queries.uses(link, { limit: 10, after: Number.MAX_SAFE_INTEGER }))[0]).toMatchObject({
      ...{ purchase: trade, amountMinor: 12_000n, returnedMinor: 12_000n },
    })
  })

  it('takes the rest from the balance when the link allows a part, and refunds come to the last used first', async () => {
    const [owner, member] = [await world.customer(50_000n), await world.customer(9_000n)]
    const link = await world.link(owner, member, { singleMinor: 5_000n })
    const { trade, outcome } = await paid(member, 8_000n, family(link), balance)
    expect(told(outcome)).toBe('done')
    expect([await world.walletOf(owner), await world.walletOf(member)]).toEqual([45_000n, 6_000n])
    expect([await spentOf(owner), await spentOf(member)]).toEqual([5_000n, 3_000n])
    expect(told(await world.refund(trade, 4_000n))).toBe('done')
    expect([await world.walletOf(owner), await world.walletOf(member)]).toEqual([46_000n, 9_000n])
    expect([await spentOf(owner), await spentOf(member)]).toEqual([4_000n, 0n])
  })

  it('never happens in the usual order, nor with a link that is not named', async () => {
    const [owner, member] = [await world.customer(50_000n), await world.customer(0n)]
    await world.link(owner, member)
    const trade = await world.order(member, 100n)
    const asked = { trade, customer: member, strength: 'two_factors' as const, tenders: null }
    expect(told(await world.committer.submit({ kind: world.payments.pay, input: asked }))).toContain(
      'payer_without_funds',
    )
    expect(told(await world.pay(trade, member, [{ tender: 'family', instrument: null }]))).toContain('family=not_named')
  })

  it('is shown before it is made, with each link as a way to pay', async () => {
    const [owner, member] = [await world.customer(50_000n), await world.customer(0n)]
    const link = await world.link(owner, member)
    const order = { buyer: member, merchant: world.merchant, totalMinor: 700n, details: {} }
    const now = world.clock.now()
    const quote = await world.tenders.quote(order, [family(link)], now)
    expect(quote).toMatchObject({ plan: { shortMinor: 0n }, instruments: [{ tender: 'family', instrument: link }] })
    await world.step(link, owner, { action: 'pause' })
    const paused = await world.tenders.quote(order, [family(link)], now)
    expect([paused.plan.unusable?.fault, paused.instruments]).toEqual(['link_paused', []])
  })

  it('tells the one who pays why it is not made', async () => {
    const owner = await world.customer(3_000n)
    const [member, stranger] = [await world.customer(0n), await world.customer(0n)]
    const link = await world.link(owner, member, { dayMinor: 5_000n, monthMinor: 6_000n })
    const fault = async (totalMinor: bigint, buyer = member) =>
      told((await paid(buyer, totalMinor, family(link))).outcome).replace('tender_not_usable family=', '')
    expect(await fault(100n, stranger)).toBe('link_unknown')
    expect(await fault(4_000n)).toBe('owner_short')
    expect(await fault(3_000n)).toBe('done')
    expect(await fault(2_000n)).toBe('owner_short')
    answerOf(
      await world.committer.submit({ kind: world.payments.topUp, input: { customer: owner, amountMinor: 9_000n } }),
    )
    expect(await fault(2_000n)).toBe('done')
    expect(await fault(1n)).toBe('link_spent')
    await world.step(link, owner, { action: 'pause' })
    expect(await fault(1n)).toBe('link_paused')
    await world.step(link, member, { action: 'end' })
    expect(await fault(1n)).toBe('link_unknown')
  })

  it('is bounded by the owner’s own limits of the law, whatever the link says', async () => {
    // A class I account pays 1,000.00 in its life.
    const [owner, member] = [await world.customer(500_000n, 1), await world.customer(0n)]
    const link = await world.link(owner, member, { monthMinor: 500_000n })
    const first = await paid(member, 99_999n, family(link))
    expect(told(first.outcome)).toBe('done')
    expect(told((await paid(member, 2n, family(link))).outcome)).toBe('tender_not_usable family=owner_limit')
    expect(told((await paid(member, 1n, family(link))).outcome)).toBe('done')
    expect(told(await world.refund(first.trade, 500n))).toBe('done')
    expect(told((await paid(member, 500n, family(link))).outcome)).toBe('done')
  })
})

describe('the windows of a link', () => {
  it('begin at midnight in Beijing, and a refund counts for the day of its payment', async () => {
    const [owner, member] = [await world.customer(100_000n), await world.customer(0n)]
    const link = await world.link(owner, member, { dayMinor: 1_000n })
    // To five seconds before midnight in Beijing.
    const intoDay = (world.clock.now() + 8 * 3_600_000_000) % DAY
    world.clock.advance(DAY - intoDay - 5_000_000)
    const first = await paid(member, 1_000n, family(link))
    expect(told(first.outcome)).toBe('done')
    expect(told((await paid(member, 1n, family(link))).outcome)).toContain('link_spent')
    world.clock.advance(6_000_000)
    expect(told((await paid(member, 900n, family(link))).outcome)).toBe('done')
    expect(told(await world.refund(first.trade, 1_000n))).toBe('done')
    expect(told((await paid(member, 101n, family(link))).outcome)).toContain('payer_without_funds')
    expect(told((await paid(member, 100n, family(link))).outcome)).toBe('done')
  })
})

describe('at once', () => {
  it('two payments at the bound: one is made', async () => {
    const [owner, member] = [await world.customer(100_000n), await world.customer(0n)]
    const link = await world.link(owner, member, { monthMinor: 1_500n })
    const trades = [await world.order(member, 1_000n), await world.order(member, 1_000n)]
    const outcomes = await Promise.all(trades.map((trade) => world.pay(trade, member, [family(link)])))
    expect(outcomes.map(told).sort()).toEqual(['done', expect.stringContaining('payer_without_funds')])
    expect(await world.walletOf(owner)).toBe(99_000n)
  })

  it('an end and a payment: either order, and nothing after the end', async () => {
    const [owner, member] = [await world.customer(100_000n), await world.customer(0n)]
    const link = await world.link(owner, member)
    const trade = await world.order(member, 1_000n)
    const [ended, payment] = await Promise.all([
      world.step(link, owner, { action: 'end' }),
      world.pay(trade, member, [family(link)]),
    ])
    expect(told(ended)).toBe('done')
    expect(await world.walletOf(owner)).toBe(told(payment) === 'done' ? 99_000n : 100_000n)
    expect(told((await paid(member, 1n, family(link))).outcome)).toContain('link_unknown')
  })

  it('an acceptance and a withdrawal: it ends ended', async () => {
    const [owner, member] = [await world.customer(0n), await world.customer(0n)]
    const { link } = answerOf(await invite(owner, member))
    await Promise.all([
      world.step(link.id, member, { action: 'accept' }),
      world.step(link.id, owner, { action: 'end' }),
    ])
    expect((await world.queries.link(link.id))?.link.state).toBe('ended')
  })

  it('two invitations of the same relative: one is made', async () => {
    const [owner, member] = [await world.customer(0n), await world.customer(0n)]
    const outcomes = await Promise.all([invite(owner, member), invite(owner, member)])
    expect(outcomes.map(told).sort()).toEqual(['done', 'linked_already'])
  })
})

describe('an invitation', () => {
  it('is refused with the reason', async () => {
    const [owner, member] = [await world.customer(0n), await world.customer(0n)]
    expect(told(await invite(owner, 999_999))).toBe('relative_not_found')
    expect(told(await invite(owner, owner))).toBe('relative_is_self')
    expect(told(await invite(owner, member, 0n))).toBe('bounds_invalid')
    expect(told(await invite(owner, member, -1n))).toBe('bounds_invalid')
    expect(told(await invite(owner, member, 5_000_001n))).toBe('bounds_invalid')
    expect(told(await invite(owner, member))).toBe('done')
    expect(told(await invite(owner, member))).toBe('linked_already')
    // The other way round it is another link.
    expect(told(await invite(member, owner))).toBe('done')
  })

  it('is over after a day, and makes room for another', async () => {
    const [owner, member] = [await world.customer(0n), await world.customer(0n)]
    const { link } = answerOf(await invite(owner, member))
    world.clock.advance(INVITATION_LIFE + 1_000_000)
    expect(told(await world.step(link.id, member, { action: 'accept' }))).toBe('invitation_over')
    expect(told(await invite(owner, member))).toBe('done')
    expect((await world.queries.link(link.id))?.link.state).toBe('ended')
  })

  it('is one of so many that one may have', async () => {
    const owner = await world.customer(0n)
    for (let count = 0; count < LINKS_MAX; count += 1) answerOf(await invite(owner, await world.customer(0n)))
    expect(told(await invite(owner, await world.customer(0n)))).toBe('links_full')
  })

  it('takes two accounts that can take part', async () => {
    const [owner, member] = [await world.customer(0n), await world.customer(0n)]
    const freeze = { customer: owner, action: 'freeze', reference: 'case 1' } as const
    const { link } = answerOf(await invite(owner, member))
    answerOf(await world.committer.submit({ kind: world.payments.setCustomerState, input: freeze }))
    expect(told(await world.step(link.id, member, { action: 'accept' }))).toBe('relative_blocked')
    expect(told(await invite(member, owner))).toBe('relative_blocked')
    expect(told(await world.step(link.id, member, { action: 'end' }))).toBe('done')
  })

  it('is nobody else’s business', async () => {
    const [owner, member, stranger] = [await world.customer(0n), await world.customer(0n), await world.customer(0n)]
    const { link } = answerOf(await invite(owner, member))
    expect(told(await world.step(link.id, stranger, { action: 'end' }))).toBe('link_not_found')
    expect(told(await world.step(link.id, owner, { action: 'accept' }))).toContain('family_not_allowed')
    expect(told(await world.step(link.id, null, { action: 'end' }))).toBe('done')
  })
})

describe('verify', () => {
  it('finds a window that was changed by hand', async () => {
    const [owner, member] = [await world.customer(10_000n), await world.customer(0n)]
    const link = await world.link(owner, member)
    expect(told((await paid(member, 700n, family(link))).outcome)).toBe('done')
    await world.committer.flush()
    const { sql, close } = await world.institution.dedicated({})
    await sql`update family_links set spent_month_minor = spent_month_minor + 1 where id = ${link}`
    expect((await world.findings()).join()).toContain(`family.windows of link ${link}`)
    await sql`update family_links set spent_month_minor = spent_month_minor - 1 where id = ${link}`
    await close()
  })
})

async function spentOf(customer: number): Promise<bigint> {
  await world.committer.flush()
  const [row] = await world.institution.db.read(
    ({ sql }) =>
      sql<{ minor: bigint }[]>`select lifetime_minor as minor from pricing_spendings where person = ${customer}`,
  )
  return row?.minor ?? 0n
}
