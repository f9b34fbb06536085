import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createBankGate, lookAtBanks } from '../src/index.ts'
import {
  answerOf,
  BANK,
  type ChannelsWorld,
  HUB,
  SECOND,
  STRANGER,
  startChannelsWorld,
  toldOf,
  US,
} from './channels-world.ts'

let world: ChannelsWorld

beforeAll(async () => {
  world = await startChannelsWorld(7)
})

afterAll(async () => {
  expect(await world.findings()).toEqual([])
  await world.stop()
})

const last = () => world.told.at(-1)

/** What the clearing house was answered last. */
function answered() {
  const message = last()?.message
  const said = message?.kind === 'status_report' ? message.value.statuses[0] : undefined
  return [said?.status, said?.reason]
}

async function setState(account: number, state: 'open' | 'frozen') {
  answerOf(await world.committer.submit({ kind: world.ledgerCommands.setState, input: { account, state } }))
}

describe('a top-up', () => {
  it('asks the bank by the agreement, in one commit with its row', async () => {
    const { customer, card } = await world.customer(0n)
    const { uetr, state } = answerOf(await world.topUp(customer, card, 500n))
    expect([state, last()?.to]).toEqual(['sent', BANK])
    expect(last()?.message).toMatchObject({
      kind: 'customer_initiation',
      value: {
        orders: [
          {
            ...{ id: 'dagr_0000zzzzz00r', debtorAccount: 'dagr_0000zzzzz00r', debtorAgent: BANK },
            transfers: [
              { uetr, amount: { minor: 500n, currency: 'CNY' }, creditorAgent: US, creditorAccount: `${US}0001` },
            ],
          },
        ],
      },
    })
    expect(await world.available(customer)).toBe(0n)
    expect(await world.money(uetr, 500n)).toBe('accepted')
    expect([answered(), await world.available(customer)]).toEqual([['ACTC', undefined], 0n])
    expect(await world.houseSays(uetr, 'ACSC')).toBe('settled')
    expect(await world.available(customer)).toBe(500n)
    // Once more of everything changes nothing.
    expect(await world.money(uetr, 500n)).toBe('repeated')
    await world.houseSays(uetr, 'ACSC')
    await world.bankSays(uetr, 'ACSC')
    expect(await world.available(customer)).toBe(500n)
  })

  it('takes the money that was asked for and nothing else', async () => {
    const { customer, card } = await world.customer(1_000n)
    const { uetr } = answerOf(await world.topUp(customer, card, 500n))
    const refusals: [() => Promise<string>, string][] = [
      [() => world.money(uetr, 501n), 'AM09'],
      [() => world.money(uetr, 500n, { dollars: true }), 'AM03'],
      [() => world.money(uetr, 500n, { from: STRANGER }), 'AC03'],
      [() => world.money(world.chance.uuid(), 500n), 'AC03'],
    ]
    for (const [tell, reason] of refusals) {
      expect([await tell(), answered()]).toEqual(['rejected', ['RJCT', reason]])
    }
    await world.bankSays(uetr, 'RJCT', 'AM04')
    expect([await world.money(uetr, 500n), answered()]).toEqual(['repeated', ['RJCT', 'AM04']])
    const { uetr: out } = answerOf(await world.withdraw(customer, card, 100n))
    expect([await world.money(out, 100n), answered()]).toEqual(['rejected', ['RJCT', 'AC03']])
    await world.houseSays(out, 'ACSC')
  })

  it('is not taken for a wallet that is blocked, nor for its owner', async () => {
    for (const block of ['wallet', 'owner']) {
      const { customer, account, card } = await world.customer(0n)
      const { uetr } = answerOf(await world.topUp(customer, card, 500n))
      const { setCustomerStatus } = world.party.commands
      if (block === 'wallet') await setState(account, 'frozen')
      else
        answerOf(
          await world.committer.submit({ kind: setCustomerStatus, input: { customerId: customer, status: 'frozen' } }),
        )
      expect([await world.money(uetr, 500n), answered()]).toEqual(['rejected', ['RJCT', 'AC06']])
      expect(await world.order(uetr)).toMatchObject({ state: 'rejected', reason: 'AC06' })
    }
  })

  it('that settles for a wallet frozen meanwhile waits in suspense, and verify knows how much', async () => {
    const { customer, account, card } = await world.customer(0n)
    const { uetr } = answerOf(await world.topUp(customer, card, 700n))
    await world.money(uetr, 700n)
    await setState(account, 'frozen')
    expect(await world.houseSays(uetr, 'ACSC')).toBe('settled')
    expect(await world.order(uetr)).toMatchObject({ state: 'settled', inSuspense: true })
    await world.houseSays(uetr, 'RJCT', 'AB06')
    await world.houseSays(uetr, 'RJCT', 'AB06')
    expect(await world.attention(uetr)).toEqual(['in_suspense', 'contradicted'])
    expect(await world.findings()).toEqual([])
  })

  it('of which nothing is heard is asked about, each time later, and is unknown until somebody says', async () => {
    const { customer, card } = await world.customer(0n)
    const { uetr } = answerOf(await world.topUp(customer, card, 500n))
    const first = last()?.message
    const waits = []
    for (let asked = 0; asked < 7; asked += 1) {
      const due = (await world.order(uetr))?.dueAt ?? 0
      waits.push(Math.round((due - world.clock.now()) / SECOND))
      world.clock.advance(due - world.clock.now() - 1)
      expect(await world.ask()).toBe(0)
      world.clock.advance(1)
      expect(await world.ask()).toBe(1)
      // The same message: the bank knows it by its UETR, and how old it is by its time.
      expect([last()?.to, last()?.message]).toEqual([BANK, first])
      expect((await world.order(uetr))?.state).toBe('unknown')
    }
    expect(waits).toEqual([20, 40, 80, 160, 320, 600, 600])
    expect(await world.bankSays(uetr, 'RJCT', 'TM01')).toBe('rejected')
    expect(await world.ask()).toBe(0)
  })

  it('on its way is said yes to once more, which the clearing house answers with its end', async () => {
    const { customer, card } = await world.customer(0n)
    const { uetr } = answerOf(await world.topUp(customer, card, 500n))
    await world.money(uetr, 500n)
    world.clock.advance(21 * SECOND)
    expect(await world.ask()).toBe(1)
    expect([last()?.to, answered()]).toEqual([HUB, ['ACTC', undefined]])
    expect((await world.order(uetr))?.state).toBe('accepted')
    await world.houseSays(uetr, 'RJCT', 'AB06')
    expect(await world.order(uetr)).toMatchObject({ state: 'rejected', reason: 'AB06' })
  })
})

describe('a withdrawal', () => {
  it('holds the money, sends it by the net, and is asked about at the clearing house', async () => {
    const { customer, card } = await world.customer(1_000n)
    const { uetr } = answerOf(await world.withdraw(customer, card, 400n))
    expect(await world.available(customer)).toBe(600n)
    expect(last()).toMatchObject({
      to: HUB,
      message: {
        kind: 'credit_transfer',
        value: {
          transfers: [
            {
              ...{ uetr, channel: 'RTNS', creditorAgent: BANK, creditorName: '张伟', debtorAgent: US },
              creditorAccount: '6217000000000000011',
            },
          ],
        },
      },
    })
    world.clock.advance(21 * SECOND)
    expect(await world.ask()).toBe(1)
    expect(last()).toMatchObject({
      to: HUB,
      message: { kind: 'status_request', value: { requests: [{ originalUetr: uetr }] } },
    })
    expect(await world.bankSays(uetr, 'RJCT', 'AM04')).toBe('unknown_original')
    await world.houseSays(uetr, 'RJCT', 'AC04')
    expect(await world.available(customer)).toBe(1_000n)
  })

  it('that comes back for a wallet that is closed to money waits in suspense', async () => {
    const { customer, account, card } = await world.customer(1_000n)
    const { uetr } = answerOf(await world.withdraw(customer, card, 400n))
    await world.houseSays(uetr, 'ACSC')
    await setState(account, 'frozen')
    expect(await world.comesBack(uetr, 'R1', 150n)).toBe('settled')
    expect(await world.comesBack(uetr, 'R1', 150n)).toBe('repeated')
    expect(await world.comesBack(uetr, 'R2', 251n)).toBe('unknown_original')
    expect(await world.order(uetr)).toMatchObject({ returnedMinor: 150n })
    expect(await world.findings()).toEqual([])
  })

  it('that settles for a wallet frozen meanwhile is booked all the same', async () => {
    const { customer, account, card } = await world.customer(1_000n)
    const { uetr } = answerOf(await world.withdraw(customer, card, 400n))
    await setState(account, 'frozen')
    await world.houseSays(uetr, 'ACSC')
    expect(await world.order(uetr)).toMatchObject({ state: 'settled' })
    expect(await world.findings()).toEqual([])
  })
})

describe('a reserve that is short', () => {
  it('stops withdrawals and not top-ups, until it is covered', async () => {
    const { customer, card } = await world.customer(1_000n)
    const { reserve, committer } = world
    const note = async (surplusMinor: bigint) => {
      const sums = { customersMinor: -surplusMinor, reserveMinor: 0n, inTransitMinor: 0n, surplusMinor }
      const batch = committer.status().batch
      answerOf(await committer.submit({ kind: reserve.notePosition, input: { position: sums, batch } }))
    }
    await note(-1n)
    expect(toldOf(await world.withdraw(customer, card, 1n))).toBe('reserve_short')
    const { uetr } = answerOf(await world.topUp(customer, card, 1n))
    await world.bankSays(uetr, 'RJCT', 'AM04')
    await note(0n)
    expect(toldOf(await world.withdraw(customer, card, 1n))).toBe('done')
  })
})

describe('a bank where orders come to nothing', () => {
  it('is left alone, whatever its customers did, and tried again', async () => {
    const own = await startChannelsWorld(17)
    const gate = createBankGate({ clock: own.clock, wait: async () => undefined })
    const look = () => lookAtBanks({ db: own.db, clock: own.clock, gate })
    const ordered = async (reason: string) => {
      const { customer, card } = await own.customer(0n)
      const { uetr } = answerOf(await own.topUp(customer, card, 1n))
      own.clock.advance(1)
      await own.bankSays(uetr, 'RJCT', reason)
    }
    for (let count = 0; count < 12; count += 1) await ordered('AM04')
    await look()
    expect([gate.stateOf(BANK), gate.healthOf(BANK)]).toMatchObject(['open', { declined: 12, failed: 0 }])
    for (let count = 0; count < 10; count += 1) await ordered('TM01')
    await look()
    expect([gate.stateOf(BANK), await gate.enter(BANK, null)]).toEqual(['resting', 'resting'])
    own.clock.advance(30 * SECOND)
    expect(await gate.enter(BANK, null)).toBe('go')
    const { customer, card } = await own.customer(0n)
    const { uetr } = answerOf(await own.topUp(customer, card, 5n))
    await own.money(uetr, 5n)
    await own.houseSays(uetr, 'ACSC')
    await look()
    expect([gate.stateOf(BANK), gate.healthOf(BANK)]).toMatchObject(['open', { settled: 1, failed: 0 }])
    await own.stop()
  })
})

describe('what is refused', () => {
  it('is refused in this order', async () => {
    const { customer, card } = await world.customer(100n)
    const other = await world.customer(100n)
    const bank = (state: 'open' | 'paused') =>
      world.committer.submit({ kind: world.channels.setBank, input: { ...world.bank, state } })
    const nobody = 9_999_999
    expect(toldOf(await world.topUp(nobody, card, 1n))).toBe('customer_not_found')
    for (const [who, which] of [
      [customer, 'none'],
      [other.customer, card],
    ] as const) {
      expect(toldOf(await world.topUp(who, which, 1n))).toBe('card_not_found')
    }
    for (const amount of [0n, -1n, 10n ** 18n]) {
      expect([
        toldOf(await world.topUp(customer, card, amount)),
        toldOf(await world.withdraw(customer, card, amount)),
      ]).toEqual(['amount_out_of_range', 'amount_out_of_range'])
    }
    await bank('paused')
    expect(toldOf(await world.topUp(customer, card, 1n))).toBe('bank_paused')
    await bank('open')
    expect(toldOf(await world.withdraw(customer, card, 101n))).toBe('wallet_without_funds')
    const { uetr } = answerOf(await world.topUp(customer, card, 1n))
    const end = { customer, fingerprint: card }
    expect(toldOf(await world.committer.submit({ kind: world.channels.endCard, input: end }))).toBe('order_open')
    expect(toldOf(await world.withdraw(customer, card, 1n))).toBe('order_open')
    await world.bankSays(uetr, 'RJCT', 'AM04')
    const { setCustomerStatus } = world.party.commands
    const status = (to: 'frozen' | 'active') =>
      world.committer.submit({ kind: setCustomerStatus, input: { customerId: customer, status: to } })
    answerOf(await status('frozen'))
    expect(toldOf(await world.withdraw(customer, card, 1n))).toBe('wallet_blocked')
    answerOf(await status('active'))
    answerOf(await world.committer.submit({ kind: world.channels.endCard, input: end }))
    expect(toldOf(await world.topUp(customer, card, 1n))).toBe('card_not_active')
  })

  it.each([
    [US, 100, 100, 'bank_is_ourselves'],
    [HUB, 100, 100, 'bank_is_ourselves'],
    [BANK, 0, 100, 'limits_do_not_fit'],
    [BANK, 100, 99, 'limits_do_not_fit'],
  ])('of banks: %s with %i and %i', async (member, single, day, code) => {
    const input = { ...world.bank, member, singleMaxMinor: BigInt(single), dayMaxMinor: BigInt(day) }
    expect(toldOf(await world.committer.submit({ kind: world.channels.setBank, input }))).toBe(code)
  })

  it('of messages: those of strangers, and those that nobody should send', async () => {
    const message = world.told[0]?.message
    if (message === undefined) throw new Error('something was told')
    for (const [from, code] of [
      [STRANGER, 'sender_not_known'],
      [BANK, 'message_not_taken'],
      [HUB, 'message_not_taken'],
    ] as const) {
      expect(await world.hear(from, message)).toBe(code)
    }
    const { customer, card } = await world.customer(0n)
    const { uetr } = answerOf(await world.topUp(customer, card, 1n))
    // A bank speaks of its own orders only, and the clearing house not in a bank's words.
    const second = { ...world.bank, member: STRANGER }
    answerOf(await world.committer.submit({ kind: world.channels.setBank, input: second }))
    expect(await world.bankSays(uetr, 'RJCT', 'AM04', STRANGER)).toBe('unknown_original')
    expect(await world.bankSays(uetr, 'RJCT', 'AM04', HUB)).toBe('message_not_taken')
    expect((await world.order(uetr))?.state).toBe('sent')
    await world.bankSays(uetr, 'RJCT', 'AM04')
  })
})

describe('a card', () => {
  it('is begun anew with every attempt, and answers to earlier ones change nothing', async () => {
    const { customer } = await world.customer(0n)
    const { channels, committer } = world
    const input = { customer, fingerprint: 'another', bank: BANK, tail: '0029', sealed: new Uint8Array(4) }
    const begin = () => committer.submit({ kind: channels.beginBinding, input })
    const first = answerOf(await begin())
    const second = answerOf(await begin())
    expect([first.attempt, second.attempt, second.id]).toEqual([1, 2, first.id])
    const note = (attempt: number, agreement: string | null) =>
      committer.submit({ kind: channels.noteAgreement, input: { fingerprint: 'another', attempt, agreement } })
    expect(toldOf(await note(1, 'dagr_00000000000a'))).toBe('card_changed')
    expect(answerOf(await note(2, null)).state).toBe('ended')
    const third = answerOf(await begin())
    expect(answerOf(await note(third.attempt, 'dagr_00000000000b')).state).toBe('code_sent')
    const activate = (attempt: number) =>
      committer.submit({ kind: channels.activateCard, input: { fingerprint: 'another', attempt } })
    expect(toldOf(await activate(2))).toBe('card_changed')
    expect(answerOf(await activate(third.attempt)).state).toBe('active')
    expect(answerOf(await activate(third.attempt)).state).toBe('active')
    expect(answerOf(await begin())).toMatchObject({ state: 'active', attempt: third.attempt })
    const end = (who: number) =>
      committer.submit({ kind: channels.endCard, input: { customer: who, fingerprint: 'another' } })
    expect(toldOf(await end(customer + 1))).toBe('card_not_found')
    expect(answerOf(await end(customer)).state).toBe('ending')
    expect(toldOf(await begin())).toBe('card_changed')
    const hear = (heard: boolean) =>
      committer.submit({ kind: channels.noteEnd, input: { fingerprint: 'another', heard } })
    expect([answerOf(await hear(false)).state, answerOf(await hear(true)).state]).toEqual(['ending', 'ended'])
    const lapse = { fingerprint: 'another', attempt: third.attempt }
    expect(toldOf(await committer.submit({ kind: channels.lapseBinding, input: lapse }))).toBe('card_changed')
  })
})

describe('verify', () => {
  it.each([
    ['update channels_orders set amount_minor = amount_minor + 1 where hold_id is not null', 'channels.orders'],
    ["update channels_orders set hold_id = null where state = 'accepted'", 'channels.orders'],
    ['update channels_orders set in_suspense = false where in_suspense', 'channels.suspense'],
    ['update channels_orders set returned_minor = returned_minor - 1 where returned_minor > 0', 'channels.returns'],
  ])('finds: %s', async (change, tie) => {
    const own = await startChannelsWorld(9)
    const { customer, account, card } = await own.customer(1_000n)
    const settle = async (amount: bigint) => {
      const { uetr } = answerOf(await own.topUp(customer, card, amount))
      await own.money(uetr, amount)
      return uetr
    }
    const back = answerOf(await own.withdraw(customer, card, 90n)).uetr
    await own.houseSays(back, 'ACSC')
    await own.comesBack(back, 'R1', 40n)
    const frozen = await settle(30n)
    const freeze = (state: 'open' | 'frozen') =>
      own.committer.submit({ kind: own.ledgerCommands.setState, input: { account, state } })
    await freeze('frozen')
    await own.houseSays(frozen, 'ACSC')
    await freeze('open')
    await settle(20n)
    expect(await own.findings()).toEqual([])
    await own.asOwner(change)
    expect(JSON.stringify(await own.findings())).toContain(tie)
    await own.stop()
  })
})
