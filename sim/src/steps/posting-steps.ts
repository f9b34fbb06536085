import { canonicalJson, publicId } from '@huitong/kernel'
import { type PostingLeg, parseRate } from '@huitong/ledger'
import type { OracleExchange, OracleLine, Told } from '@huitong/oracle'
import { type Drawing, remember, UNKNOWN } from '../knowledge.ts'
import { type Step, stepOf } from '../step.ts'
import {
  CURRENCIES,
  idOf,
  type Sides,
  type SimCurrency,
  someAccount,
  someAmount,
  someCurrency,
  someSides,
} from './sides.ts'

export function legOf(
  drawing: Drawing,
  type: 'transfer' | 'hold',
  { debit, credit, amount, currency }: Sides,
  expiresAt: number | null,
): PostingLeg {
  const [from, to] = [idOf(drawing, debit), idOf(drawing, credit)]
  const rest = { currency: CURRENCIES[currency], code: 'adjustment', reference: null, expiresAt } as const
  return { type, debit: from, credit: to, amountMinor: BigInt(amount), ...rest }
}

export function transferStep(drawing: Drawing): Step {
  const { random, oracle, knowledge, commands } = drawing
  const of = someSides(drawing)
  const number = oracle.core.transfers.length
  const legs = [legOf(drawing, 'transfer', of, null)]
  return stepOf('transfer', oracle.days.byPolicy(of, of.amount), commands.post, { legs, raw: false }, (answer) => {
    const [id] = answer.transfers
    if (id !== undefined) remember(random, knowledge.transfers, { number, id })
  })
}

/** To an account whose postings wait for the end of the day. */
export function feeStep(drawing: Drawing): Step {
  const { random, oracle, knowledge, commands } = drawing
  const { fees, source } = knowledge.own
  const debit = random.oneIn(4) ? someAccount(drawing, 'CNY') : source.CNY
  const of = { currency: 'CNY', debit, credit: fees, amount: random.amount() } as const
  const expected = oracle.days.byPolicy(of, of.amount)
  return stepOf('fee', expected, commands.post, { legs: [legOf(drawing, 'transfer', of, null)], raw: false })
}

/** Belongs to an earlier day, as far as those are open. */
export function backDatedStep(drawing: Drawing): Step {
  const { random, oracle, commands } = drawing
  const of = someSides(drawing)
  const { closed, today } = oracle.days
  const effectiveOn = closed[closed.length - 1 - random.below(8)]?.day ?? today
  const leg = { ...legOf(drawing, 'transfer', of, null), effectiveOn }
  const expected = oracle.days.backDated(of, of.amount, effectiveOn)
  return stepOf('back-dated', expected, commands.post, { legs: [leg], raw: false })
}

/** What the transfers of a command are called that was just judged. */
function numbersSince(drawing: Drawing, first: number): readonly number[] {
  return Array.from({ length: drawing.oracle.core.transfers.length - first }, (_, index) => first + index)
}

function rememberEntry(drawing: Drawing, numbers: readonly number[], id: number | undefined): void {
  if (id !== undefined) remember(drawing.random, drawing.knowledge.entries, { numbers, id })
}

/** Both or neither. */
export function pairStep(drawing: Drawing): Step {
  const { oracle, commands } = drawing
  const both = [someSides(drawing), someSides(drawing)]
  const first = oracle.core.transfers.length
  const expected = oracle.core.together(both.map((of) => () => oracle.core.transfer(of, of.amount)))
  const numbers = numbersSince(drawing, first)
  const legs = both.map((of) => legOf(drawing, 'transfer', of, null))
  return stepOf('pair', expected, commands.post, { legs, raw: false }, ({ transfers: [id] }) =>
    rememberEntry(drawing, numbers, id),
  )
}

/** One to three debit and credit lines each, in one currency or both; now and then they do not balance. */
export function entryStep(drawing: Drawing): Step {
  const { random, oracle, commands } = drawing
  const currencies: readonly SimCurrency[] = random.oneIn(5) ? ['CNY', 'USD'] : [someCurrency(drawing)]
  const lines = currencies.flatMap((currency) => someLines(drawing, currency))
  const first = oracle.core.transfers.length
  const expected = oracle.entries.post(lines)
  const numbers = numbersSince(drawing, first)
  const input = {
    ...({ code: 'adjustment', reference: null, raw: false } as const),
    lines: lines.map(({ side, account, amount, currency }) => ({
      ...{ side, account: idOf(drawing, account), amountMinor: BigInt(amount) },
      currency: CURRENCIES[currency === 'USD' ? 'USD' : 'CNY'],
    })),
  }
  return stepOf('entry', expected, commands.postEntry, input, ({ entry, transfers }) => {
    rememberEntry(drawing, numbers, entry)
    return transfers.length === numbers.length
      ? undefined
      : `${transfers.length} transfers instead of ${numbers.length}`
  })
}

function someLines(drawing: Drawing, currency: SimCurrency): readonly OracleLine[] {
  const { random } = drawing
  const lineOn = (side: OracleLine['side'], amount: number): OracleLine => {
    const fromSource = side === 'debit' && random.oneIn(3)
    const account = fromSource ? drawing.knowledge.own.source[currency] : someAccount(drawing, currency)
    return { side, account, amount, currency }
  }
  const debits = Array.from({ length: 1 + random.below(3) }, () => lineOn('debit', 1 + random.below(100)))
  let left = debits.reduce((sum, { amount }) => sum + amount, random.oneIn(20) ? 1 : 0)
  const credits: OracleLine[] = []
  for (let count = random.below(3); count > 0 && left > 1; count -= 1) {
    const amount = 1 + random.below(left - 1)
    credits.push(lineOn('credit', amount))
    left -= amount
  }
  return [...debits, ...credits, lineOn('credit', left)]
}

/** Ten-thousandths. */
const RATES = { CNY: { mid: 1404, applied: 1390 }, USD: { mid: 71_234, applied: 70_500 } } as const

export function exchangeStep(drawing: Drawing): Step {
  const { random, oracle, knowledge, commands } = drawing
  const [sold, bought]: readonly [SimCurrency, SimCurrency] = random.oneIn(2) ? ['CNY', 'USD'] : ['USD', 'CNY']
  const [from, to] = [someAccount(drawing, sold), someAccount(drawing, bought)]
  const { position, spread } = knowledge.own
  const of: OracleExchange = {
    ...{ from, to, sold, bought, ...RATES[sold], amount: someAmount(drawing, from, from) },
    ...{
      positions: { sold: position[sold], bought: position[bought] },
      spread: random.oneIn(2) ? spread[bought] : null,
    },
  }
  const first = oracle.core.transfers.length
  const expected = oracle.entries.exchange(of)
  const numbers = numbersSince(drawing, first)
  const rates = { midRate: rateOf(of.mid), appliedRate: rateOf(of.applied), rounding: 'half_up' } as const
  const input = {
    ...{ from: idOf(drawing, from), to: idOf(drawing, to), sold: CURRENCIES[sold], bought: CURRENCIES[bought] },
    ...({ fixed: 'sold', base: 'sold', amountMinor: BigInt(of.amount), ...rates } as const),
    ...{ postSpread: of.spread !== null, reference: null, raw: false },
  }
  return stepOf('exchange', expected, commands.exchange, input, ({ entry }) => rememberEntry(drawing, numbers, entry))
}

function rateOf(tenThousandths: number) {
  const rate = parseRate((tenThousandths / 10_000).toFixed(4))
  if (!rate.ok) throw new Error(rate.error)
  return rate.value
}

export const SHARE_TEMPLATE = 'share'
/** 2.5 % of an amount go to the institution, half a fen rounded up, the rest to somebody else. */
export const SHARE_DEFINITION = canonicalJson({
  parameters: { amount: { type: 'amount', currency: 'CNY' }, from: { type: 'account' }, to: { type: 'account' } },
  values: { share: { percent: '2.5', of: 'amount', rounding: 'half_up' } },
  lines: [
    { side: 'debit', account: { parameter: 'from' }, currency: 'CNY', amount: 'amount' },
    { side: 'credit', account: { ownAccount: '5007' }, currency: 'CNY', amount: 'share' },
    { side: 'credit', account: { parameter: 'to' }, currency: 'CNY', amount: 'remainder' },
  ],
})

export function templateStep(drawing: Drawing): Step {
  const { random, oracle, knowledge, commands } = drawing
  const { debit, credit, amount } = someSides(drawing, 'CNY')
  const version = random.oneIn(40) ? 2 : random.oneIn(2) ? 1 : null
  const share = Math.floor((amount * 25 + 500) / 1000)
  const lines: OracleLine[] = [
    { side: 'debit', account: debit, amount, currency: 'CNY' },
    { side: 'credit', account: knowledge.own.shares, amount: share, currency: 'CNY' },
    { side: 'credit', account: credit, amount: amount - share, currency: 'CNY' },
  ]
  const first = oracle.core.transfers.length
  const expected = templateTold(
    drawing,
    version,
    lines.filter((line) => line.amount !== 0),
  )
  const numbers = numbersSince(drawing, first)
  const account = (number: number) => publicId('acct', idOf(drawing, number))
  const given = { amount: (amount / 100).toFixed(2), from: account(debit), to: account(credit) }
  const input = { name: SHARE_TEMPLATE, version, arguments: given, reference: null, raw: false }
  return stepOf('template', expected, commands.postTemplate, input, ({ entry }) =>
    rememberEntry(drawing, numbers, entry),
  )
}

function templateTold({ oracle }: Drawing, version: number | null, lines: readonly OracleLine[]): Told {
  if (version === 2) return 'template_version_replaced'
  return lines.length === 0 ? 'template_moves_nothing' : oracle.entries.post(lines)
}

export const NO_ENTRY = { numbers: [], id: UNKNOWN.id }
