import type { IsoMessage } from '@huitong/iso20022'
import { CNY, seededChance } from '@huitong/kernel'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { lapseOverduePayments } from '../src/index.ts'
import { answerOf, BANK_A, BANK_B, BANK_C, type ClearingWorld, HUB, startClearingWorld } from './clearing-world.ts'

let world: ClearingWorld

beforeAll(async () => {
  world = await startClearingWorld(7)
  await world.admit(BANK_A, 100_000_000n)
  await world.admit(BANK_B, 50_000_000n)
  await world.admit(BANK_C, 0n)
})

afterEach(async () => {
  expect(await world.untied()).toEqual([])
  await world.sent()
})

afterAll(() => world.stop())

const amount = (minor: bigint) => ({ minor, currency: CNY })
const uetrOf = (message: IsoMessage): string =>
  message.kind === 'credit_transfer' ? (message.value.transfers[0]?.uetr ?? '') : ''

async function inState(state: 'forwarded' | 'settled' | 'rejected'): Promise<IsoMessage> {
  const message = world.transfer()
  expect(await world.receive(BANK_A, message)).toBe('forwarded')
  if (state !== 'forwarded') {
    const answer =
      state === 'settled' ? world.answer(uetrOf(message), 'ACTC') : world.answer(uetrOf(message), 'RJCT', 'AC04')
    expect(await world.receive(BANK_B, answer)).toBe(state)
  }
  await world.sent()
  return message
}

const asks = (from: string, uetr: string): IsoMessage => ({
  kind: 'status_request',
  value: {
    ...{ messageId: world.id(), createdAt: world.clock.now(), from, to: HUB },
    requests: [{ originalMessageId: 'M', originalMessage: 'pacs.008.001.08', originalUetr: uetr }],
  },
})

/** [state, what comes, from whom, what becomes of it, who is told what]. */
const TABLE: readonly (readonly ['forwarded' | 'settled' | 'rejected', string, string, readonly string[]])[] = [
  ['forwarded', 'ACTC', 'settled', ['A ACSC', 'B ACSC']],
  ['forwarded', 'ACWP', 'settled', ['A ACSC', 'B ACSC']],
  ['forwarded', 'PDNG', 'ignored', []],
  ['forwarded', 'RJCT', 'rejected', ['A RJCT AC06', 'B RJCT AC06']],
  ['forwarded', 'asked', 'told', ['A PDNG']],
  ['forwarded', 'repeated', 'repeated', ['A PDNG']],
  ['settled', 'ACTC', 'told', ['B ACSC']],
  ['settled', 'PDNG', 'told', ['B ACSC']],
  ['settled', 'RJCT', 'told', ['B ACSC']],
  ['settled', 'asked', 'told', ['A ACSC']],
  ['settled', 'repeated', 'repeated', ['A ACSC']],
  ['rejected', 'ACTC', 'told', ['B RJCT AC04']],
  ['rejected', 'PDNG', 'told', ['B RJCT AC04']],
  ['rejected', 'RJCT', 'ignored', []],
  ['rejected', 'asked', 'told', ['A RJCT AC04']],
  ['rejected', 'repeated', 'repeated', ['A RJCT AC04']],
]

describe('a payment', () => {
  it.each(TABLE)('that is %s: %s → %s', async (state, comes, result, told) => {
    const message = await inState(state)
    const uetr = uetrOf(message)
    const received =
      comes === 'asked'
        ? await world.receive(BANK_A, asks(BANK_A, uetr))
        : comes === 'repeated'
          ? await world.receive(BANK_A, message)
          : await world.receive(BANK_B, world.answer(uetr, comes, comes === 'RJCT' ? 'AC06' : undefined))
    expect([received, await world.told()]).toEqual([result, told])
  })

  it('sets the money aside, asks the payee’s bank under a message of its own, and moves it on a yes', async () => {
    const [posted, available] = await world.position(BANK_A)
    const [payeePosted] = await world.position(BANK_B)
    const message = world.transfer({ amount: amount(500_000n) })
    expect(await world.receive(BANK_A, message)).toBe('forwarded')
    expect(await world.position(BANK_A)).toEqual([posted, available - 500_000n])
    const [forwarded] = await world.sent()
    expect(forwarded).toMatchObject({
      to: BANK_B,
      message: { kind: 'credit_transfer', value: { from: HUB, to: BANK_B, transfers: [{ uetr: uetrOf(message) }] } },
    })
    expect(await world.receive(BANK_B, world.answer(uetrOf(message), 'ACTC'))).toBe('settled')
    expect((await world.position(BANK_A))[0]).toBe(posted - 500_000n)
    expect((await world.position(BANK_B))[0]).toBe(payeePosted + 500_000n)
    const [toPayer, toPayee] = await world.sent()
    // Each is told in references that it knows.
    expect([toPayer?.message, toPayee?.message]).toMatchObject([
      {
        value: { statuses: [{ originalMessageId: message.kind === 'credit_transfer' ? message.value.messageId : '' }] },
      },
      {
        value: {
          statuses: [
            {
              originalMessageId: forwarded?.message.kind === 'credit_transfer' ? forwarded.message.value.messageId : '',
            },
          ],
        },
      },
    ])
  })

  it('is rejected when the payer’s bank has not paid enough in, and nothing is asked of anybody', async () => {
    const message = world.transfer({ debtorAgent: BANK_C, creditorAgent: BANK_A })
    expect(await world.receive(BANK_C, message)).toBe('rejected without_funds')
    expect(await world.told()).toEqual(['C RJCT AM04'])
    expect(await world.receive(BANK_C, message)).toBe('repeated')
    expect(await world.told()).toEqual(['C RJCT AM04'])
  })

  it('is known again by its message, its UETR and its end-to-end id', async () => {
    const first = world.transfer({}, 'DUP1')
    expect(await world.receive(BANK_A, first)).toBe('forwarded')
    const { uetr, endToEndId } = (first.value as { transfers: readonly { uetr: string; endToEndId: string }[] })
      .transfers[0] ?? {
      uetr: '',
      endToEndId: '',
    }
    expect(await world.receive(BANK_A, world.transfer({ uetr }))).toBe('rejected uetr_reused')
    expect(await world.receive(BANK_A, world.transfer({ endToEndId }))).toBe('rejected end_to_end_id_reused')
    expect(await world.receive(BANK_A, world.transfer({}, 'DUP1'))).toBe('rejected message_id_reused')
    expect(await world.receive(BANK_A, first)).toBe('repeated')
    expect(await world.told()).toEqual([
      ...['B credit_transfer', 'A RJCT AM05', 'A RJCT DU04', 'A RJCT DU01', 'A PDNG'],
    ])
    expect(await world.receive(BANK_B, world.answer(uetr, 'RJCT', 'AC04'))).toBe('rejected')
  })

  it('ends when nobody answers, and a late yes is told that it ended', async () => {
    const { committer, clearing, queries, clock } = world
    clock.advance(21_000_000)
    await lapseOverduePayments({ committer, clearing, queries, clock })
    const message = await inState('forwarded')
    expect(await lapseOverduePayments({ committer, clearing, queries, clock })).toBe(0)
    clock.advance(21_000_000)
    expect(await lapseOverduePayments({ committer, clearing, queries, clock })).toBe(1)
    expect(await lapseOverduePayments({ committer, clearing, queries, clock })).toBe(0)
    expect(await world.told()).toEqual(['A RJCT AB06', 'B RJCT AB06'])
    expect(await world.receive(BANK_B, world.answer(uetrOf(message), 'ACTC'))).toBe('told')
    expect(await world.told()).toEqual(['B RJCT AB06'])
  })

  it('is answered by the bank that was asked, and by no other', async () => {
    const message = await inState('forwarded')
    expect(await world.receive(BANK_B, world.answer(world.uetr(), 'ACTC'))).toBe('unknown_original')
    const answer = world.answer(uetrOf(message), 'ACTC')
    expect(await world.receive(BANK_A, answer)).toBe('refused sender_differs')
    expect(await world.receive(BANK_C, { ...answer, value: { ...answer.value, from: BANK_C } } as IsoMessage)).toBe(
      'unknown_original',
    )
    expect(await world.told()).toEqual(['B message_reject', 'C message_reject'])
    expect(await world.receive('990800000081', answer)).toBe('refused sender_not_participant')
    expect(await world.receive(BANK_C, asks(BANK_C, uetrOf(message)))).toBe('unknown_original')
    expect(await world.told()).toEqual(['C RJCT NARR'])
    expect(await world.receive(BANK_B, world.answer(uetrOf(message), 'ACTC'))).toBe('settled')
  })
})

describe('a question about what never came', () => {
  it('is answered with no, and so is the payment when it comes after all', async () => {
    const late = world.transfer({}, 'LATE1')
    const question: IsoMessage = {
      kind: 'status_request',
      value: {
        ...{ messageId: world.id(), createdAt: world.clock.now(), from: BANK_A, to: HUB },
        requests: [{ originalMessageId: 'LATE1', originalMessage: 'pacs.008.001.08', originalUetr: uetrOf(late) }],
      },
    }
    expect(await world.receive(BANK_A, question)).toBe('unknown_original')
    expect(await world.receive(BANK_A, question)).toBe('unknown_original')
    expect(await world.receive(BANK_A, late)).toBe('rejected message_id_reused')
    expect(await world.told()).toEqual(['A RJCT NARR', 'A RJCT NARR', 'A RJCT DU01'])
  })
})

describe('money that comes back', () => {
  const back = (
    uetr: string,
    minor: bigint,
    by = BANK_B,
    returnId = world.id(),
    originalMinor = 12_850n,
  ): IsoMessage => ({
    kind: 'payment_return',
    value: {
      ...{ messageId: returnId, createdAt: world.clock.now(), count: 1, settlementMethod: 'CLRG', from: by, to: HUB },
      returns: [
        {
          ...{ returnId, originalMessageId: 'M', originalMessage: 'pacs.008.001.08', originalUetr: uetr },
          ...{ originalAmount: amount(originalMinor), amount: amount(minor), reason: 'FOCR' },
        },
      ],
    },
  })
  const reversal = (uetr: string, minor: bigint): IsoMessage => {
    const messageId = world.id()
    return {
      kind: 'payment_reversal',
      value: {
        ...{ messageId, createdAt: world.clock.now(), count: 1, settlementMethod: 'CLRG', from: BANK_A, to: HUB },
        reversals: [
          {
            ...{ reversalId: `R${messageId}`, originalMessageId: 'M', originalMessage: 'pacs.008.001.08' },
            ...{ originalUetr: uetr, originalAmount: amount(12_850n), amount: amount(minor), reason: 'MS02' },
          },
        ],
      },
    }
  }

  it('settles at once as a return, in parts, never more than was paid', async () => {
    const uetr = uetrOf(await inState('settled'))
    const [posted] = await world.position(BANK_A)
    const first = back(uetr, 2_850n)
    expect(await world.receive(BANK_B, first)).toBe('settled')
    expect(await world.receive(BANK_B, first)).toBe('repeated')
    expect(await world.told()).toEqual(['A payment_return', 'B ACSC', 'B ACSC'])
    expect(await world.receive(BANK_B, back(uetr, 10_001n))).toBe('rejected more_than_original')
    expect(await world.receive(BANK_B, back(uetr, 10_000n))).toBe('settled')
    expect((await world.position(BANK_A))[0]).toBe(posted + 12_850n)
    expect(await world.told()).toEqual(['B RJCT AM09', 'A payment_return', 'B ACSC'])
  })

  it('is refused of what is not settled, is not the sender’s, or was another amount', async () => {
    const open = uetrOf(await inState('forwarded'))
    expect(await world.receive(BANK_B, back(open, 100n))).toBe('rejected original_not_settled')
    expect(await world.receive(BANK_B, back(world.uetr(), 100n))).toBe('rejected original_unknown')
    const settled = uetrOf(await inState('settled'))
    expect(await world.receive(BANK_A, back(settled, 100n, BANK_A))).toBe('rejected original_unknown')
    expect(await world.receive(BANK_B, back(settled, 100n, BANK_B, world.id(), 12_851n))).toBe(
      'rejected original_differs',
    )
    expect(await world.receive(BANK_B, world.answer(open, 'ACTC'))).toBe('settled')
  })

  it('is asked for by a reversal, which the payee’s bank grants or not', async () => {
    const uetr = uetrOf(await inState('settled'))
    const [posted] = await world.position(BANK_A)
    for (const [status, result, after] of [
      ['RJCT', 'rejected', posted],
      ['ACTC', 'settled', posted + 12_850n],
    ] as const) {
      await world.sent()
      expect(await world.receive(BANK_A, reversal(uetr, 12_850n))).toBe('forwarded')
      const [asked] = await world.sent()
      expect([asked?.to, asked?.message.kind]).toEqual([BANK_B, 'payment_reversal'])
      // While it is asked for, it cannot be given back twice.
      expect(await world.receive(BANK_B, back(uetr, 1n))).toBe('rejected more_than_original')
      await world.sent()
      const answer: IsoMessage = {
        kind: 'status_report',
        value: {
          ...{ messageId: world.id(), createdAt: world.clock.now(), from: BANK_B, to: HUB },
          statuses: [
            {
              originalMessageId: asked?.message.kind === 'payment_reversal' ? asked.message.value.messageId : '',
              ...{ originalMessage: 'pacs.007.001.09', originalUetr: uetr, status },
              ...(status === 'RJCT' ? { reason: 'AC06' } : {}),
            },
          ],
        },
      }
      expect(await world.receive(BANK_B, answer)).toBe(result)
      expect((await world.position(BANK_A))[0]).toBe(after)
    }
  })

  it('is asked for by a cancellation, whose answer is passed on', async () => {
    const uetr = uetrOf(await inState('settled'))
    const cancel = (of: string): IsoMessage => ({
      kind: 'cancellation_request',
      value: {
        ...{ messageId: world.id(), createdAt: world.clock.now(), from: BANK_A, to: BANK_B },
        cancellations: [
          { originalMessageId: 'M', originalMessage: 'pacs.008.001.08', originalUetr: of, reason: 'DUPL' },
        ],
      },
    })
    const resolve = (confirmation: string, status: 'ACCR' | 'RJCR' | 'PDCR', reason?: string): IsoMessage => ({
      kind: 'resolution',
      value: {
        ...{ messageId: world.id(), createdAt: world.clock.now(), from: BANK_B, to: BANK_A, confirmation },
        resolved: [
          {
            ...{ originalMessageId: 'M', originalMessage: 'pacs.008.001.08', originalUetr: uetr, status },
            ...(reason === undefined ? {} : { reason }),
          },
        ],
      },
    })
    expect(await world.receive(BANK_B, resolve('IPAY', 'ACCR'))).toBe('unknown_original')
    expect(await world.receive(BANK_A, cancel(uetr))).toBe('passed_on')
    expect(await world.receive(BANK_A, cancel(uetr))).toBe('repeated')
    expect(await world.receive(BANK_B, resolve('PDCR', 'PDCR'))).toBe('passed_on')
    expect(await world.receive(BANK_B, resolve('RJCR', 'RJCR', 'CUST'))).toBe('passed_on')
    expect(await world.receive(BANK_B, resolve('IPAY', 'ACCR'))).toBe('ignored')
    expect(await world.receive(BANK_A, cancel(uetr))).toBe('passed_on')
    expect(await world.receive(BANK_B, resolve('IPAY', 'ACCR'))).toBe('passed_on')
    expect(await world.receive(BANK_B, back(uetr, 12_850n))).toBe('settled')
    expect(await world.receive(BANK_A, cancel(uetr))).toBe('rejected')
    expect(await world.receive(BANK_A, cancel(world.uetr()))).toBe('unknown_original')
    expect(await world.told()).toEqual([
      ...['B message_reject', 'B cancellation_request', 'A PDCR', 'A PDCR', 'A RJCR CUST', 'B cancellation_request'],
      ...['A IPAY', 'A payment_return', 'B ACSC', 'A RJCR ARDT', 'A RJCR NOOR'],
    ])
  })
})

describe('a participant', () => {
  it('that is suspended ends what is in flight, and nothing new goes to it or comes from it', async () => {
    const message = await inState('forwarded')
    const status = (to: 'active' | 'suspended') =>
      world.committer.submit({ kind: world.clearing.setStatus, input: { member: BANK_B, status: to } })
    answerOf(await status('suspended'))
    expect(await world.receive(BANK_A, world.transfer())).toBe('rejected payee_suspended')
    const outgoing = world.transfer({ debtorAgent: BANK_B, creditorAgent: BANK_A })
    expect(await world.receive(BANK_B, outgoing)).toBe('rejected sender_suspended')
    expect(await world.receive(BANK_B, world.answer(uetrOf(message), 'ACTC'))).toBe('settled')
    expect(await world.told()).toEqual(['A RJCT AB08', 'B RJCT AG01', 'A ACSC', 'B ACSC'])
    answerOf(await status('active'))
  })

  it('is admitted once, by a number of the clearing system, and takes out only what is free', async () => {
    const admit = (member: string) =>
      world.committer.submit({ kind: world.clearing.admit, input: { member, name: 'Bank' } })
    expect(await admit(BANK_A)).toMatchObject({ refusal: { code: 'participant_exists' } })
    expect(await admit('12')).toMatchObject({ refusal: { code: 'member_malformed' } })
    const input = { member: BANK_C, amountMinor: 1n }
    expect(await world.committer.submit({ kind: world.clearing.withdraw, input })).toMatchObject({
      refusal: { code: 'participant_without_funds' },
    })
    expect(await world.committer.submit({ kind: world.clearing.setCap, input })).toMatchObject({
      refusal: { code: 'participant_without_funds' },
    })
    answerOf(await world.committer.submit({ kind: world.clearing.fund, input }))
    answerOf(await world.committer.submit({ kind: world.clearing.withdraw, input }))
  })
})

async function openWindow(): Promise<number> {
  const [newest] = await world.queries.windows(null, 1)
  return newest?.number ?? 1
}

describe('a netting window', () => {
  const NET_A = '990400000047'
  const NET_B = '990500000053'
  const NET_C = '990600000062'
  const settle = async () =>
    world.committer.submit({ kind: world.clearing.settleWindow, input: { window: await openWindow() } })

  /** A net payment that its payee's bank takes; what became of it. */
  async function pay(from: string, to: string, minor: bigint): Promise<string> {
    const message = world.transfer({ debtorAgent: from, creditorAgent: to, amount: amount(minor), channel: 'RTNS' })
    const received = await world.receive(from, message)
    if (received !== 'forwarded') return received
    const answer = world.answer(uetrOf(message), 'ACTC')
    return world.receive(to, { ...answer, value: { ...answer.value, from: to } } as IsoMessage)
  }

  beforeAll(async () => {
    await world.admit(NET_A, 1_000n, 600n)
    await world.admit(NET_B, 1_000n, 1_000n)
    await world.admit(NET_C, 0n)
  })

  it('adds payments up to one amount for each, within caps that are set aside, and moves it in one entry', async () => {
    expect(await world.position(NET_A)).toEqual([1_000n, 400n])
    expect(await pay(NET_A, NET_B, 600n)).toBe('settled')
    expect(await pay(NET_A, NET_C, 1n)).toBe('rejected above_net_cap')
    // What it receives lets it send as much again.
    expect(await pay(NET_B, NET_A, 250n)).toBe('settled')
    expect(await pay(NET_A, NET_C, 250n)).toBe('settled')
    expect(await pay(NET_C, NET_B, 251n)).toBe('rejected above_net_cap')
    expect(await pay(NET_C, NET_B, 100n)).toBe('settled')
    expect(await world.position(NET_A)).toEqual([1_000n, 400n])
    await world.sent()
    expect(answerOf(await settle())).toEqual({ window: 1, payments: '4', gross: '1200', net: '600' })
    expect(await world.position(NET_A)).toEqual([400n, 0n])
    expect(await world.position(NET_B)).toEqual([1_450n, 450n])
    expect(await world.position(NET_C)).toEqual([150n, 150n])
    expect((await world.told()).map((told) => told.split(' ')[1])).toEqual(Array(3).fill('entry_notice'))
    // Its cap came down to what is left.
    expect((await world.queries.participants()).find(({ member }) => member === NET_A)?.capMinor).toBe(400n)
    const [open, first] = await world.queries.windows(null, 2)
    expect([open?.number, open?.state, first?.state, first?.netMinor]).toEqual([2, 'open', 'settled', 600n])
    expect((await world.queries.positions(1)).map(({ sentMinor, receivedMinor }) => receivedMinor - sentMinor)).toEqual(
      [-600n, 450n, 150n],
    )
  })

  it('counts a payment in the window that is open when it is answered, if its cap still covers it', async () => {
    const message = world.transfer({ debtorAgent: NET_A, creditorAgent: NET_B, amount: amount(300n), channel: 'MPNS' })
    expect(await world.receive(NET_A, message)).toBe('forwarded')
    const lower = { member: NET_A, amountMinor: 299n }
    expect(await world.committer.submit({ kind: world.clearing.setCap, input: lower })).toMatchObject({
      refusal: { code: 'cap_below_use' },
    })
    expect(answerOf(await settle())).toMatchObject({ window: 2, payments: '0', net: '0' })
    const answer = world.answer(uetrOf(message), 'ACTC')
    expect(await world.receive(NET_B, { ...answer, value: { ...answer.value, from: NET_B } } as IsoMessage)).toBe(
      'settled',
    )
    expect(answerOf(await settle())).toMatchObject({ window: 3, payments: '1', net: '300' })
  })
})

describe('whatever comes in whatever order', () => {
  it.each([1, 2, 3])('adds up, and what was settled stays settled (seed %i)', async (seed) => {
    const random = seededChance(seed)
    const draw = (below: number): number => (random.bytes(1)[0] ?? 0) % below
    const banks = ['A', 'B', 'C'].map((name) => `99070000${seed}${name.charCodeAt(0)}0`)
    for (const member of banks) await world.admit(member, 3_000n, 1_000n)
    const known: IsoMessage[] = []
    const settled = new Set<string>()
    for (let round = 0; round < 150; round += 1) {
      const one = known[draw(Math.max(known.length, 1))]
      const transfer = one?.kind === 'credit_transfer' ? one.value.transfers[0] : undefined
      const what = draw(10)
      if (transfer === undefined || what < 4) {
        const from = draw(3)
        const message = world.transfer({
          ...{ debtorAgent: banks[from] ?? '', creditorAgent: banks[(from + 1 + draw(2)) % 3] ?? '' },
          ...{ amount: amount(BigInt(1 + draw(200) * 5)), channel: draw(2) === 0 ? 'RTNS' : 'RTGS' },
        })
        known.push(message)
        await world.receive(message.value.from, message)
      } else if (what < 8) {
        const answer = world.answer(transfer.uetr, draw(4) === 0 ? 'RJCT' : 'ACTC', 'AC04')
        if (answer.kind !== 'status_report') throw new Error('an answer is a status report')
        const [status] = answer.value.statuses
        const { reason: _, ...accepted } = status ?? { originalMessageId: '', originalMessage: '', status: '' }
        const statuses = status?.status === 'RJCT' ? [status] : [accepted]
        await world.receive(transfer.creditorAgent, {
          kind: 'status_report',
          value: { ...answer.value, from: transfer.creditorAgent, statuses },
        })
      } else if (what === 8) {
        await world.receive(transfer.debtorAgent, one ?? world.transfer())
      } else if (draw(3) === 0) {
        answerOf(
          await world.committer.submit({ kind: world.clearing.settleWindow, input: { window: await openWindow() } }),
        )
      } else {
        world.clock.advance(9_000_000)
        await lapseOverduePayments(world)
      }
      for (const uetr of settled) expect((await world.queries.payment(uetr))?.state).toBe('settled')
      if (transfer !== undefined && (await world.queries.payment(transfer.uetr))?.state === 'settled')
        settled.add(transfer.uetr)
    }
    expect(settled.size).toBeGreaterThan(3)
    expect(await world.untied()).toEqual([])
    let sum = 0n
    for (const member of banks) {
      const [posted] = await world.position(member)
      expect(posted).toBeGreaterThanOrEqual(0n)
      sum += posted
    }
    expect(sum).toBe(9_000n)
  })
})
