import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import type { StatusInput } from '../src/lifecycle-commands.ts'
import { answerOf, order, type PaymentsWorld, startPaymentsWorld, told } from './payments-world.ts'

let world: PaymentsWorld
let merchant: number
let numbers = 0

beforeAll(async () => {
  world = await startPaymentsWorld(57)
  merchant = await world.merchant(6000)
})

const close = (customer: number, payTo: number | null) =>
  world.committer.submit({ kind: world.payments.closeWallet, input: { customer, payTo } })
const become = (customer: number, action: StatusInput['action']) =>
  world.committer.submit({ kind: world.payments.setCustomerState, input: { customer, action, reference: 'case 7' } })
const estate = (customer: number, heir: number) =>
  world.committer.submit({ kind: world.payments.payEstate, input: { customer, heir, reference: 'judgement 3' } })

async function pay(customer: number, amountMinor: bigint): Promise<string> {
  numbers += 1
  const codeHash = await world.paymentCode(customer)
  const input = { ...order(merchant, `life-${numbers}`, amountMinor), codeHash }
  return told(await world.committer.submit({ kind: world.payments.payByCode, input }))
}

async function transfer(from: number, to: number): Promise<string> {
  numbers += 1
  const terms = { payer: { kind: 'customer', id: from }, payee: to, amountMinor: 10n } as const
  const input = { ...terms, transferNumber: `L${numbers}`, title: null, remark: null }
  return told(await world.committer.submit({ kind: world.payments.transfer, input }))
}

async function walletAccount(customer: number): Promise<number> {
  const wallet = await world.queries.wallet(customer)
  return wallet?.account ?? 0
}

describe('closing', () => {
  test('with money left goes to whom the customer names, in one commit, once', async () => {
    const [leaver, friend] = [await world.customer(12_345n), await world.customer(0n)]
    const refused = await close(leaver, null)
    expect(refused).toMatchObject({ status: 'refused', refusal: { code: 'money_left', facts: { left: '123.45' } } })
    expect(told(await close(leaver, leaver))).toBe('payer_is_payee')
    expect(told(await close(leaver, 77))).toBe('payee_not_found')
    const codeHash = await world.paymentCode(leaver)
    const answers = await Promise.all(Array.from({ length: 5 }, () => close(leaver, friend)))
    expect(answers.map(answerOf).filter(({ changed }) => changed)).toEqual([
      { status: 'closed', paidOut: '123.45', changed: true },
    ])
    expect(await world.walletOf(friend)).toBe('123.45')
    expect(await world.walletOf(leaver)).toBe('0.00')
    const input = { ...order(merchant, 'after', 1n), codeHash }
    expect(told(await world.committer.submit({ kind: world.payments.payByCode, input }))).toBe('payment_code_invalid')
    expect(await transfer(friend, leaver)).toBe('payee_blocked')
    expect(await world.imbalance()).toEqual([0n, 0n])
  })

  test('an empty account needs nobody', async () => {
    expect(answerOf(await close(await world.customer(0n), null))).toMatchObject({ status: 'closed', paidOut: '0.00' })
  })

  test('is refused while money is promised or frozen, whoever would get it, with the reason', async () => {
    const [leaver, friend] = [await world.customer(10_000n), await world.customer(0n)]
    const { committer, ledger, payments } = world
    const wallet = await walletAccount(leaver)
    const freeze = { account: wallet, cause: 'judicial', amountMinor: 500n, reference: 'court 1' } as const
    const placed = answerOf(
      await committer.submit({
        kind: ledger.placeFreeze,
        input: { ...freeze, blocksIncoming: false, expiresAt: null },
      }),
    )
    expect(told(await close(leaver, friend))).toBe('account_frozen')
    answerOf(
      await committer.submit({ kind: ledger.liftFreeze, input: { freeze: placed.freeze, authority: 'judicial' } }),
    )
    const sent = { payer: leaver, transferNumber: 'promised' } as const
    const terms = { ...sent, payee: friend, amountMinor: 100n, title: null, remark: null, delay: 2 * 3600 * 1_000_000 }
    answerOf(await committer.submit({ kind: payments.delayTransfer, input: terms }))
    expect(told(await close(leaver, friend))).toBe('money_promised')
    // Whom money is promised to cannot close either.
    expect(told(await close(friend, null))).toBe('money_promised')
    answerOf(await committer.submit({ kind: payments.recallTransfer, input: sent }))
    expect(told(await close(leaver, friend))).toBe('done')
  })
})

describe('a death', () => {
  test('stops all that goes out and all that would come in anew, and the estate goes to the heir once', async () => {
    const [dead, heir] = [await world.customer(5_000n), await world.customer(0n)]
    expect(await pay(dead, 100n)).toBe('done')
    const live = await world.paymentCode(dead)
    expect(told(await estate(dead, heir))).toBe('lifecycle_not_allowed')
    expect(answerOf(await become(dead, 'record_death'))).toMatchObject({ status: 'deceased', changed: true })
    expect(answerOf(await become(dead, 'record_death')).changed).toBe(false)
    const input = { ...order(merchant, 'dead', 1n), codeHash: live }
    expect(told(await world.committer.submit({ kind: world.payments.payByCode, input }))).toBe('payment_code_invalid')
    expect([await transfer(dead, heir), await transfer(heir, dead)]).toEqual(['payer_blocked', 'payee_blocked'])
    expect(told(await close(dead, heir))).toBe('lifecycle_not_allowed')
    expect(told(await estate(dead, dead))).toBe('payer_is_payee')
    const answers = await Promise.all(Array.from({ length: 4 }, () => estate(dead, heir)))
    expect(answers.map(answerOf).filter(({ changed }) => changed)).toHaveLength(1)
    expect(await world.walletOf(heir)).toBe('49.00')
    expect(told(await become(dead, 'withdraw_death'))).toBe('lifecycle_not_allowed')
    expect(await world.imbalance()).toEqual([0n, 0n])
  })

  test('that was said in error is taken back', async () => {
    const alive = await world.customer(500n)
    answerOf(await become(alive, 'record_death'))
    answerOf(await become(alive, 'withdraw_death'))
    expect(await pay(alive, 100n)).toBe('done')
  })
})

test('a dormant wallet moves again on its owner’s word, and not before', async () => {
  const sleeper = await world.customer(500n)
  await world.sleep(await walletAccount(sleeper))
  expect(await pay(sleeper, 1n)).toBe('payer_blocked')
  expect(told(await close(sleeper, await world.customer(0n)))).toBe('payer_blocked')
  const wake = () => world.committer.submit({ kind: world.payments.wakeWallet, input: { customer: sleeper } })
  expect(answerOf(await wake())).toMatchObject({ changed: true })
  expect(answerOf(await wake())).toMatchObject({ changed: false })
  expect(await pay(sleeper, 1n)).toBe('done')
})

test('whatever is tried in whatever order, no money is lost and who is closed stays closed', async () => {
  const heir = await world.customer(0n)
  const steps = ['freeze', 'unfreeze', 'record_death', 'withdraw_death', 'close', 'estate', 'pay'] as const
  await fc.assert(
    fc.asyncProperty(fc.array(fc.constantFrom(...steps), { maxLength: 10 }), async (history) => {
      const customer = await world.customer(1_000n)
      const before = Number(await world.walletOf(heir))
      let closed = false
      let paid = 0
      for (const step of history) {
        if (step === 'pay') paid += (await transfer(customer, heir)) === 'done' ? 0.1 : 0
        else if (step === 'close') closed = told(await close(customer, heir)) === 'done' || closed
        else if (step === 'estate') closed = told(await estate(customer, heir)) === 'done' || closed
        else if (closed) expect(told(await become(customer, step))).toBe('lifecycle_not_allowed')
        else await become(customer, step)
      }
      const gone = closed ? 10 : paid
      expect(Number(await world.walletOf(heir)) - before).toBeCloseTo(gone, 6)
      expect(Number(await world.walletOf(customer))).toBeCloseTo(10 - gone, 6)
    }),
    { numRuns: 25 },
  )
  expect(await world.imbalance()).toEqual([0n, 0n])
})
