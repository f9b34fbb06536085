import { verifyLedger } from '@huitong/ledger'
import type { Sql } from '@huitong/pg'
import { LIMIT_TIES } from '@huitong/pricing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { PAYMENT_TIES } from '../src/index.ts'
import { answerOf, MINUTE, type PaymentsWorld, START, startPaymentsWorld } from './payments-world.ts'

let world: PaymentsWorld
/** Of the tables, who can change what no program may. */
let owner: Sql

beforeAll(async () => {
  world = await startPaymentsWorld(59)
  owner = (await world.institution.dedicated({})).sql
  const { committer, payments } = world
  const [payer, payee] = [await world.customer(100_000n), await world.customer(0n)]
  const merchant = await world.merchant(0)
  const asked = { merchant, authorisationNumber: 'A-1', requestNumber: 'A-1', title: 'Deposit', details: {} }
  const codeHash = await world.paymentCode(payer)
  const input = { ...asked, amountMinor: 3000n, codeHash, expiresAt: START + 60 * MINUTE }
  const { authorisation } = answerOf(await committer.submit({ kind: payments.authorise, input }))
  expect(authorisation.id).toBeGreaterThan(0)
  const terms = { payer, payee, transferNumber: 'T-1', amountMinor: 500n, title: null, remark: null }
  answerOf(await committer.submit({ kind: payments.delayTransfer, input: { ...terms, delay: 60 * MINUTE } }))
})

afterAll(async () => {
  await world.committer.stop()
})

async function findings() {
  const report = await verifyLedger(world.institution.db, { ties: [...PAYMENT_TIES, ...LIMIT_TIES] })
  return report.findings.map(({ code, what, expected, found }) => {
    expect(code).toBe('business_differs')
    return `${what?.replace(/ [0-9]+$/, '')}: ${expected}, not ${found}`
  })
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
  it('finds that promised and spent money is what the ledger has', async () => {
    expect(await findings()).toEqual([])
  })

  it('finds an authorisation that was made larger than its hold', async () => {
    const add = (minor: number) => owner`update payments_authorisations set amount_minor = amount_minor + ${minor}`
    const found = await changed(
      () => add(1),
      () => add(-1),
    )
    expect(found).toEqual(['payments.authorisations of authorisation: 3000, not 3001'])
  })

  it('finds an authorisation that was ended by hand, whose money is still promised', async () => {
    const found = await changed(
      () => owner`
        update payments_authorisations set state = 'ended', ended_at = now(), ending_cause = 'cancelled', released_minor = 3000`,
      () => owner`
        update payments_authorisations set state = 'authorised', ended_at = null, ending_cause = null, released_minor = 0`,
    )
    expect(found).toEqual(['payments.authorisations of object: 3000, not nothing open'])
  })

  it('finds a held transfer whose hold is another', async () => {
    const [row] = await owner<{ hold_id: bigint }[]>`select hold_id from payments_delayed_transfers`
    const found = await changed(
      () => owner`update payments_delayed_transfers set hold_id = 7`,
      () => owner`update payments_delayed_transfers set hold_id = ${row?.hold_id ?? 0n}`,
    )
    expect(found).toEqual([
      'payments.delayed-transfers of transfer: no pending hold, not 500',
      'payments.delayed-transfers of object: 500, not nothing open',
    ])
  })

  it('finds counters of limits that were made smaller', async () => {
    const add = (minor: number) => owner`
      update pricing_spendings set lifetime_minor = lifetime_minor + ${minor} where lifetime_minor > 0`
    const found = await changed(
      () => add(-100),
      () => add(100),
    )
    expect(found).toEqual(['pricing.lifetime-counters of all persons: 3500, not 3400'])
  })
})
