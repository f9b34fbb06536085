import { runDuePayments } from '@huitong/bank'
import { lapseOverduePayments } from '@huitong/clearing'
import type { IsoMessage } from '@huitong/iso20022'
import { type ManualClock, manualClock, seededChance } from '@huitong/kernel'
import { createInstitution } from '@huitong/testing'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import {
  BANK_TABLES,
  type BankNode,
  CLEARING_HOUSE_TABLES,
  createWire,
  doneOf,
  fundPosition,
  HUB,
  type HubNode,
  openBank,
  openHub,
  type Wire,
} from '../src/index.ts'

const A = '990100000011'
const B = '990200000028'
// A Monday morning in Beijing.
const START = Date.UTC(2026, 2, 16, 1, 0, 0) * 1000

let clock: ManualClock
let hub: HubNode
let a: BankNode
let b: BankNode
let wire: Wire
let payer: string
let payee: string
const chance = seededChance(12)

beforeAll(async () => {
  clock = manualClock(START)
  const place = async (tables: Parameters<typeof createInstitution>[0]) => {
    const institution = await createInstitution(tables)
    return { db: institution.db, connect: () => institution.dedicated() }
  }
  hub = await openHub({ place: await place(CLEARING_HOUSE_TABLES), clock, chance })
  a = await openBank(A, { place: await place(BANK_TABLES), clock, chance })
  b = await openBank(B, { place: await place(BANK_TABLES), clock, chance })
  wire = createWire([hub.end, a.end, b.end])
  payer = await a.openAccount('张伟', 100_000_000n)
  payee = await b.openAccount('杭州测试商贸有限公司', 50_000_000n)
  await fundPosition(hub, a, 50_000_000n, 10_000_000n)
  await fundPosition(hub, b, 20_000_000n, 10_000_000n)
})

interface Sums {
  readonly posted: bigint
  readonly pending: bigint
}

async function sumOf(
  node: { readonly committer: BankNode['committer']; readonly db: BankNode['db'] },
  subject: string,
  owner: string | null,
): Promise<Sums> {
  await node.committer.flush()
  const [row] = await node.db.read(
    (tx) => tx.sql<{ posted: string; pending: string }[]>`
      select coalesce(sum(b.credits_posted - b.debits_posted), 0)::text as posted,
        coalesce(sum(b.debits_pending + b.credits_pending), 0)::text as pending
      from ledger_accounts a join ledger_balances b on b.account_id = a.id
      where (${subject} = '' or a.subject = ${subject}) and (${owner}::text is null or a.owner = ${owner})`,
  )
  return { posted: BigInt(row?.posted ?? '1'), pending: BigInt(row?.pending ?? '1') }
}

/** At the end of each flow: what each bank has at the clearing house is what the clearing house says that it has, net payments included. */
afterEach(async () => {
  for (const node of [hub, a, b]) expect((await sumOf(node, '', null)).posted).toBe(0n)
  const [open] = await hub.queries.windows(null, 1)
  for (const node of [a, b]) {
    const { member } = node.end
    const position = await sumOf(hub, '2501', `participant:${member}`)
    expect([member, -(await sumOf(node, '1005', null)).posted]).toEqual([member, position.posted])
    const net = (await hub.queries.positions(open?.number ?? 0)).find((one) => one.member === member)
    const owed = net === undefined ? 0n : net.sentMinor - net.receivedMinor
    expect([member, (await sumOf(node, '2003', 'bank:netting')).posted]).toEqual([member, owed])
    expect([member, (await sumOf(node, '2003', 'bank:suspense')).posted]).toEqual([member, 0n])
    expect([member, (await sumOf(node, '2101', null)).pending]).toEqual([member, 0n])
  }
})

const has = async (node: BankNode, number: string): Promise<bigint> => {
  await node.committer.flush()
  const [row] = await node.db.read(
    (tx) => tx.sql<{ posted: bigint }[]>`
      select b.credits_posted - b.debits_posted as posted from bank_accounts n join ledger_balances b on b.account_id = n.account_id
      where n.number = ${number}`,
  )
  return row?.posted ?? -1n
}

async function pay(
  amountMinor: bigint,
  change: { readonly to?: string; readonly name?: string; readonly mode?: 'gross' | 'net' } = {},
): Promise<string> {
  const uetr = chance.uuid()
  const input = {
    ...{ account: payer, customer: null, amountMinor, mode: change.mode ?? 'gross', payeeBank: B, remittance: '订单' },
    ...{ payeeAccount: change.to ?? payee, payeeName: change.name ?? '杭州测试商贸有限公司', uetr },
  } as const
  doneOf(await a.committer.submit({ kind: a.bank.send, input }))
  return uetr
}

const NAMES: Readonly<Record<string, string>> = { [A]: 'A', [B]: 'B', [HUB]: 'H' }

function said(message: IsoMessage): string {
  if (message.kind === 'status_report') {
    const [one] = message.value.statuses
    return `${one?.status}${one?.reason === undefined ? '' : ` ${one.reason}`}`
  }
  if (message.kind === 'resolution') return message.value.confirmation
  return message.kind
}

/** Carries everything until nothing is on its way; who said what to whom. */
async function carried(): Promise<readonly string[]> {
  return (await wire.settle()).map(({ from, to, message, outcome }) => {
    expect(outcome.status).toBe('done')
    return `${NAMES[from]}→${NAMES[to]} ${said(message)}`
  })
}

const SETTLED = ['A→H credit_transfer', 'H→B credit_transfer', 'B→H ACTC', 'H→A ACSC', 'H→B ACSC']
const state = async (node: BankNode, reference: string) => {
  const payment = await node.queries.payment(reference)
  return payment?.reason === null ? payment.state : `${payment?.state} ${payment?.reason}`
}
const lapse = () => lapseOverduePayments({ ...hub, clock })

describe('F1: a credit transfer', () => {
  it.each(['gross', 'net'] as const)('settles %s, from one customer to the other', async (mode) => {
    const before = [await has(a, payer), await has(b, payee)] as const
    const uetr = await pay(12_850n, { mode })
    expect(await carried()).toEqual(SETTLED)
    expect([await state(a, uetr), await state(b, uetr)]).toEqual(['settled', 'settled'])
    expect([await has(a, payer), await has(b, payee)]).toEqual([before[0] - 12_850n, before[1] + 12_850n])
  })
})

describe('F2: an account that does not take it', () => {
  it.each([
    ['AC03', {}, '6217000000000000000'],
    ['BE01', { name: '别人' }, undefined],
  ] as const)('is told with its reason: %s', async (reason, change, to) => {
    const before = await has(a, payer)
    const uetr = await pay(100n, { ...change, ...(to === undefined ? {} : { to }) })
    expect(await carried()).toEqual([
      ...[
        'A→H credit_transfer',
        'H→B credit_transfer',
        `B→H RJCT ${reason}`,
        `H→A RJCT ${reason}`,
        `H→B RJCT ${reason}`,
      ],
    ])
    expect(await state(a, uetr)).toBe(`rejected ${reason}`)
    expect(await has(a, payer)).toBe(before)
  })

  it('is closed or frozen', async () => {
    const closing = await b.openAccount('李娜', 0n)
    const change = (to: 'freeze' | 'close' | 'thaw') =>
      b.committer.submit({ kind: b.bank.changeAccount, input: { number: closing, change: to } })
    doneOf(await change('freeze'))
    expect(await state(a, await payTo(closing))).toBe('rejected AC06')
    doneOf(await change('thaw'))
    doneOf(await change('close'))
    expect(await state(a, await payTo(closing))).toBe('rejected AC04')
  })

  async function payTo(to: string): Promise<string> {
    const uetr = await pay(100n, { to, name: '李娜' })
    await carried()
    return uetr
  }
})

describe('F3: no answer', () => {
  it('is unknown to the payer’s bank, which asks until the clearing house has ended it', async () => {
    const before = await has(a, payer)
    doneOf(await b.committer.submit({ kind: b.bank.orderFault, input: { kind: 'down', times: 1 } }))
    const uetr = await pay(300n)
    expect(await carried()).toEqual(SETTLED.slice(0, 2))
    clock.advance(31_000_000)
    expect(await runDuePayments({ ...a, clock })).toBe(1)
    expect(await carried()).toEqual(['A→H status_request', 'H→A PDNG'])
    expect(await state(a, uetr)).toBe('unknown')
    expect(await lapse()).toBe(1)
    expect(await carried()).toEqual(['H→A RJCT AB06', 'H→B RJCT AB06'])
    expect([await state(a, uetr), await has(a, payer)]).toEqual(['rejected AB06', before])
  })

  it('comes too late: the payee’s bank learns that it ended, and nobody has the money twice', async () => {
    const before = [await has(a, payer), await has(b, payee)]
    doneOf(await b.committer.submit({ kind: b.bank.orderFault, input: { kind: 'slow', times: 1 } }))
    const uetr = await pay(300n)
    await carried()
    expect(await state(b, uetr)).toBe('accepted')
    clock.advance(31_000_000)
    expect(await lapse()).toBe(1)
    await carried()
    await runDuePayments({ ...b, clock })
    await carried()
    expect([await state(a, uetr), await state(b, uetr)]).toEqual(['rejected AB06', 'rejected AB06'])
    expect([await has(a, payer), await has(b, payee)]).toEqual(before)
  })

  it.each(['duplicate_answer', 'late_reject'] as const)('is given oddly (%s), and changes nothing', async (kind) => {
    const before = await has(b, payee)
    doneOf(await b.committer.submit({ kind: b.bank.orderFault, input: { kind, times: 1 } }))
    const uetr = await pay(300n)
    await carried()
    expect([await state(a, uetr), await state(b, uetr)]).toEqual(['settled', 'settled'])
    expect(await has(b, payee)).toBe(before + 300n)
    expect((await b.queries.payment(uetr))?.contradicted).toBe(false)
  })
})

describe('F4, F5: a cancellation', () => {
  async function asked(reason: string): Promise<string> {
    const uetr = await pay(500_000n)
    await carried()
    doneOf(await a.committer.submit({ kind: a.bank.askBack, input: { uetr, reason } }))
    return uetr
  }

  it('of a plain mistake gives the money back', async () => {
    const before = await has(a, payer)
    const uetr = await asked('DUPL')
    expect(await carried()).toEqual([
      ...['A→H cancellation_request', 'H→B cancellation_request', 'B→H IPAY', 'B→H payment_return', 'H→A IPAY'],
      ...['H→A payment_return', 'H→B ACSC'],
    ])
    expect(await has(a, payer)).toBe(before)
    expect((await a.queries.payment(uetr))?.cancellation).toBe('accepted')
    const again = { uetr, kind: 'return', amountMinor: 1n, reason: 'FOCR' } as const
    expect(await b.committer.submit({ kind: b.bank.giveBack, input: again })).toMatchObject({
      refusal: { code: 'more_than_paid' },
    })
  })

  it('for another reason waits for staff, who may say no', async () => {
    const uetr = await asked('FRAD')
    expect((await carried()).slice(2)).toEqual(['B→H PDCR', 'H→A PDCR'])
    const answer = { uetr, refusal: 'CUST' }
    doneOf(await b.committer.submit({ kind: b.bank.answerCancellation, input: answer }))
    expect(await carried()).toEqual(['B→H RJCR', 'H→A RJCR'])
    expect((await a.queries.payment(uetr))?.cancellation).toBe('refused')
  })

  it('is answered with a wrong amount: the clearing house refuses it, and no money moves', async () => {
    const before = [await has(a, payer), await has(b, payee)]
    const uetr = await pay(700n)
    await carried()
    doneOf(await b.committer.submit({ kind: b.bank.orderFault, input: { kind: 'wrong_amount', times: 1 } }))
    const input = { uetr, kind: 'return', amountMinor: 700n, reason: 'FOCR' } as const
    doneOf(await b.committer.submit({ kind: b.bank.giveBack, input }))
    expect(await carried()).toEqual(['B→H payment_return', 'H→B RJCT AM09'])
    doneOf(await b.committer.submit({ kind: b.bank.giveBack, input }))
    expect(await carried()).toEqual(['B→H payment_return', 'H→A payment_return', 'H→B ACSC'])
    expect([await has(a, payer), await has(b, payee)]).toEqual(before)
  })
})

describe('F6: a reversal', () => {
  it('takes back what the payer’s bank sent by mistake, when the money is there', async () => {
    const before = await has(a, payer)
    const uetr = await pay(12_850n)
    await carried()
    const input = { uetr, kind: 'reversal', amountMinor: 12_850n, reason: 'MS02' } as const
    doneOf(await a.committer.submit({ kind: a.bank.giveBack, input }))
    expect(await carried()).toEqual([
      ...['A→H payment_reversal', 'H→B payment_reversal', 'B→H ACTC', 'H→A ACSC', 'H→B ACSC'],
    ])
    expect(await has(a, payer)).toBe(before)
  })
})

describe('a return that overtakes a reversal', () => {
  it('is booked, and the reversal is rejected', async () => {
    const before = await has(a, payer)
    const uetr = await pay(12_850n)
    await carried()
    const back = { uetr, amountMinor: 12_850n }
    doneOf(await b.committer.submit({ kind: b.bank.giveBack, input: { ...back, kind: 'return', reason: 'FOCR' } }))
    await new Promise((told, failed) => {
      wire.carryFrom(b.end, told, failed).catch(failed)
    })
    doneOf(await a.committer.submit({ kind: a.bank.giveBack, input: { ...back, kind: 'reversal', reason: 'MS02' } }))
    expect(await carried()).toEqual(['H→A payment_return', 'H→B ACSC', 'A→H payment_reversal', 'H→A RJCT AM09'])
    expect(await has(a, payer)).toBe(before)
  })
})

describe('F7: net settlement', () => {
  it('moves one amount for each bank, who are told with camt.054', async () => {
    await pay(4_200n, { mode: 'net' })
    await carried()
    const [open] = await hub.queries.windows(null, 1)
    const settled = doneOf(
      await hub.committer.submit({ kind: hub.clearing.settleWindow, input: { window: open?.number ?? 0 } }),
    )
    expect(settled).toMatchObject({ window: open?.number, gross: String(open?.grossMinor) })
    expect(await carried()).toEqual(['H→A entry_notice', 'H→B entry_notice'])
    expect((await sumOf(a, '2003', 'bank:netting')).posted).toBe(0n)
  })
})

describe('F10: is the account that person’s?', () => {
  it.each([
    ['杭州测试商贸有限公司', true],
    ['别人', false],
  ] as const)('%s: %s', async (name, matches) => {
    const input = { bank: B, account: payee, name }
    const { verification } = doneOf(await a.committer.submit({ kind: a.bank.verifyPayee, input }))
    expect((await a.queries.verification(verification))?.matches).toBe(null)
    expect(await carried()).toEqual([
      ...['A→H verification_request', 'H→B verification_request', 'B→H verification_report', 'H→A verification_report'],
    ])
    expect((await a.queries.verification(verification))?.matches).toBe(matches)
  })
})

describe('F12: what is on the position account?', () => {
  it('is answered with what the bank has in its own books', async () => {
    doneOf(await a.committer.submit({ kind: a.bank.askPosition, input: {} }))
    const [question, answer] = await wire.settle()
    expect([question?.message.kind, answer?.to]).toEqual(['account_query', A])
    const [report] = answer?.message.kind === 'intraday_report' ? answer.message.value.reports : []
    const minor = -(await sumOf(a, '1005', null)).posted
    expect(report?.balances?.[0]).toMatchObject({ type: 'ITBD', amount: { minor } })
  })
})

describe('a bank', () => {
  it('keeps gross payments until its clearing opens, and sends them then', async () => {
    clock.advance(12 * 3_600_000_000)
    const uetr = await pay(100n)
    expect([await carried(), await state(a, uetr)]).toEqual([[], 'queued'])
    clock.advance(12 * 3_600_000_000)
    await runDuePayments({ ...a, clock })
    expect(await carried()).toEqual(SETTLED)
    expect(await state(a, uetr)).toBe('settled')
  })

  it('takes nothing in twice: everything that was ever sent is carried again, and nothing comes of it', async () => {
    const before = [await has(a, payer), await has(b, payee)]
    for (const { end } of [hub, a, b]) end.sentUpTo = { batch: 0, position: -1 }
    const again = await wire.settle()
    expect(again.length).toBeGreaterThan(20)
    expect(again.filter(({ outcome }) => outcome.status !== 'done' || !outcome.repeated)).toEqual([])
    expect([await has(a, payer), await has(b, payee)]).toEqual(before)
  })

  it('books what settled for an account that was frozen meanwhile, and keeps it in suspense', async () => {
    const number = await b.openAccount('赵敏', 0n)
    const uetr = await pay(900n, { to: number, name: '赵敏' })
    const step = ({ end }: { readonly end: BankNode['end'] }) =>
      new Promise((told, failed) => {
        wire.carryFrom(end, told, failed).catch(failed)
      })
    for (const node of [a, hub, b]) await step(node)
    expect(await state(b, uetr)).toBe('accepted')
    const change = (to: 'freeze' | 'close' | 'thaw') =>
      b.committer.submit({ kind: b.bank.changeAccount, input: { number, change: to } })
    // Money is on its way to it, so it cannot be closed; frozen it can be.
    expect(await change('close')).toMatchObject({ refusal: { code: 'account_not_empty' } })
    doneOf(await change('freeze'))
    await carried()
    const clear = () => b.committer.submit({ kind: b.bank.clearSuspense, input: { reference: uetr } })
    expect(await clear()).toMatchObject({ refusal: { code: 'account_blocked' } })
    expect([await state(a, uetr), await state(b, uetr), await has(b, number)]).toEqual(['settled', 'settled', 0n])
    expect((await b.queries.payment(uetr))?.inSuspense).toBe(true)
    expect((await sumOf(b, '2003', 'bank:suspense')).posted).toBe(900n)
    doneOf(await change('thaw'))
    doneOf(await clear())
    expect(await clear()).toMatchObject({ refusal: { code: 'not_in_suspense' } })
    expect(await has(b, number)).toBe(900n)
  })

  it('refuses what the account, its limits or its own position do not allow, and keeps nothing of it', async () => {
    const send = (change: object) =>
      a.committer.submit({
        kind: a.bank.send,
        input: {
          ...{
            account: payer,
            customer: null,
            amountMinor: 1n,
            mode: 'net' as const,
            payeeBank: B,
            payeeAccount: payee,
          },
          ...{ payeeName: 'x', remittance: null, uetr: chance.uuid(), ...change },
        },
      })
    for (const [change, code] of [
      [{ account: '1' }, 'account_not_found'],
      [{ customer: 1 }, 'account_not_found'],
      [{ amountMinor: 0n }, 'amount_out_of_range'],
      [{ payeeBank: A }, 'payee_at_this_bank'],
      [{ amountMinor: 10n ** 12n + 1n }, 'account_single_limit'],
      [{ amountMinor: 10n ** 12n }, 'account_without_funds'],
      [{ amountMinor: 60_000_000n, mode: 'gross' }, 'settlement_account_short'],
    ] as const) {
      expect(await send(change)).toMatchObject({ status: 'refused', refusal: { code } })
    }
    expect(await carried()).toEqual([])
  })
})
