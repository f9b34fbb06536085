import { adoptPolicy } from '@huitong/risk'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { lapseDueChecks, type RiskCheck } from '../src/index.ts'
import { selectRiskChecks } from '../src/risk-check-store.ts'
import { answerOf, MINUTE, order, type PaymentsWorld, startPaymentsWorld, told } from './payments-world.ts'

/*
 * With the policy that an institution begins with: from 3,000.00 on a signature is asked for, from 50,000.00 on staff look, from
 * 10,000.00 on a release takes two.
 */

let world: PaymentsWorld
let merchant: number
let numbers = 0

beforeAll(async () => {
  world = await startPaymentsWorld(71)
  merchant = await world.merchant(6_000)
  const { institution, committer, risk } = world
  await adoptPolicy({ db: institution.db, committer, commands: risk.commands })
})

afterAll(async () => {
  expect(await world.imbalance()).toEqual([0n, 0n])
  await world.committer.stop()
})

const RICH = 100_000_000n

function nextOrder(totalMinor: bigint) {
  numbers += 1
  return order(merchant, `R-${numbers}`, totalMinor)
}

async function payByCode(customer: number, totalMinor: bigint) {
  const input = { ...nextOrder(totalMinor), codeHash: await world.paymentCode(customer) }
  return { input, outcome: await world.committer.submit({ kind: world.payments.payByCode, input }) }
}

/** A trade of this buyer that waits for a confirmation. */
async function asked(buyer: number, totalMinor: bigint) {
  const { committer, payments } = world
  return answerOf(await committer.submit({ kind: payments.create, input: { ...nextOrder(totalMinor), buyer } })).trade
    .id
}

function confirm(trade: number, customer: number, strength: 'one_factor' | 'two_factors' | 'contract' = 'one_factor') {
  return world.committer.submit({ kind: world.payments.pay, input: { trade, customer, strength } })
}

function send(payer: number, payee: number, amountMinor: bigint, transferNumber: string) {
  const terms = { payer: { kind: 'customer', id: payer } as const, payee, amountMinor, transferNumber }
  return world.committer.submit({ kind: world.payments.transfer, input: { ...terms, title: null, remark: null } })
}

async function checksOf(customer: number): Promise<readonly RiskCheck[]> {
  return world.institution.db.read((tx) => selectRiskChecks(tx, { customer, limit: 10 }))
}

async function newest(customer: number): Promise<RiskCheck> {
  const [check] = await checksOf(customer)
  if (check === undefined) throw new Error('there is no check')
  return check
}

const prove = (check: number, customer: number, strength: 'one_factor' | 'two_factors' | 'contract' = 'contract') =>
  world.committer.submit({ kind: world.payments.proveCheck, input: { check, customer, strength } })
const release = (check: number, approved = true) =>
  world.committer.submit({ kind: world.payments.releaseCheck, input: { check, staff: 'staff:1', approved } })
const deny = (check: number) =>
  world.committer.submit({ kind: world.payments.denyCheck, input: { check, staff: 'staff:1' } })
const callOff = (check: number, customer: number) =>
  world.committer.submit({ kind: world.payments.callOffCheck, input: { check, customer } })

async function lapse(): Promise<number> {
  const { institution, committer, payments, clock } = world
  return lapseDueChecks({ db: institution.db, committer, payments, clock })
}

async function pass(micros: number): Promise<void> {
  world.clock.advance(micros)
}

async function stateOf(trade: number): Promise<string | undefined> {
  const found = await world.queries.trade(trade)
  return found?.closingCause === null || found === undefined ? found?.state : `${found.state}: ${found.closingCause}`
}

describe('a payment that needs more proof', () => {
  it('waits with no money moved, says so again when it is asked for again, and is paid by the answer', async () => {
    const buyer = await world.customer(RICH)
    const { input, outcome } = await payByCode(buyer, 300_000n)
    const { trade } = answerOf(outcome)
    expect([trade.state, await world.walletOf(buyer)]).toEqual(['awaiting_proof', '1000000.00'])
    const again = answerOf(await world.committer.submit({ kind: world.payments.payByCode, input }))
    expect([again.changed, again.trade.id, again.trade.state]).toEqual([false, trade.id, 'awaiting_proof'])
    const check = await newest(buyer)
    expect(check).toMatchObject({
      state: 'awaiting_proof',
      proof: 'contract',
      reasons: ['large'],
      judgedBy: ['policy@1'],
    })
    expect(told(await prove(check.id, buyer, 'two_factors'))).toBe('further_proof_required')
    expect(told(await prove(check.id, await world.customer(0n)))).toBe('risk_check_not_found')
    const paid = answerOf(await prove(check.id, buyer))
    expect([paid.check.state, paid.trade?.state, await world.walletOf(buyer)]).toEqual(['passed', 'paid', '997000.00'])
  })

  it('is answered once: of fifty answers at once one pays, and a repeat of it under its key gets the first answer', async () => {
    const buyer = await world.customer(RICH)
    answerOf((await payByCode(buyer, 300_000n)).outcome)
    const { id } = await newest(buyer)
    const outcomes = await Promise.all(Array.from({ length: 50 }, () => prove(id, buyer)))
    expect(outcomes.filter((outcome) => outcome.status === 'done')).toHaveLength(1)
    expect(new Set(outcomes.map(told))).toEqual(new Set(['done', 'risk_check_over']))
    expect(await world.walletOf(buyer)).toBe('997000.00')

    answerOf((await payByCode(buyer, 300_000n)).outcome)
    const second = await newest(buyer)
    const keyed = () =>
      world.committer.submit({
        kind: world.payments.proveCheck,
        input: { check: second.id, customer: buyer, strength: 'contract' },
        idempotency: { caller: `customer:${buyer}`, key: 'once' },
      })
    const first = answerOf(await keyed())
    const repeat = await keyed()
    expect(answerOf(repeat)).toEqual(first)
    expect(repeat.status === 'done' && repeat.repeated).toBe(true)
    expect(await world.walletOf(buyer)).toBe('994000.00')
  })

  it('is paid by confirming it again in a better session', async () => {
    const buyer = await world.customer(RICH)
    const trade = await asked(buyer, 300_000n)
    expect(answerOf(await confirm(trade, buyer)).trade.state).toBe('awaiting_proof')
    const again = answerOf(await confirm(trade, buyer, 'two_factors'))
    expect([again.trade.state, again.changed, (await checksOf(buyer)).length]).toEqual(['awaiting_proof', false, 1])
    expect(answerOf(await confirm(trade, buyer, 'contract')).trade.state).toBe('paid')
    expect((await newest(buyer)).state).toBe('passed')
    expect(told(await confirm(trade, buyer, 'contract'))).toBe('trade_already_paid')
  })

  it('may be paid as before when nobody proved anything in time; a late answer is refused', async () => {
    const buyer = await world.customer(RICH)
    const trade = await asked(buyer, 300_000n)
    answerOf(await confirm(trade, buyer))
    const { id, dueAt } = await newest(buyer)
    await pass(dueAt - world.clock.now() - 1)
    expect(await lapse()).toBe(0)
    await pass(1)
    expect(told(await prove(id, buyer))).toBe('risk_check_over')
    expect(await stateOf(trade)).toBe('awaiting_proof')
    expect(await lapse()).toBe(1)
    // Its own time to pay, a quarter of an hour, is over as well.
    expect(await stateOf(trade)).toBe('awaiting_payment')
    expect([told(await confirm(trade, buyer, 'contract')), (await newest(buyer)).endedBy]).toEqual([
      'trade_expired',
      'time',
    ])
  })

  it('is over when its merchant calls it off', async () => {
    const buyer = await world.customer(RICH)
    const { input, outcome } = await payByCode(buyer, 300_000n)
    const { trade } = answerOf(outcome)
    const reference = { merchant, trade: null, orderNumber: input.orderNumber }
    expect(told(await world.committer.submit({ kind: world.payments.cancel, input: reference }))).toBe('done')
    expect([await stateOf(trade.id), (await newest(buyer)).state]).toEqual(['closed: cancelled', 'called_off'])
    expect(told(await prove((await newest(buyer)).id, buyer))).toBe('risk_check_over')
  })
})

describe('a payment that staff look at', () => {
  it('has its money held until they let it through, which takes two of them', async () => {
    const buyer = await world.customer(RICH)
    const before = await world.merchantHas(merchant)
    const { trade } = answerOf((await payByCode(buyer, 5_000_000n)).outcome)
    expect([trade.state, await world.walletOf(buyer)]).toEqual(['held', '950000.00'])
    expect(await world.merchantHas(merchant)).toBe(before)
    const { id } = await newest(buyer)
    expect(told(await confirm(trade.id, buyer, 'contract'))).toBe('payment_held')
    expect(told(await prove(id, buyer))).toBe('payment_held')
    expect(told(await release(id, false))).toBe('second_person_required')
    expect(answerOf(await release(id)).trade?.state).toBe('paid')
    expect([told(await release(id)), told(await deny(id))]).toEqual(['risk_check_over', 'risk_check_over'])
    expect([await world.walletOf(buyer), (await newest(buyer)).endedBy]).toEqual(['950000.00', 'staff:1'])
    const found = await world.queries.trade(trade.id)
    expect(found?.feeMinor).toBe(30_000n)
  })

  it('gives the money back when they say no, and counts no more against limits', async () => {
    const buyer = await world.customer(RICH)
    const { trade } = answerOf((await payByCode(buyer, 5_000_000n)).outcome)
    expect(answerOf(await deny((await newest(buyer)).id)).check.state).toBe('denied')
    expect([await stateOf(trade.id), await world.walletOf(buyer)]).toEqual(['closed: refused', '1000000.00'])
    expect(told(await release((await newest(buyer)).id))).toBe('risk_check_over')
  })

  it.each([
    ['released before its time', -1, 'done', 'paid', '950000.00'],
    ['past its time before the job has noted it', 0, 'risk_check_over', 'closed: refused', '1000000.00'],
  ] as const)('is %s: a release and the end of its term', async (_, offset, wanted, state, left) => {
    const buyer = await world.customer(RICH)
    const { trade } = answerOf((await payByCode(buyer, 5_000_000n)).outcome)
    const { id, dueAt } = await newest(buyer)
    await pass(dueAt - world.clock.now() + offset)
    // At once, in either order: the term decides and not who comes first.
    const [released] = await Promise.all([release(id), lapse()])
    expect(told(released)).toBe(wanted)
    await lapse()
    expect([await stateOf(trade.id), await world.walletOf(buyer)]).toEqual([state, left])
  })

  it('is decided once, however many decide at once', async () => {
    const buyer = await world.customer(RICH)
    answerOf((await payByCode(buyer, 5_000_000n)).outcome)
    const { id } = await newest(buyer)
    const outcomes = await Promise.all([release(id), deny(id), release(id), callOff(id, buyer), deny(id)])
    expect(outcomes.filter((outcome) => outcome.status === 'done')).toHaveLength(1)
  })

  it('may be taken back by its payer, and by its merchant', async () => {
    const buyer = await world.customer(RICH)
    const first = answerOf((await payByCode(buyer, 5_000_000n)).outcome).trade
    expect(told(await callOff((await newest(buyer)).id, await world.customer(0n)))).toBe('risk_check_not_found')
    expect(answerOf(await callOff((await newest(buyer)).id, buyer)).trade?.state).toBe('closed')
    const second = answerOf((await payByCode(buyer, 5_000_000n)).outcome).trade
    const reference = { merchant, trade: second.id, orderNumber: null }
    answerOf(await world.committer.submit({ kind: world.payments.close, input: reference }))
    expect([await stateOf(first.id), await stateOf(second.id)]).toEqual([
      'closed: cancelled',
      'closed: closed_by_merchant',
    ])
    expect(await world.walletOf(buyer)).toBe('1000000.00')
  })

  it('goes from the proof to staff when the proof was not all that was wanted', async () => {
    const buyer = await world.customer(RICH)
    const trade = await asked(buyer, 4_000_000n)
    answerOf(await confirm(trade, buyer))
    // Until he answers he has spent so much that the day as a whole is looked at.
    for (let index = 0; index < 3; index += 1) {
      const other = await asked(buyer, 4_900_000n)
      expect(answerOf(await confirm(other, buyer, 'contract')).trade.state).toBe('paid')
    }
    const [check] = (await checksOf(buyer)).filter((one) => one.subject === trade)
    const answered = answerOf(await prove(check?.id ?? 0, buyer))
    expect([answered.check.state, answered.trade?.state, answered.check.reasons]).toEqual([
      'held',
      'held',
      ['large-day'],
    ])
    expect(answerOf(await release(answered.check.id)).trade?.state).toBe('paid')
  })

  it('and is refused for want of money without a trace', async () => {
    const buyer = await world.customer(100n)
    expect(told((await payByCode(buyer, 5_000_000n)).outcome)).toBe('payer_without_funds')
    expect(await checksOf(buyer)).toEqual([])
  })
})

describe('a transfer between people', () => {
  it('waits under its number, and is that transfer once it is proved', async () => {
    const [payer, payee] = [await world.customer(RICH), await world.customer(0n)]
    const first = answerOf(await send(payer, payee, 300_000n, 'T'))
    expect([first.transfer, first.check?.state, first.changed]).toEqual([null, 'awaiting_proof', true])
    expect(answerOf(await send(payer, payee, 300_000n, 'T'))).toEqual({ ...first, changed: false })
    expect(told(await send(payer, payee, 300_001n, 'T'))).toBe('transfer_inconsistent')
    const made = answerOf(await prove(first.check?.id ?? 0, payer))
    expect(made.transfer).toMatchObject({ id: first.check?.subject, transferNumber: 'T', amount: '3000.00' })
    expect([await world.walletOf(payer), await world.walletOf(payee)]).toEqual(['997000.00', '3000.00'])
    expect(answerOf(await send(payer, payee, 300_000n, 'T'))).toMatchObject({ changed: false, check: null })
  })

  it('is held, released and denied like a payment; its number is free again when it came to nothing', async () => {
    const [payer, payee] = [await world.customer(RICH), await world.customer(0n)]
    const first = answerOf(await send(payer, payee, 5_000_000n, 'T'))
    expect([first.check?.state, await world.walletOf(payer)]).toEqual(['held', '950000.00'])
    answerOf(await deny(first.check?.id ?? 0))
    expect(await world.walletOf(payer)).toBe('1000000.00')
    const second = answerOf(await send(payer, payee, 5_000_000n, 'T'))
    expect(second.check?.id).not.toBe(first.check?.id)
    expect(answerOf(await release(second.check?.id ?? 0)).transfer?.transferNumber).toBe('T')
    expect(await world.walletOf(payee)).toBe('50000.00')
  })

  it('lapses by itself, and the money goes back', async () => {
    const [payer, payee] = [await world.customer(RICH), await world.customer(0n)]
    const [unproved, held] = [
      answerOf(await send(payer, payee, 300_000n, 'A')),
      answerOf(await send(payer, payee, 5_000_000n, 'B')),
    ]
    await pass(73 * 60 * MINUTE)
    expect(await lapse()).toBe(2)
    const states = (await checksOf(payer)).map(({ id, state }) => [id, state])
    expect(new Map(states.map(([id, state]) => [id, state]))).toEqual(
      new Map([unproved, held].map(({ check }) => [check?.id, 'lapsed'])),
    )
    expect([await world.walletOf(payer), await world.walletOf(payee)]).toEqual(['1000000.00', '0.00'])
  })
})

describe('what cannot wait', () => {
  it('is refused until its payer proves more, or for good', async () => {
    const [payer, payee] = [await world.customer(RICH), await world.customer(0n)]
    const delay = (amountMinor: bigint, strength: 'one_factor' | 'contract') => {
      numbers += 1
      const terms = { payer, payee, amountMinor, transferNumber: `D-${numbers}`, title: null, remark: null }
      return world.committer.submit({
        kind: world.payments.delayTransfer,
        input: { ...terms, delay: MINUTE, strength },
      })
    }
    expect(told(await delay(300_000n, 'one_factor'))).toBe('further_proof_required')
    expect(told(await delay(300_000n, 'contract'))).toBe('done')
    expect(told(await delay(5_000_000n, 'contract'))).toBe('payment_denied')
    const authorise = async (amountMinor: bigint) => {
      numbers += 1
      const number = `A-${numbers}`
      const terms = { merchant, authorisationNumber: number, requestNumber: number, title: 'Deposit', details: {} }
      const codeHash = await world.paymentCode(payer)
      const expiresAt = world.clock.now() + MINUTE
      const input = { ...terms, amountMinor, codeHash, expiresAt }
      return world.committer.submit({ kind: world.payments.authorise, input })
    }
    expect(told(await authorise(299_999n))).toBe('done')
    expect(told(await authorise(300_000n))).toBe('further_proof_required')
    expect(told(await authorise(5_000_000n))).toBe('payment_denied')
  })
})

describe('how often somebody pays', () => {
  it('is counted inside the batch: of a hundred at once as many pass as the policy says', async () => {
    const buyer = await world.customer(RICH)
    const trades = await Promise.all(Array.from({ length: 100 }, () => asked(buyer, 5_000n)))
    const outcomes = await Promise.all(trades.map((trade) => confirm(trade, buyer)))
    const states = outcomes.map((outcome) => answerOf(outcome).trade.state)
    // The twentieth is asked for more; those asked have not paid and do not count.
    expect(states.filter((state) => state === 'paid')).toHaveLength(19)
    expect(states.filter((state) => state === 'awaiting_proof')).toHaveLength(81)
    const proved = await Promise.all((await openChecks(buyer)).map((check) => prove(check.id, buyer, 'two_factors')))
    const after = proved.map((outcome) => answerOf(outcome).trade?.state)
    expect(after.filter((state) => state === 'paid')).toHaveLength(40)
    expect(after.filter((state) => state === 'held')).toHaveLength(41)
  })

  it('begins anew with the hour and, at midnight in Beijing, with the day', async () => {
    const buyer = await world.customer(RICH)
    const pay = async () => answerOf(await confirm(await asked(buyer, 4_900_000n), buyer, 'contract')).trade.state
    const untilMidnight = 86_400_000_000 - ((world.clock.now() + 8 * 3_600_000_000) % 86_400_000_000)
    await pass(untilMidnight - 4 * MINUTE)
    expect([await pay(), await pay(), await pay()]).toEqual(['paid', 'paid', 'paid'])
    expect(await pay()).toBe('held')
    await pass(4 * MINUTE)
    expect([await pay(), await pay(), await pay(), await pay()]).toEqual(['paid', 'paid', 'paid', 'held'])
  })

  async function openChecks(customer: number): Promise<readonly RiskCheck[]> {
    return world.institution.db.read((tx) => selectRiskChecks(tx, { customer, state: 'awaiting_proof', limit: 200 }))
  }
})
