import { beforeAll, expect, test } from 'vitest'
import { createPayingGuard, type PayingGuard } from '../src/index.ts'
import { answerOf, order, type PaymentsWorld, startPaymentsWorld, told } from './payments-world.ts'

let world: PaymentsWorld
let guard: PayingGuard
let merchant: number
let numbers = 0

beforeAll(async () => {
  world = await startPaymentsWorld(41)
  const { institution, committer, payments } = world
  guard = createPayingGuard({ db: institution.db, committer, payments })
  merchant = await world.merchant(6000)
})

async function payByCode(codeHash: string): Promise<string> {
  numbers += 1
  const input = { ...order(merchant, `stop-${numbers}`, 100n), codeHash }
  return told(await world.committer.submit({ kind: world.payments.payByCode, input }))
}

test('a customer whose device is lost pays nothing, by no code that was shown before, and is still paid', async () => {
  const customer = await world.customer(10_000n)
  const before = await world.paymentCode(customer)
  await guard.stop(customer, 'devi_1')
  expect(await guard.isStopped(customer)).toBe(true)
  expect(await payByCode(before)).toBe('payment_code_invalid')
  expect(await payByCode(await world.paymentCode(customer))).toBe('payer_blocked')
  answerOf(await world.committer.submit({ kind: world.payments.topUp, input: { customer, amountMinor: 500n } }))

  await guard.allow(customer)
  expect(await guard.isStopped(customer)).toBe(false)
  expect(await payByCode(before)).toBe('payment_code_invalid')
  expect(await payByCode(await world.paymentCode(customer))).toBe('done')
  expect(await world.imbalance()).toEqual([0n, 0n])
})

test('many who say so at once place one freeze, and one word lifts it', async () => {
  const customer = await world.customer(10_000n)
  await Promise.all(Array.from({ length: 8 }, () => guard.stop(customer, 'devi_2')))
  const rows = await world.institution.db.read(
    (tx) => tx.sql<{ state: number }[]>`select state from ledger_freezes where reference = 'devi_2'`,
  )
  await world.committer.flush()
  expect(rows.length).toBeLessThanOrEqual(1)
  await Promise.all(Array.from({ length: 8 }, () => guard.allow(customer)))
  expect(await payByCode(await world.paymentCode(customer))).toBe('done')
  await guard.allow(customer)
  await guard.stop(customer, 'devi_2')
  expect(await payByCode(await world.paymentCode(customer))).toBe('payer_blocked')
})

test('a stop meets payments in one batch: each is paid before it or refused after it', async () => {
  const customer = await world.customer(10_000n)
  const codes = await Promise.all(Array.from({ length: 10 }, () => world.paymentCode(customer)))
  const [, ...paid] = await Promise.all([guard.stop(customer, 'devi_3'), ...codes.map(payByCode)])
  expect(new Set(paid)).toEqual(new Set(paid.filter((code) => ['done', 'payment_code_invalid'].includes(code))))
  const left = 10_000 - 100 * paid.filter((code) => code === 'done').length
  expect(await world.walletOf(customer)).toBe((left / 100).toFixed(2))
  expect(await world.imbalance()).toEqual([0n, 0n])
})

test('nobody without a wallet can be stopped, and who is not stopped can be allowed', async () => {
  await expect(guard.stop(77, 'devi_4')).rejects.toMatchObject({ code: 'customer_not_found' })
  await guard.allow(77)
  expect(await guard.isStopped(77)).toBe(false)
})
