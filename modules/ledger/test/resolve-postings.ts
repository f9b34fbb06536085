import { CNY, publicId } from '@huitong/kernel'
import type { OracleExchange, OracleLine } from '@huitong/oracle'
import { Exact } from '../src/exact.ts'
import { ACCOUNT_ID } from '../src/ledger-ids.ts'
import type { PostingLeg } from '../src/posting-command.ts'
import { move, promise } from './ledger-world.ts'
import { ACCOUNT, NOW, type Prepared, SECOND, TEMPLATE, USD } from './model-world.ts'
import { DAYS, type Leg, type Request } from './random-requests.ts'
import { idOf, isForeign, knownAt, type Resolved, resolved } from './resolved.ts'

type Of<Type extends Request['type']> = Extract<Request, { readonly type: Type }>

const NEEDS_APPROVAL = 'account_needs_approval'

/** The numbers of the transfers that were made since; when all was taken back there are none. */
function numbersSince({ oracle }: Prepared, first: number): readonly number[] {
  return Array.from({ length: oracle.core.transfers.length - first }, (_, index) => first + index)
}

function knowEntry(prepared: Prepared, first: number) {
  const numbers = numbersSince(prepared, first)
  return ({ entry, transfers }: { readonly entry: number; readonly transfers: readonly number[] }) => {
    prepared.entries.push({ numbers, id: entry })
    return transfers.length === numbers.length ? undefined : `${transfers.length} transfers, not ${numbers.length}`
  }
}

export function resolvePost(prepared: Prepared, { legs, raw, key }: Of<'post'>, first: boolean): Resolved {
  const { oracle, keys, holds, transfers, entries } = prepared
  const input = { legs: legs.map((leg) => legOf(prepared, leg)), raw }
  const form = JSON.stringify(input, (_, value: unknown) =>
    typeof value === 'bigint' ? `${value}` : value instanceof Map ? [...value] : value,
  )
  const name = key === null ? undefined : `key ${key}`
  const before = name === undefined ? undefined : keys.get(name)
  if (before !== undefined) {
    return resolved(before.form === form ? before.told : 'key_conflict', ({ post }) => post, input, undefined, name)
  }
  const began = oracle.core.transfers.length
  const [firstHold, isLone] = [oracle.core.holds.length, legs.length === 1]
  const told = oracle.core.together(legs.map((leg) => () => legTold(prepared, leg, raw, isLone, first)))
  if (name !== undefined) keys.set(name, { form, told })
  const numbers = numbersSince(prepared, began)
  const learn = ({ transfers: made }: { readonly transfers: readonly number[] }) => {
    // A lone transfer that waits for the end of the day is none yet.
    if (numbers.length === 0) return
    let hold = firstHold
    for (const [index, id] of made.entries()) {
      const number = numbers[index] ?? 0
      transfers.push({ number, id })
      if (legs[index]?.type === 'hold') holds.push({ number: hold++, id })
    }
    if (!isLone) entries.push({ numbers, id: made[0] ?? 0 })
  }
  return resolved(told, ({ post }) => post, input, learn, name)
}

/** Back-dated are only transfers between accounts that no year end carries. */
function dayOf({
  debit,
  credit,
  day,
}: {
  readonly debit: number
  readonly credit: number
  readonly day: number | null
}) {
  const isPlain = [debit, credit].every((account) => account >= 1 && account <= 5)
  return day === null || !isPlain ? null : (DAYS[day] ?? null)
}

export function legOf(prepared: Prepared, leg: Leg): PostingLeg {
  const { holds } = prepared
  switch (leg.type) {
    case 'move': {
      const made = move(idOf(prepared, leg.debit), idOf(prepared, leg.credit), BigInt(leg.amount))
      const effectiveOn = dayOf(leg)
      const metadata = leg.tagged ? { metadata: new Map([['order', `A-${leg.amount}`]]) } : {}
      return { ...made, ...(effectiveOn === null ? {} : { effectiveOn }), ...metadata }
    }
    case 'hold':
      return promise(idOf(prepared, leg.debit), idOf(prepared, leg.credit), BigInt(leg.amount), expiryOf(leg))
    case 'capture': {
      const { amount, final } = leg
      return { type: 'capture', hold: knownAt(holds, leg.hold).id, amountMinor: BigInt(amount), final }
    }
    case 'increase':
      return { type: 'increase', hold: knownAt(holds, leg.hold).id, amountMinor: BigInt(leg.amount) }
    case 'void':
      return { type: 'void', hold: knownAt(holds, leg.hold).id }
  }
}

/** Some promises are past their time when they are made. */
function expiryOf({ day, amount }: { readonly day: number | null; readonly amount: number }): number | null {
  return day === null ? null : NOW + (amount - 10) * SECOND
}

/** `first`: whether the day of the batch is still open, so that something may wait for its end. */
export function legTold(prepared: Prepared, leg: Leg, raw: boolean, isLone: boolean, first: boolean): string {
  const { oracle, holds, clock } = prepared
  const now = clock.now()
  if ('debit' in leg) {
    const { debit, credit, amount } = leg
    if (raw && (isForeign(prepared, debit) || isForeign(prepared, credit))) return NEEDS_APPROVAL
    const of = { debit, credit, currency: CNY }
    if (leg.type === 'hold') return oracle.holds.place(of, amount, expiryOf(leg), now)
    const day = dayOf(leg)
    if (day !== null) return oracle.days.backDated(of, amount, day)
    return isLone && first ? oracle.days.byPolicy(of, amount) : oracle.core.transfer(of, amount)
  }
  const { number } = knownAt(holds, leg.hold)
  const hold = oracle.core.holds[number]
  if (raw && hold !== undefined && [hold.debit, hold.credit].some((one) => isForeign(prepared, one)))
    return NEEDS_APPROVAL
  switch (leg.type) {
    case 'capture':
      return oracle.holds.capture(number, leg.amount, leg.final, now)
    case 'increase':
      return oracle.holds.increase(number, leg.amount, now)
    case 'void':
      return oracle.holds.release(number, 'voided', now)
  }
}

export function resolveEntry(prepared: Prepared, { debits, credits, off }: Of<'entry'>): Resolved {
  const { oracle } = prepared
  const total = (lines: Of<'entry'>['debits']) => lines.reduce((sum, line) => sum + line.amount, 0)
  // The last line makes both sides equal, where it can.
  const rest = total(debits) - total(credits) + (off ? 1 : 0)
  const last = credits.at(-1)
  const fitted =
    last === undefined ? credits : [...credits.slice(0, -1), { ...last, amount: Math.max(0, last.amount + rest) }]
  const lines = (['debit', 'credit'] as const).flatMap((side) =>
    (side === 'debit' ? debits : fitted).map((line): OracleLine => ({ ...line, side, currency: CNY })),
  )
  const began = oracle.core.transfers.length
  const told = oracle.entries.post(lines)
  const input = {
    ...({ code: 'adjustment', reference: null, raw: false } as const),
    lines: lines.map(({ side, account, amount }) => ({
      ...{ side, account: idOf(prepared, account), amountMinor: BigInt(amount), currency: CNY },
    })),
  }
  return resolved(told, ({ postEntry }) => postEntry, input, knowEntry(prepared, began))
}

/** Ten-thousandths. */
const RATES = { CNY: { mid: 1404, applied: 1390 }, USD: { mid: 71_234, applied: 70_500 } } as const

export function resolveExchange(prepared: Prepared, { from, to, amount, sold, postSpread }: Of<'exchange'>): Resolved {
  const { oracle } = prepared
  const bought = sold === 'CNY' ? 'USD' : 'CNY'
  const of: OracleExchange = {
    ...{ from, to, sold, bought, amount, ...RATES[sold], spread: postSpread ? ACCOUNT.spread[bought] : null },
    positions: { sold: ACCOUNT.position[sold], bought: ACCOUNT.position[bought] },
  }
  const began = oracle.core.transfers.length
  const told = oracle.entries.exchange(of)
  const codeOf = (code: 'CNY' | 'USD') => (code === 'CNY' ? CNY : USD)
  const input = {
    ...{ from: idOf(prepared, from), to: idOf(prepared, to), sold: codeOf(sold), bought: codeOf(bought), postSpread },
    ...({
      fixed: 'sold',
      base: 'sold',
      rounding: 'half_up',
      amountMinor: BigInt(amount),
      reference: null,
      raw: false,
    } as const),
    ...{ midRate: rateOf(of.mid), appliedRate: rateOf(of.applied) },
  }
  return resolved(told, ({ exchange }) => exchange, input, knowEntry(prepared, began))
}

function rateOf(tenThousandths: number): Exact {
  return new Exact(tenThousandths).div(10_000)
}

/** What the dollars of the position are worth, against what it carries them at. */
export function resolveRevaluation({ oracle, entries }: Prepared, { rate }: Of<'revalue'>): Resolved {
  const has = (number: number) => oracle.core.account(number).credits - oracle.core.account(number).debits
  const [dollars, carried] = [has(ACCOUNT.position.USD), -has(ACCOUNT.position.CNY)]
  const worth = Math.sign(dollars) * Math.floor((Math.abs(dollars) * (rate ?? 0) + 5000) / 10_000)
  const gain = worth - carried
  const began = oracle.core.transfers.length
  const [debit, credit] = gain > 0 ? [ACCOUNT.position.CNY, ACCOUNT.gains] : [ACCOUNT.losses, ACCOUNT.position.CNY]
  const isMissing = dollars !== 0 && rate === null
  const told = isMissing
    ? 'rate_missing'
    : gain === 0
      ? 'done'
      : oracle.core.transfer({ debit, credit }, Math.abs(gain))
  const rates = rate === null ? [] : [{ currency: USD, rate: rateOf(rate) }]
  const input = { base: CNY, rates, rounding: 'half_up' } as const
  return resolved(
    told,
    ({ revalue }) => revalue,
    input,
    ({ gainMinor, entry }) => {
      if (entry !== null) entries.push({ numbers: [began], id: entry })
      return Number(gainMinor) === gain ? undefined : `a gain of ${gainMinor}, not ${gain}`
    },
  )
}

export function resolveTemplate(prepared: Prepared, asked: Of<'post template' | 'try template'>): Resolved {
  const { oracle, versions } = prepared
  const { type, from, to, amount, version, fault, raw } = asked
  const share = Math.floor((amount * (versions.at(-1) ?? 0) + 500) / 1000)
  const lines = [
    { side: 'debit', account: from, amount, currency: CNY } as const,
    { side: 'credit', account: ACCOUNT.shares, amount: share, currency: CNY } as const,
    { side: 'credit', account: to, amount: amount - share, currency: CNY } as const,
  ].filter((line) => line.amount !== 0)
  const judge = (): string => {
    if (fault === 'name') return 'template_unknown'
    if (version !== null && version !== versions.length) return 'template_version_replaced'
    if (fault === 'argument') return 'template_argument_wrong'
    if (raw && lines.some(({ account }) => isForeign(prepared, account))) return NEEDS_APPROVAL
    return lines.length === 0 ? 'template_moves_nothing' : oracle.entries.post(lines)
  }
  const account = (number: number) => publicId(ACCOUNT_ID, idOf(prepared, number))
  const given = {
    from: account(from),
    to: account(to),
    ...(fault === 'argument' ? {} : { amount: (amount / 100).toFixed(2) }),
  }
  const name = fault === 'name' ? 'nothing' : TEMPLATE
  const input = { name, version, arguments: given, reference: null, raw }
  const began = oracle.core.transfers.length
  if (type === 'post template') {
    const told = judge()
    return resolved(told, ({ postTemplate }) => postTemplate, input, knowEntry(prepared, began))
  }
  let would = ''
  // Judged like any other, and taken back.
  oracle.core.together([
    () => {
      would = judge()
      return 'taken back'
    },
  ])
  return resolved(
    'done',
    ({ tryTemplate }) => tryTemplate,
    input,
    (answer) => {
      const says = answer.would === 'post' ? 'done' : answer.refusal.code
      return says === would ? undefined : `the trial says ${says}, not ${would}`
    },
  )
}
