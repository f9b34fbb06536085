import { verifyLedger } from '@huitong/ledger'
import type { Sql } from '@huitong/pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ESCROW_TIES } from '../src/index.ts'
import { answerOf, asBuyer, asMerchant, type EscrowWorld, startEscrowWorld } from './escrow-world.ts'

let world: EscrowWorld
/** Of the tables, who can change what no program may. */
let owner: Sql
let shop: number

beforeAll(async () => {
  world = await startEscrowWorld(53)
  owner = (await world.institution.dedicated({})).sql
  const { committer, escrow } = world
  shop = await world.merchant(6000)
  for (const [index, totalMinor] of [5000n, 700n].entries()) {
    const buyer = await world.customer(totalMinor)
    const terms = { merchant: shop, orderNumber: `T-${index}`, buyer, subject: 'Tea', totalMinor, expiresAt: null }
    const opened = answerOf(await committer.submit({ kind: escrow.open, input: { ...terms, actor: asMerchant(shop) } }))
    answerOf(await committer.submit({ kind: escrow.pay, input: { trade: opened.escrow.id, actor: asBuyer(buyer) } }))
  }
})

afterAll(() => world.stop())

async function findings() {
  const report = await verifyLedger(world.institution.db, { ties: ESCROW_TIES })
  return report.findings.map(({ code, what, expected, found }) => ({ code, what, expected, found }))
}

async function changed(change: () => Promise<unknown>, back: () => Promise<unknown>) {
  await change()
  try {
    return await findings()
  } finally {
    await back()
    expect(await findings()).toEqual([])
  }
}

describe('ledger verify', () => {
  it('finds that trades hold what the escrow accounts have, also before balances are written back', async () => {
    expect(await findings()).toEqual([])
    await world.committer.flush()
    expect(await findings()).toEqual([])
  })

  it('finds a trade that was made to hold less than its account has', async () => {
    const move = (minor: number) => owner`
      update escrow_trades set unshipped_minor = unshipped_minor - ${minor}, released_minor = released_minor + ${minor}
      where order_number = 'T-0'`
    const found = await changed(
      () => move(1),
      () => move(-1),
    )
    expect(found).toEqual([
      { code: 'business_differs', what: `escrow.held of merchant ${shop}`, expected: '5700', found: '5699' },
    ])
  })

  it('finds an escrow account that its merchant was made to forget', async () => {
    const [row] = await owner<{ account_id: bigint; opened_at: number }[]>`
      select account_id, opened_at from escrow_accounts where merchant_id = ${shop}`
    if (row === undefined) throw new Error('the merchant has an escrow account')
    const found = await changed(
      () => owner`delete from escrow_accounts where merchant_id = ${shop}`,
      () => owner`
        insert into escrow_accounts (merchant_id, account_id, opened_at)
        values (${shop}, ${row.account_id}, ${row.opened_at})`,
    )
    expect(found).toEqual([{ code: 'business_differs', what: 'escrow.held of nobody', expected: '5700', found: '0' }])
  })
})
