import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { answerOf, DAY, fen, type MarketingWorld, order, START, startMarketingWorld, told } from './marketing-world.ts'

let world: MarketingWorld

beforeAll(async () => {
  world = await startMarketingWorld(21)
})

afterAll(async () => {
  expect(await world.untied()).toEqual([])
  await world.stop()
})

async function pay(buyer: number, merchant: number, number: string, totalMinor: bigint, details = {}) {
  const codeHash = await world.paymentCode(buyer)
  const input = { ...order(merchant, number, totalMinor), details, codeHash }
  return world.committer.submit({ kind: world.payments.payByCode, input })
}

async function refund(merchant: number, orderNumber: string, refundNumber: string, amountMinor: bigint) {
  const input = { merchant, trade: null, orderNumber, refundNumber, amountMinor, reason: null }
  return world.committer.submit({ kind: world.payments.refund, input })
}

const parts = (view: { readonly tenders?: readonly { tender: string; amount: string; returned: string }[] }) =>
  (view.tenders ?? []).map(({ tender, amount, returned }) => [tender, amount, returned])

describe('the example of docs/concepts/tenders.md', () => {
  it('comes out to the fen as the page says', async () => {
    const page = await readFile(new URL('../../../docs/concepts/tenders.md', import.meta.url), 'utf8')
    const friend = await world.customer(5_000n)
    const buyer = await world.customer(50_000n)
    const merchant = await world.merchant(6_000)
    const campaign = await world.campaign()
    const coupon = await world.claim(campaign, buyer)
    await world.packetMoney(friend, buyer, 888n)
    const rows: string[] = []
    const note = async (what: string) => {
      const { spent, left } = await campaignOf(campaign)
      const amounts = [await world.walletOf(buyer), await world.packetMoneyOf(buyer), await world.merchantHas(merchant)]
      rows.push(`| ${[what, ...amounts.map(yuan), spent, left].join(' | ')} |`)
    }
    await note('before')
    const paid = answerOf(await pay(buyer, merchant, 'example', 12_000n))
    expect(parts(paid.trade)).toEqual([
      ['coupon', '20.00', '0.00'],
      ['red_packet', '8.88', '0.00'],
      ['balance', '91.12', '0.00'],
    ])
    expect(paid.trade.fee).toBe('0.72')
    await note('paid 120.00')
    await refund(merchant, 'example', 'r1', 3_000n)
    await note('refunded 30.00')
    await refund(merchant, 'example', 'r2', 7_000n)
    await note('refunded 70.00 more')
    const last = answerOf(await refund(merchant, 'example', 'r3', 2_000n))
    await note('refunded the last 20.00')
    for (const row of rows) expect(page).toContain(row)
    expect(parts(last.trade).every(([, amount, returned]) => amount === returned)).toBe(true)
    // All of it came back, so the coupon can be used again.
    const again = answerOf(await pay(buyer, merchant, 'example-2', 12_000n))
    expect(again.trade.tenders?.[0]?.instrument).toBe(coupon)
  })
})

async function campaignOf(id: number) {
  const found = await world.queries.campaign(id)
  if (found === undefined) throw new Error('no campaign')
  return { spent: yuan(found.spentMinor), left: yuan(found.budgetMinor - found.spentMinor - found.withdrawnMinor) }
}

function yuan(minor: bigint): string {
  return `${minor / 100n}.${String(minor % 100n).padStart(2, '0')}`
}

describe('a payment', () => {
  it('reaches the seller as one transfer, and says in the ledger who gave the discount', async () => {
    const buyer = await world.customer(50_000n)
    const merchant = await world.merchant(0)
    await world.claim(await world.campaign(), buyer)
    const { trade } = answerOf(await pay(buyer, merchant, 'one-sum', 10_000n))
    const rows = await world.institution.db.read(
      (tx) => tx.sql<{ debit: string; credit: string; code: number; minor: string }[]>`
        select d.subject as debit, c.subject as credit, t.code, t.amount_minor::text as minor
        from ledger_transfers t join ledger_accounts d on d.id = t.debit_account join ledger_accounts c on c.id = t.credit_account
        where t.reference = ${trade.id} order by t.position`,
    )
    expect(rows.map((row) => ({ ...row }))).toEqual([
      { debit: '2207', credit: '2003', code: 102, minor: '2000' },
      { debit: '2001', credit: '2003', code: 2, minor: '8000' },
      { debit: '2003', credit: '2002', code: 2, minor: '10000' },
    ])
  })

  it('costs a merchant no fee on the discount that it gives itself, which comes back to its budget', async () => {
    const buyer = await world.customer(50_000n)
    const merchant = await world.merchant(10_000)
    answerOf(await pay(await world.customer(60_000n), merchant, 'turnover', 60_000n))
    const before = await world.merchantHas(merchant)
    const campaign = await world.campaign({ merchant, merchants: [merchant], budgetMinor: 5_000n })
    expect(before - (await world.merchantHas(merchant))).toBe(5_000n)
    await world.claim(campaign, buyer)
    const { trade } = answerOf(await pay(buyer, merchant, 'own-coupon', 10_000n))
    expect([trade.fee, trade.tenders?.[0]?.funder]).toEqual(['0.80', 'merchant'])
    answerOf(await refund(merchant, 'own-coupon', 'all', 10_000n))
    expect(await campaignOf(campaign)).toEqual({ spent: '0.00', left: '50.00' })
    const input = { campaign, merchant }
    answerOf(await world.committer.submit({ kind: world.marketing.closeCampaign, input }))
    expect(await world.merchantHas(merchant)).toBe(before)
  })

  it('is refused whole with the reason of each tender, and leaves everything as it was', async () => {
    const friend = await world.customer(5_000n)
    const buyer = await world.customer(1_000n)
    const merchant = await world.merchant(0)
    const coupon = await world.claim(await world.campaign(), buyer)
    await world.packetMoney(friend, buyer, 500n)
    const waiting = answerOf(
      await world.committer.submit({
        kind: world.payments.create,
        input: { ...order(merchant, 'too-much', 9_999n), buyer },
      }),
    )
    const confirm = (
      tenders: readonly { tender: 'coupon' | 'red_packet' | 'balance'; instrument: number | null }[] | null,
    ) =>
      world.committer.submit({
        kind: world.payments.pay,
        input: { trade: waiting.trade.id, customer: buyer, tenders },
      })
    expect(told(await confirm(null))).toBe('payer_without_funds coupon=coupon_below_minimum short=84.99')
    expect(told(await confirm([{ tender: 'coupon', instrument: coupon }]))).toBe(
      'tender_not_usable coupon=coupon_below_minimum',
    )
    expect(told(await confirm([{ tender: 'red_packet', instrument: null }]))).toBe('payer_without_funds short=94.99')
    expect(told(await confirm([{ tender: 'coupon', instrument: 1 }]))).toBe('tender_not_usable coupon=coupon_not_held')
    // A merchant learns nothing of the buyer's tenders.
    expect(told(await pay(buyer, merchant, 'too-much-2', 20_000n))).toBe('payer_without_funds')
    expect([await world.walletOf(buyer), await world.packetMoneyOf(buyer)]).toEqual([1_000n, 500n])
    const [held] = await world.queries.coupons(buyer, { limit: 1 })
    expect(held?.coupon.usedFor).toBeNull()
  })

  it('uses tenders in the customer’s order, the best coupon of several, and none that the merchant does not take', async () => {
    const friend = await world.customer(5_000n)
    const buyer = await world.customer(50_000n)
    const merchant = await world.merchant(0)
    const off = { form: 'percent_off', offMinor: null, offBps: 1_000, capMinor: 1_500n, minimumMinor: 100n } as const
    await world.claim(await world.campaign(off), buyer)
    await world.claim(await world.campaign(off), buyer)
    const best = await world.claim(await world.campaign({ offMinor: 1_200n, minimumMinor: 5_000n }), buyer)
    await world.packetMoney(friend, buyer, 300n)
    const first = answerOf(await pay(buyer, merchant, 'order-1', 8_000n))
    expect(first.trade.tenders?.[0]?.instrument).toBe(best)
    const order = { customer: buyer, order: ['balance', 'coupon'] as const }
    answerOf(await world.committer.submit({ kind: world.payments.orderTenders, input: order }))
    expect(parts(answerOf(await pay(buyer, merchant, 'order-2', 8_000n)).trade)).toEqual([['balance', '80.00', '0.00']])
    const usual = { customer: buyer, order: ['coupon', 'balance'] as const }
    answerOf(await world.committer.submit({ kind: world.payments.orderTenders, input: usual }))
    const without = { without_tenders: 'coupon' }
    expect(parts(answerOf(await pay(buyer, merchant, 'order-3', 8_000n, without)).trade)[0]?.[0]).toBe('balance')
    // Only 50.00 of it may be discounted, by a tenth.
    const discountable = { discountable: '5000' }
    expect(parts(answerOf(await pay(buyer, merchant, 'order-4', 8_000n, discountable)).trade)[0]).toEqual([
      ...['coupon', '5.00', '0.00'],
    ])
    const wrong = [['balance', 'balance'], ['coupon'], []] as const
    for (const list of wrong) {
      const input = { customer: buyer, order: list }
      expect(told(await world.committer.submit({ kind: world.payments.orderTenders, input }))).toBe(
        'tenders_do_not_fit',
      )
    }
  })

  it('shows before it is made what it would take, as it then does', async () => {
    const friend = await world.customer(5_000n)
    const buyer = await world.customer(50_000n)
    const merchant = await world.merchant(0)
    await world.claim(await world.campaign(), buyer)
    await world.packetMoney(friend, buyer, 300n)
    await world.committer.flush()
    const terms = { buyer, merchant, totalMinor: 15_000n, details: {} }
    const quote = await world.tenders.quote(terms, null, world.clock.now())
    const { trade } = answerOf(await pay(buyer, merchant, 'quoted', 15_000n))
    expect(quote.plan.offers.map((offer) => [offer.tender, offer.instrument, offer.amountMinor])).toEqual(
      trade.tenders?.map((part) => [part.tender, part.instrument, fen(part.amount)]),
    )
    expect(quote.instruments.map((offer) => offer.tender)).toEqual(['coupon', 'red_packet'])
  })
})

describe('a coupon', () => {
  it.each([
    ['before its time', { validFrom: START + DAY }, {}, 'coupon_not_yet_valid'],
    ['at another merchant', { merchants: [] }, {}, 'coupon_for_other_merchants'],
    ['for other goods', { goods: ['tea'] }, { goods: '[["milk","20000"]]' }, 'coupon_for_other_goods'],
    ['for too little of its goods', { goods: ['tea'] }, { goods: '[["tea","9999"]]' }, 'coupon_below_minimum'],
    ['of a spent budget', { budgetMinor: 1_999n }, {}, 'coupon_budget_spent'],
  ])('gives nothing %s', async (name, terms, details, fault) => {
    const buyer = await world.customer(0n)
    const merchant = await world.merchant(0)
    const merchants = fault === 'coupon_for_other_merchants' ? [await world.merchant(0)] : []
    const coupon = await world.claim(await world.campaign({ ...terms, merchants }), buyer)
    const input = { ...order(merchant, `c-${name.replaceAll(' ', '_')}`, 20_000n), details, buyer }
    const { trade } = answerOf(await world.committer.submit({ kind: world.payments.create, input }))
    const tenders = [{ tender: 'coupon', instrument: coupon }] as const
    const paid = await world.committer.submit({
      kind: world.payments.pay,
      input: { trade: trade.id, customer: buyer, tenders },
    })
    expect(told(paid)).toBe(`tender_not_usable coupon=${fault}`)
  })

  it('is taken as often as its campaign says, and not when there is none left', async () => {
    const buyer = await world.customer(0n)
    const campaign = await world.campaign({ perPerson: 1, couponsMax: 2 })
    const claim = (customer: number, id = campaign) =>
      world.committer.submit({ kind: world.marketing.claimCoupon, input: { campaign: id, customer } })
    expect(told(await claim(buyer))).toBe('done')
    expect(told(await claim(buyer))).toBe('coupons_per_person')
    expect(told(await claim(await world.customer(0n)))).toBe('done')
    expect(told(await claim(await world.customer(0n)))).toBe('coupons_gone')
    expect(told(await claim(buyer, 1))).toBe('campaign_not_found')
    expect(told(await claim(1))).toBe('customer_not_found')
  })

  it.each([
    ['more off than must be bought', { offMinor: 10_001n }],
    ['nothing off', { offMinor: 0n }],
    ['both forms', { offBps: 100 }],
    ['no end', { validUntil: START }],
    ['a merchant that pays for others', { merchant: 5 }],
    ['none a person', { perPerson: 0 }],
  ])('cannot be of %s', async (_, terms) => {
    const merchant = 'merchant' in terms ? await world.merchant(0) : null
    await expect(world.campaign({ ...terms, merchant })).rejects.toThrow('campaign_terms_invalid')
  })

  it('goes on to whoever paid for it when it comes back after its campaign', async () => {
    const buyer = await world.customer(50_000n)
    const merchant = await world.merchant(0)
    const campaign = await world.campaign({ budgetMinor: 4_000n })
    await world.claim(campaign, buyer)
    answerOf(await pay(buyer, merchant, 'late', 10_000n))
    const spent = await world.onSubject('6007')
    answerOf(await world.committer.submit({ kind: world.marketing.closeCampaign, input: { campaign, merchant: null } }))
    expect(await world.onSubject('6007')).toBe(spent + 2_000n)
    answerOf(await refund(merchant, 'late', 'half', 5_000n))
    answerOf(await refund(merchant, 'late', 'rest', 5_000n))
    expect(await world.onSubject('6007')).toBe(spent + 4_000n)
    const [held] = await world.queries.coupons(buyer, { limit: 1 })
    expect(held?.coupon.usedFor).not.toBeNull()
  })
})

describe('at once', () => {
  it('two payments on the last money of a campaign: one gets it, the other is paid without', async () => {
    const merchant = await world.merchant(0)
    const campaign = await world.campaign({ budgetMinor: 2_000n })
    const buyers = [await world.customer(50_000n), await world.customer(50_000n)]
    for (const buyer of buyers) await world.claim(campaign, buyer)
    const paid = await Promise.all(buyers.map((buyer, index) => pay(buyer, merchant, `last-${index}`, 10_000n)))
    const given = paid.map((outcome) => answerOf(outcome).trade.tenders?.[0]?.tender).toSorted()
    expect(given).toEqual(['balance', 'coupon'])
    expect(await campaignOf(campaign)).toEqual({ spent: '20.00', left: '0.00' })
  })

  it('two payments with the same coupon: it is used once', async () => {
    const merchant = await world.merchant(0)
    const buyer = await world.customer(50_000n)
    await world.claim(await world.campaign(), buyer)
    const paid = await Promise.all([1, 2].map((index) => pay(buyer, merchant, `same-${index}`, 10_000n)))
    const used = paid.filter((outcome) => answerOf(outcome).trade.tenders?.[0]?.tender === 'coupon')
    expect(used).toHaveLength(1)
  })

  it('refunds of a payment from several tenders: each tender gets back what it gave and no more', async () => {
    const friend = await world.customer(5_000n)
    const buyer = await world.customer(50_000n)
    const merchant = await world.merchant(6_000)
    await world.claim(await world.campaign(), buyer)
    await world.packetMoney(friend, buyer, 777n)
    answerOf(await pay(buyer, merchant, 'race', 10_003n))
    const outcomes = await Promise.all(
      [3_334n, 3_334n, 3_334n, 3_335n, 1n].map((minor, index) => refund(merchant, 'race', `r${index}`, minor)),
    )
    expect(outcomes.map(told)).toEqual(['done', 'done', 'done', 'refund_exceeds_rest', 'done'])
    expect([await world.walletOf(buyer), await world.packetMoneyOf(buyer)]).toEqual([50_000n, 777n])
  })
})
