import type { Told } from './oracle-account.ts'
import type { OracleCore } from './oracle-core.ts'

export interface OracleLine {
  readonly side: 'debit' | 'credit'
  readonly account: number
  readonly amount: number
  readonly currency: string
}

export interface OracleExchange {
  readonly from: number
  readonly to: number
  readonly sold: string
  readonly bought: string
  /** Of what is sold. */
  readonly amount: number
  /** Prices of a hundredth of the sold currency in hundredths of the bought one, in ten-thousandths. */
  readonly mid: number
  readonly applied: number
  /** The institution's positions in both currencies, and its income from spreads in the bought one when that is posted. */
  readonly positions: { readonly sold: number; readonly bought: number }
  readonly spread: number | null
}

/** What is posted as several transfers that stand or fall together. */
export class OracleEntries {
  readonly #core: OracleCore

  constructor(core: OracleCore) {
    this.#core = core
  }

  /** Debit and credit lines. Each transfer is between the first debit and the first credit line that still have something. */
  post(lines: readonly OracleLine[], earning = false): Told {
    const wrong = this.#wrong(lines)
    if (wrong !== undefined) return wrong
    const core = this.#core
    return core.together(
      [...new Set(lines.map(({ currency }) => currency))].flatMap((currency) => {
        const left = lines.filter((line) => line.currency === currency).map((line) => ({ ...line }))
        const next = (side: OracleLine['side']) => left.find((line) => line.side === side && line.amount > 0)
        const parts: (() => Told)[] = []
        for (let debit = next('debit'), credit = next('credit'); debit !== undefined && credit !== undefined; ) {
          const amount = Math.min(debit.amount, credit.amount)
          const sides = { debit: debit.account, credit: credit.account, currency, earning }
          parts.push(() => core.transfer(sides, amount))
          debit.amount -= amount
          credit.amount -= amount
          debit = next('debit')
          credit = next('credit')
        }
        return parts
      }),
    )
  }

  #wrong(lines: readonly OracleLine[]): Told | undefined {
    if (lines.some(({ amount }) => amount <= 0)) return 'amount_not_positive'
    const of = (side: OracleLine['side']) =>
      new Set(lines.filter((line) => line.side === side).map((line) => line.account))
    const [debited, credited] = [of('debit'), of('credit')]
    if ([...debited].some((account) => credited.has(account))) return 'same_account'
    const sums = new Map<string, number>()
    for (const { side, amount, currency } of lines) {
      sums.set(currency, (sums.get(currency) ?? 0) + (side === 'debit' ? amount : -amount))
    }
    if ([...sums.values()].some((sum) => sum !== 0)) return 'entry_not_balanced'
    const unknown = (account: number) => this.#core.accounts[account] === undefined
    if ([...debited].some(unknown)) return 'debit_account_unknown'
    if ([...credited].some(unknown)) return 'credit_account_unknown'
    if (lines.some(({ account, currency }) => this.#core.account(account).currency !== currency))
      return 'currency_mismatch'
    return undefined
  }

  /** Sells a fixed amount; what is bought is rounded half up. */
  exchange(of: OracleExchange): Told {
    const at = (rate: number) => Math.floor((of.amount * rate + 5000) / 10_000)
    const bought = at(of.applied)
    if (of.amount <= 0 || bought <= 0) return 'amount_not_positive'
    const [from, to] = [this.#core.accounts[of.from], this.#core.accounts[of.to]]
    if (from === undefined) return 'debit_account_unknown'
    if (to === undefined) return 'credit_account_unknown'
    if (from.currency !== of.sold || to.currency !== of.bought) return 'currency_mismatch'
    const spread = of.spread === null ? 0 : at(of.mid) - bought
    const lines: OracleLine[] = []
    /** Credits are positive. */
    const add = (account: number, currency: string, amount: number) => {
      const side = amount > 0 ? 'credit' : 'debit'
      if (amount !== 0) lines.push({ side, account, amount: Math.abs(amount), currency })
    }
    const given = from.asset ? of.amount : -of.amount
    const got = to.asset ? -bought : bought
    add(of.from, of.sold, given)
    add(of.to, of.bought, got)
    if (of.spread !== null) add(of.spread, of.bought, spread)
    add(of.positions.sold, of.sold, -given)
    add(of.positions.bought, of.bought, -(got + spread))
    return this.post(lines, true)
  }

  /** Posts the mirror of a transfer, never more than is left of it; null asks for all that is left. */
  reverse(number: number, amount: number | null): Told {
    if (amount !== null && amount <= 0) return 'amount_not_positive'
    const transfer = this.#core.transfers[number]
    if (transfer === undefined) return 'transfer_unknown'
    if (transfer.kind === 'promise') return 'transfer_moved_nothing'
    if (transfer.kind === 'reversal') return 'transfer_is_reversal'
    if (transfer.kind === 'year_end') return 'transfer_closes_year'
    const left = transfer.amount - transfer.reversed
    if (left === 0) return 'transfer_already_reversed'
    const taken = amount ?? left
    if (taken > left) return 'exceeds_unreversed'
    const { debit, credit } = transfer
    const posted = this.#core.transfer({ debit: credit, credit: debit, earning: true }, taken, 'reversal')
    if (posted !== 'done') return posted
    transfer.reversed += taken
    this.#core.undoable(() => {
      transfer.reversed -= taken
    })
    return 'done'
  }

  /** Takes back what is left of the transfers of an entry, the last one first. */
  reverseAll(numbers: readonly number[]): Told {
    if (numbers.length === 0) return 'transfer_unknown'
    const left = numbers.filter((number) => {
      const transfer = this.#core.transfers[number]
      return transfer !== undefined && transfer.reversed < transfer.amount
    })
    const targets = left.length === 0 ? numbers.slice(-1) : left
    return this.#core.together(targets.toReversed().map((number) => () => this.reverse(number, null)))
  }
}
