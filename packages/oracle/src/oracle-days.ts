import type { OracleAccount, Told } from './oracle-account.ts'
import type { OracleCore, OracleSides } from './oracle-core.ts'

interface OracleDay {
  readonly day: string
  tied: boolean
}

interface OracleYear {
  readonly year: number
  /** Transfers of each entry that closed a part of it, by their numbers. */
  entries: (readonly number[])[]
  complete: boolean
}

/** Accounting days, what waits for the end of one, and years. Days are text such as `2026-11-22`. */
export class OracleDays {
  today: string
  readonly closed: OracleDay[] = []
  finalThrough: string | null = null
  readonly years = new Map<number, OracleYear>()
  revision = 0
  /** What waits, by the two accounts. */
  readonly #waiting = new Map<string, { readonly debit: number; readonly credit: number; amount: number }>()
  readonly #core: OracleCore

  constructor(core: OracleCore, today: string) {
    this.#core = core
    this.today = today
  }

  /** A lone transfer: it waits where the policy of one of the accounts says so and nothing speaks against it. */
  byPolicy(of: OracleSides, amount: number): Told {
    const [from, to] = [this.#core.accounts[of.debit], this.#core.accounts[of.credit]]
    if (from === undefined || to === undefined || !(from.summarised || to.summarised))
      return this.#core.transfer(of, amount)
    const currency = of.currency ?? from.currency
    const free = [from, to].every((account) => isFree(account) && account.currency === currency)
    if (amount <= 0 || from === to || !free) return this.#core.transfer(of, amount)
    const pair = `${of.debit} ${of.credit}`
    const waiting = this.#waiting.get(pair) ?? { debit: of.debit, credit: of.credit, amount: 0 }
    this.#waiting.set(pair, waiting)
    waiting.amount += amount
    return 'done'
  }

  /** A transfer that belongs to another day than the open one. */
  backDated(of: OracleSides, amount: number, day: string): Told {
    if (day > this.today) return 'effective_day_in_future'
    if (day < this.today) {
      if (this.finalThrough !== null && day <= this.finalThrough) return 'effective_day_final'
      const opened = (number: number) => this.#core.accounts[number]?.openedOn ?? ''
      if (opened(of.debit) > day || opened(of.credit) > day) return 'account_not_open_then'
    }
    return this.#core.transfer(of, amount)
  }

  policy(number: number, summarised: boolean): Told {
    const account = this.#core.accounts[number]
    if (account === undefined) return 'account_unknown'
    if (account.state === 'closed') return 'account_already_closed'
    const may = account.result !== null && account.floor === null
    if (summarised && !may) return 'policy_not_allowed'
    if (!summarised) this.post(number)
    account.summarised = summarised
    return 'done'
  }

  /** Posts what waits between an account and others, or all: one transfer for each pair. */
  post(account: number | null): void {
    for (const waiting of this.#waiting.values()) {
      const { debit, credit, amount } = waiting
      if (amount === 0 || (account !== null && debit !== account && credit !== account)) continue
      const told = this.#core.transfer({ debit, credit }, amount)
      if (told !== 'done') throw new Error(`what waited was refused: ${told}`)
      waiting.amount = 0
      this.#core.undoable(() => {
        waiting.amount = amount
      })
    }
  }

  close(next: string): Told {
    // What waits is posted first, and not posted when the command is refused.
    if (next <= this.today) return 'day_not_next'
    this.post(null)
    this.closed.push({ day: this.today, tied: false })
    this.today = next
    return 'done'
  }

  tie(day: string): Told {
    const closed = this.closed.find((one) => one.day === day)
    if (closed === undefined) return 'day_not_closed'
    closed.tied = true
    return 'done'
  }

  finalize(through: string): Told {
    const closed = this.closed.find((one) => one.day === through)
    if (closed === undefined) return 'day_not_closed'
    if (!closed.tied) return 'day_not_tied'
    if (this.finalThrough !== null && through <= this.finalThrough) return 'day_already_final'
    this.finalThrough = through
    return 'done'
  }

  #year(year: number): OracleYear {
    const known = this.years.get(year) ?? { year, entries: [], complete: false }
    this.years.set(year, known)
    return known
  }

  #laterYear(year: number): boolean {
    return [...this.years.values()].some((one) => one.year > year && (one.complete || one.entries.length > 0))
  }

  /** Carries results, credits less debits by account, each into an account of retained earnings. */
  closeYear(
    year: number,
    revision: number,
    results: readonly { readonly account: number; readonly amount: number; readonly retained: number }[],
    complete: boolean,
  ): Told {
    const of = this.#year(year)
    if (of.complete) return 'done'
    if (this.finalThrough === null || this.finalThrough < `${year}-12-31`) return 'year_not_final'
    if (this.#laterYear(year)) return 'later_year_closed'
    if (revision !== this.revision) return 'year_end_overtaken'
    const first = this.#core.transfers.length
    const carried = this.#core.together(
      results.map(({ account, amount, retained }) => () => {
        const [debit, credit] = amount > 0 ? [account, retained] : [retained, account]
        return this.#core.transfer({ debit, credit }, Math.abs(amount), 'year_end')
      }),
    )
    if (carried !== 'done') return carried
    if (results.length > 0) of.entries.push(results.map((_, index) => first + index))
    of.complete = complete
    this.revision += 1
    return 'done'
  }

  /** Takes back the newest entry that closed a part of a year. */
  reopenYear(year: number, revision: number): Told {
    if (this.#laterYear(year)) return 'later_year_closed'
    const of = this.#year(year)
    if (!of.complete && of.entries.length === 0) return 'year_not_closed'
    if (revision !== this.revision) return 'year_end_overtaken'
    const taken = this.#core.together(
      (of.entries.at(-1) ?? []).toReversed().map((number) => () => {
        const transfer = this.#core.transfers[number]
        if (transfer === undefined) throw new Error(`the oracle knows no transfer ${number}`)
        return this.#core.transfer({ debit: transfer.credit, credit: transfer.debit }, transfer.amount, 'reversal')
      }),
    )
    if (taken !== 'done') return taken
    of.entries.pop()
    of.complete = false
    this.revision += 1
    return 'done'
  }
}

/** Nothing that a posting could be refused for, and nothing that asks its balance. */
function isFree({ foreign, floor, ceiling, freezes, state }: OracleAccount): boolean {
  return !foreign && floor === null && ceiling === null && freezes.size === 0 && state === 'open'
}
