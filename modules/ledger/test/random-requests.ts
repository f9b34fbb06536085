import fc from 'fast-check'
import { ACCOUNT } from './model-world.ts'

/**
 * Requests of every kind of command that the ledger has, by chance. Accounts are the oracle's numbers; of what was made before, an index
 * into what is known, and past the end something that does not exist.
 */
export type Request =
  | { readonly type: 'post'; readonly legs: readonly Leg[]; readonly raw: boolean; readonly key: number | null }
  | { readonly type: 'schedule'; readonly legs: readonly Leg[]; readonly raw: boolean; readonly seconds: number }
  | { readonly type: 'cancel scheduled'; readonly scheduled: number }
  | { readonly type: 'post scheduled'; readonly scheduled: readonly number[] }
  | {
      readonly type: 'entry'
      readonly debits: readonly Line[]
      readonly credits: readonly Line[]
      readonly off: boolean
    }
  | {
      readonly type: 'exchange'
      readonly from: number
      readonly to: number
      readonly amount: number
      readonly sold: 'CNY' | 'USD'
      readonly postSpread: boolean
    }
  | { readonly type: 'revalue'; readonly rate: number | null }
  | { readonly type: 'publish'; readonly variant: number; readonly replaces: number | null }
  | {
      readonly type: 'post template' | 'try template'
      readonly from: number
      readonly to: number
      readonly amount: number
      readonly version: number | null
      readonly fault: 'none' | 'name' | 'argument'
      readonly raw: boolean
    }
  | { readonly type: 'policy'; readonly account: number; readonly summarised: boolean }
  | { readonly type: 'floor' | 'ceiling'; readonly account: number; readonly amount: number | null }
  | { readonly type: 'credit'; readonly account: number; readonly amount: number }
  | { readonly type: 'state'; readonly account: number; readonly state: 'open' | 'frozen' | 'closed' }
  | { readonly type: 'reopen'; readonly account: number }
  | { readonly type: 'sleep'; readonly account: number; readonly idle: boolean }
  | { readonly type: 'open' }
  | { readonly type: 'expire hold'; readonly hold: number }
  | { readonly type: 'expire holds'; readonly holds: readonly number[] }
  | { readonly type: 'extend'; readonly hold: number; readonly seconds: number; readonly raw: boolean }
  | { readonly type: 'reverse'; readonly transfer: number; readonly amount: number | null; readonly raw: boolean }
  | { readonly type: 'reverse entry'; readonly entry: number }
  | {
      readonly type: 'correct'
      readonly transfer: number
      readonly debit: number
      readonly credit: number
      readonly amount: number
    }
  | {
      readonly type: 'freeze'
      readonly account: number
      readonly rank: number
      readonly amount: number | null
      readonly seconds: number | null
    }
  | { readonly type: 'lift'; readonly freeze: number; readonly rank: number }
  | { readonly type: 'expire freezes'; readonly freezes: readonly number[] }
  | { readonly type: 'deduct'; readonly freeze: number; readonly to: number; readonly amount: number }
  | { readonly type: 'create set'; readonly parent: number | null }
  | { readonly type: 'join' | 'leave'; readonly set: number; readonly account: number }
  | { readonly type: 'account metadata'; readonly account: number; readonly key: number; readonly value: number | null }
  | { readonly type: 'transfer metadata'; readonly transfer: number; readonly key: number; readonly value: number }
  | { readonly type: 'tie'; readonly day: number }
  | { readonly type: 'finalize'; readonly day: number }
  | { readonly type: 'close year'; readonly part: boolean; readonly stale: boolean }
  | { readonly type: 'reopen year'; readonly stale: boolean }

export type Leg =
  | {
      readonly type: 'move' | 'hold'
      readonly debit: number
      readonly credit: number
      readonly amount: number
      /** Index of a day that it belongs to, or none; only of a move. */
      readonly day: number | null
      readonly tagged: boolean
    }
  | { readonly type: 'capture'; readonly hold: number; readonly amount: number; readonly final: boolean }
  | { readonly type: 'increase'; readonly hold: number; readonly amount: number }
  | { readonly type: 'void'; readonly hold: number }

export interface Line {
  readonly account: number
  readonly amount: number
}

/** Days that something may belong to, some of which are closed at first, one of them before any account was opened. */
export const DAYS = ['2026-11-21', '2026-11-22', '2026-12-31', '2027-01-01', '2027-01-02', '2027-03-01'] as const
/** Of an account that does not exist. */
export const NO_ACCOUNT = 99

const plain = fc.integer({ min: 1, max: 5 })
const some = fc.oneof(
  { weight: 12, arbitrary: plain },
  { weight: 2, arbitrary: fc.nat({ max: ACCOUNT.losses }) },
  { weight: 2, arbitrary: fc.constantFrom(ACCOUNT.fees, ACCOUNT.source, ACCOUNT.wallet) },
  { weight: 1, arbitrary: fc.constant(NO_ACCOUNT) },
)
/** Not those that commands look for by their subject. */
const changed = fc.oneof(
  { weight: 10, arbitrary: plain },
  { weight: 2, arbitrary: fc.constantFrom(ACCOUNT.fees, ACCOUNT.wallet, ACCOUNT.dollars) },
  { weight: 1, arbitrary: fc.constant(NO_ACCOUNT) },
)
const index = fc.nat({ max: 7 })
const amount = fc.nat({ max: 120 })
const rank = fc.nat({ max: 3 })
const maybe = <T>(of: fc.Arbitrary<T>, freq = 3) => fc.option(of, { freq })
const seldom = fc.nat({ max: 9 }).map((draw) => draw === 0)

const leg: fc.Arbitrary<Leg> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      ...{
        type: fc.constantFrom('move' as const, 'move' as const, 'hold' as const),
        debit: some,
        credit: some,
        amount,
      },
      ...{ day: maybe(fc.nat({ max: DAYS.length - 1 }), 1), tagged: seldom },
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ type: fc.constant('capture' as const), hold: index, amount, final: fc.boolean() }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('increase' as const), hold: index, amount }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('void' as const), hold: index }) },
)
const line: fc.Arbitrary<Line> = fc.record({ account: some, amount: fc.nat({ max: 60 }) })
const lines = fc.array(line, { minLength: 1, maxLength: 3 })

function of<const Type extends string, Fields extends object>(
  type: Type,
  fields: { [Name in keyof Fields]: fc.Arbitrary<Fields[Name]> },
): fc.Arbitrary<Fields & { readonly type: Type }> {
  return fc.record<Fields>(fields).map((made) => ({ ...made, type }))
}

const template = { from: some, to: some, amount, version: maybe(fc.integer({ min: 1, max: 3 }), 1), raw: seldom }
const fault = fc.constantFrom(
  'none' as const,
  'none' as const,
  'none' as const,
  'none' as const,
  'name' as const,
  'argument' as const,
)

const WEIGHTED: readonly (readonly [number, fc.Arbitrary<Request>])[] = [
  [
    24,
    of('post', {
      legs: fc.array(leg, { minLength: 1, maxLength: 3 }),
      raw: fc.boolean(),
      key: maybe(fc.nat({ max: 6 }), 2),
    }),
  ],
  [
    4,
    of('schedule', {
      legs: fc.array(leg, { minLength: 1, maxLength: 3 }),
      raw: seldom,
      seconds: fc.integer({ min: -5, max: 60 }),
    }),
  ],
  [1, of('cancel scheduled', { scheduled: index })],
  [3, of('post scheduled', { scheduled: fc.array(index, { minLength: 1, maxLength: 6 }) })],
  [5, of('entry', { debits: lines, credits: lines, off: seldom })],
  [
    4,
    of('exchange', {
      from: some,
      to: some,
      amount,
      sold: fc.constantFrom('CNY' as const, 'USD' as const),
      postSpread: fc.boolean(),
    }),
  ],
  [
    2,
    of('exchange', {
      from: plain,
      to: fc.constant(ACCOUNT.dollars),
      amount,
      sold: fc.constant('CNY' as const),
      postSpread: fc.boolean(),
    }),
  ],
  [2, of('revalue', { rate: maybe(fc.integer({ min: 60_000, max: 80_000 }), 5) })],
  [1, of('publish', { variant: fc.nat({ max: 1 }), replaces: maybe(fc.nat({ max: 3 }), 1) })],
  [4, of('post template', { ...template, fault })],
  [2, of('try template', { ...template, fault })],
  [3, of('policy', { account: fc.oneof(fc.constant(ACCOUNT.fees), changed), summarised: fc.boolean() })],
  [2, of('floor', { account: changed, amount: maybe(fc.integer({ min: -50, max: 50 })) })],
  [2, of('ceiling', { account: changed, amount: maybe(fc.integer({ min: 200, max: 500 })) })],
  [2, of('credit', { account: changed, amount: fc.integer({ min: -5, max: 120 }) })],
  [3, of('state', { account: changed, state: fc.constantFrom('open' as const, 'frozen' as const, 'closed' as const) })],
  [1, of('reopen', { account: changed })],
  [2, of('sleep', { account: changed, idle: fc.boolean() })],
  [1, fc.constant({ type: 'open' } as const)],
  [1, of('expire hold', { hold: index })],
  [1, of('expire holds', { holds: fc.array(index, { maxLength: 4 }) })],
  [2, of('extend', { hold: index, seconds: fc.nat({ max: 200 }), raw: fc.boolean() })],
  [4, of('reverse', { transfer: fc.nat({ max: 16 }), amount: maybe(amount, 1), raw: seldom })],
  [2, of('reverse entry', { entry: fc.nat({ max: 4 }) })],
  [2, of('correct', { transfer: fc.nat({ max: 16 }), debit: some, credit: some, amount })],
  [3, of('freeze', { account: changed, rank, amount: maybe(amount), seconds: maybe(fc.nat({ max: 90 }), 1) })],
  [3, of('lift', { freeze: index, rank })],
  [1, of('expire freezes', { freezes: fc.array(index, { maxLength: 4 }) })],
  [2, of('deduct', { freeze: index, to: some, amount })],
  [1, of('create set', { parent: maybe(fc.nat({ max: 4 })) })],
  [3, of('join', { set: fc.nat({ max: 4 }), account: some })],
  [1, of('leave', { set: fc.nat({ max: 4 }), account: some })],
  [2, of('account metadata', { account: some, key: fc.nat({ max: 2 }), value: maybe(fc.nat({ max: 2 }), 2) })],
  [2, of('transfer metadata', { transfer: fc.nat({ max: 16 }), key: fc.nat({ max: 2 }), value: fc.nat({ max: 2 }) })],
  [1, of('tie', { day: fc.nat({ max: DAYS.length - 1 }) })],
  [2, of('finalize', { day: fc.nat({ max: DAYS.length - 1 }) })],
  [3, of('close year', { part: fc.boolean(), stale: seldom })],
  [2, of('reopen year', { stale: seldom })],
]

export const request: fc.Arbitrary<Request> = fc.oneof(
  ...WEIGHTED.map(([weight, arbitrary]) => ({ weight, arbitrary })),
)

/** What arrives together, and then perhaps the end of a day, by index; then time passes. */
export interface Wave {
  readonly requests: readonly Request[]
  readonly closes: number | null
  readonly seconds: number
}

export const wave: fc.Arbitrary<Wave> = fc.record({
  requests: fc.array(request, { minLength: 1, maxLength: 25 }),
  closes: maybe(fc.nat({ max: DAYS.length - 1 }), 1),
  seconds: fc.nat({ max: 50 }),
})
