import { CNY, type CurrencyCode, canonicalJson, currencyCode, manualClock } from '@huitong/kernel'
import { OracleBooks } from '@huitong/oracle'
import { type LedgerWorld, move, promise, startLedgerWorld } from './ledger-world.ts'

/** 2027-01-15 in µs. */
export const NOW = 1_800_000_000_000_000
export const SECOND = 1_000_000
export const MINUTE = 60 * SECOND
export const USD = dollars()

function dollars(): CurrencyCode {
  const code = currencyCode('USD')
  if (!code.ok) throw new Error(code.error)
  return code.value
}

/** Accounts by the oracle's numbers: where money comes from, five with a floor of zero, and those that commands look for by their subject. */
export const ACCOUNT = {
  ...{ source: 0, fees: 6, shares: 7, wallet: 8, dollars: 9, dollarSource: 10, retained: 15, gains: 16, losses: 17 },
  position: { CNY: 11, USD: 12 },
  spread: { CNY: 13, USD: 14 },
} as const

/** Results of 2026, which is over, by account: credits less debits. */
export const RESULTS = [
  { account: ACCOUNT.fees, amount: 97 },
  { account: ACCOUNT.shares, amount: 5 },
] as const

export const TEMPLATE = 'share'
/** Two definitions of one template, by what the institution gets in tenths of a percent. */
export const TEMPLATE_SHARES = [25, 10] as const

export function templateDefinition(tenthsOfPercent: number): string {
  return canonicalJson({
    parameters: { amount: { type: 'amount', currency: 'CNY' }, from: { type: 'account' }, to: { type: 'account' } },
    values: { share: { percent: (tenthsOfPercent / 10).toFixed(1), of: 'amount', rounding: 'half_up' } },
    lines: [
      { side: 'debit', account: { parameter: 'from' }, currency: 'CNY', amount: 'amount' },
      { side: 'credit', account: { ownAccount: '5007' }, currency: 'CNY', amount: 'share' },
      { side: 'credit', account: { parameter: 'to' }, currency: 'CNY', amount: 'remainder' },
    ],
  })
}

/** Something that exists: the oracle's number of it and the product's id. */
export interface Known {
  readonly number: number
  readonly id: number
}

/** Something that was scheduled: how the oracle decides it at its time. */
export interface KnownScheduled {
  readonly dueAt: number
  readonly judge: (first: boolean) => string
  isWaiting: boolean
  /** The product's id; undefined until its batch is answered. */
  id?: number
}

export interface Prepared {
  readonly world: LedgerWorld
  readonly oracle: OracleBooks
  readonly clock: { advance(micros: number): void; now(): number }
  readonly ids: readonly number[]
  readonly holds: Known[]
  readonly transfers: Known[]
  readonly entries: { readonly numbers: readonly number[]; readonly id: number }[]
  readonly freezes: Known[]
  readonly scheduled: KnownScheduled[]
  readonly sets: number[]
  /** Versions of the template by what the institution gets; the newest last. */
  readonly versions: number[]
  /** What was told under each key, and of what. */
  readonly keys: Map<string, { readonly form: string; readonly told: string }>
}

/** An institution of which the oracle knows all. Two of them have the same ids, since ids are given out in the order of commands. */
export async function prepare(): Promise<Prepared> {
  const clock = manualClock(NOW)
  const world = await startLedgerWorld({ clock })
  const oracle = new OracleBooks('2026-11-22')
  const { committer, commands } = world

  const openings: Promise<number>[] = []
  const open = (subject: Parameters<LedgerWorld['open']>[0], floor: bigint | null, code: CurrencyCode = CNY) => {
    openings.push(world.open(subject, floor, code))
    const result = /^[56]/.test(subject) ? (subject.startsWith('5') ? 'income' : 'expense') : null
    const asset = subject.startsWith('1') || result === 'expense'
    oracle.open({ asset, floor: floor === null ? null : Number(floor), currency: code, foreign: false, result })
  }
  open('1002', null)
  for (let index = 0; index < 5; index += 1) open('2003', 0n)
  open('5001', null)
  open('5007', null)
  openings.push(world.openWallet())
  oracle.open({ asset: false, floor: 0, currency: CNY, foreign: true, result: null })
  open('2003', 0n, USD)
  open('1002', null, USD)
  for (const subject of ['3002', '5101'] as const) for (const code of [CNY, USD]) open(subject, null, code)
  open('4002', null)
  open('5102', null)
  open('6101', null)
  const ids = await Promise.all(openings)
  const id = (number: number) => ids[number] ?? 0

  const prepared: Prepared = {
    ...{
      world,
      oracle,
      clock,
      ids,
      holds: [],
      transfers: [],
      entries: [],
      freezes: [],
      scheduled: [],
      sets: [],
      keys: new Map(),
    },
    versions: [TEMPLATE_SHARES[0]],
  }
  const funds = [1, 2, 3, 4, 5, ACCOUNT.wallet]
  const legs = [
    ...funds.map((to) => move(id(ACCOUNT.source), id(to), 300n)),
    { ...move(id(ACCOUNT.dollarSource), id(ACCOUNT.dollars), 300n), currency: USD },
    // Some expire and some do not.
    ...[0, 1, 2, 3].map((index) => promise(id(1), id(2), 40n, index % 2 === 0 ? NOW + MINUTE : null)),
    move(id(ACCOUNT.source), id(ACCOUNT.fees), 77n),
  ]
  const posted = await done(committer.submit({ kind: commands.post, input: { legs, raw: false } }))
  for (const [index, transfer] of posted.transfers.entries()) {
    const to = funds[index]
    if (to !== undefined) oracle.core.transfer({ debit: ACCOUNT.source, credit: to }, 300)
    else if (index === 6) oracle.core.transfer({ debit: ACCOUNT.dollarSource, credit: ACCOUNT.dollars }, 300)
    else if (index === 11) oracle.core.transfer({ debit: ACCOUNT.source, credit: ACCOUNT.fees }, 77)
    else {
      prepared.holds.push({ number: oracle.core.holds.length, id: transfer })
      oracle.holds.place({ debit: 1, credit: 2 }, 40, index % 2 === 1 ? NOW + MINUTE : null, NOW)
    }
    prepared.transfers.push({ number: index, id: transfer })
  }
  prepared.entries.push({ numbers: posted.transfers.map((_, index) => index), id: posted.transfers[0] ?? 0 })

  const closeDay = async (next: string) => {
    oracle.days.close(next)
    await done(committer.submit({ kind: commands.closeDay, input: { next } }))
  }
  await closeDay('2026-12-31')
  for (const [account, amount] of [
    [ACCOUNT.fees, 20],
    [ACCOUNT.shares, 5],
  ] as const) {
    const leg = move(id(ACCOUNT.source), id(account), BigInt(amount))
    await done(committer.submit({ kind: commands.post, input: { legs: [leg], raw: false } }))
    oracle.core.transfer({ debit: ACCOUNT.source, credit: account }, amount)
  }
  await closeDay('2027-01-01')
  for (const { day } of oracle.days.closed) {
    oracle.days.tie(day)
    await done(committer.submit({ kind: commands.tieDay, input: { day, batch: committer.status().batch } }))
  }

  for (const [index, amount] of [60, 100, null, 90].entries()) {
    const account = 1 + (index % 3)
    const rest = { blocksIncoming: false, expiresAt: index === 3 ? NOW + MINUTE : null }
    prepared.freezes.push({
      number: oracle.freezes.all.length,
      id: (
        await done(
          committer.submit({
            kind: commands.placeFreeze,
            input: {
              ...({ account: id(account), cause: 'judicial', reference: 'case', ...rest } as const),
              amountMinor: amount === null ? null : BigInt(amount),
            },
          }),
        )
      ).freeze,
    })
    oracle.freeze({ account, rank: 3, amount, ...rest }, NOW)
  }
  for (const [index, parent] of [null, 0, null].entries()) {
    const input = { name: `Set ${index}`, parent: parent === null ? null : (prepared.sets[parent] ?? 0) }
    prepared.sets.push((await done(committer.submit({ kind: commands.createSet, input }))).set)
    oracle.sets.create(parent)
  }
  await done(committer.submit({ kind: commands.addToSet, input: { set: prepared.sets[1] ?? 0, account: id(1) } }))
  oracle.sets.add(1, 1)
  const template = { name: TEMPLATE, definition: templateDefinition(TEMPLATE_SHARES[0]), replaces: null }
  await done(committer.submit({ kind: commands.publishTemplate, input: template }))
  return prepared
}

async function done<Answer>(
  submitted: Promise<{ readonly status: string } | { readonly status: 'done'; readonly answer: Answer }>,
): Promise<Answer> {
  const outcome = await submitted
  if ('answer' in outcome) return outcome.answer
  throw new Error(JSON.stringify(outcome))
}

export async function leave({ world }: Prepared): Promise<void> {
  await world.committer.stop()
  await world.institution.drop()
}
