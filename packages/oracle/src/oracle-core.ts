import {
  availableOf,
  isStopped,
  type OracleAccount,
  type OracleHold,
  type OracleOpening,
  type OracleTransfer,
  type Told,
  unpromised,
  withPromised,
} from './oracle-account.ts'

/** What one movement asks for, apart from its amount. */
export interface OracleSides {
  readonly debit: number
  readonly credit: number
  /** That the request names; that of the debit account when it names none. */
  readonly currency?: string
  /** Whether its purpose may turn money of others into income. */
  readonly earning?: boolean
  /** Whose freezes do not stand in its way: of a deduction. */
  readonly thawed?: number
}

/** Accounts and what moved between them; each change can be taken back while others are tried that stand or fall with it. */
export class OracleCore {
  readonly accounts: OracleAccount[] = []
  readonly holds: OracleHold[] = []
  readonly transfers: OracleTransfer[] = []
  #undos: (() => void)[] | undefined

  open(opening: OracleOpening): number {
    const number = this.accounts.length
    const counters = { debits: 0, credits: 0, debitsPending: 0, creditsPending: 0, entries: 0 }
    const rules = { ceiling: null, state: 'open', summarised: false } as const
    this.accounts.push({ ...opening, ...rules, ...counters, number, freezes: new Set(), sets: new Set() })
    return number
  }

  account(number: number): OracleAccount {
    const found = this.accounts[number]
    if (found === undefined) throw new Error(`the oracle knows no account ${number}`)
    return found
  }

  /** All of it or nothing: what the parts before a refused one changed is taken back. */
  together(parts: Iterable<() => Told>): Told {
    // Within a larger whole, that one takes back.
    const outer = this.#undos
    const undos: (() => void)[] = []
    this.#undos = undos
    try {
      for (const part of parts) {
        const told = part()
        if (told === 'done') continue
        for (const undo of undos.toReversed()) undo()
        undos.length = 0
        return told
      }
      return 'done'
    } finally {
      outer?.push(...undos)
      this.#undos = outer
    }
  }

  undoable(undo: () => void): void {
    this.#undos?.push(undo)
  }

  /** The checks that every movement shares, in the order in which refusals are told. */
  judgeSides({ debit, credit, currency, earning, thawed }: OracleSides, amount: number): Told {
    if (amount <= 0) return 'amount_not_positive'
    if (debit === credit) return 'same_account'
    const [from, to] = [this.accounts[debit], this.accounts[credit]]
    if (from === undefined) return 'debit_account_unknown'
    if (to === undefined) return 'credit_account_unknown'
    const told = currency ?? from.currency
    if (from.currency !== told || to.currency !== told) return 'currency_mismatch'
    if (to.result === 'income' && from.foreign && earning !== true) return 'pair_not_in_chart'
    return this.judgeStates(from, to, thawed)
  }

  judgeStates(from: OracleAccount, to: OracleAccount, thawed?: number): Told {
    const stops = (account: OracleAccount, loses: boolean) => account.number !== thawed && isStopped(account, loses)
    const sleeps = ({ number, state }: OracleAccount) => number !== thawed && state === 'dormant'
    if (from.state === 'closed') return 'debit_account_closed'
    if (to.state === 'closed') return 'credit_account_closed'
    if (stops(from, !from.asset)) return 'debit_account_frozen'
    if (stops(to, to.asset)) return 'credit_account_frozen'
    if (!from.asset && sleeps(from)) return 'debit_account_dormant'
    if (to.asset && sleeps(to)) return 'credit_account_dormant'
    return 'done'
  }

  judgeFunds(debit: number, credit: number, amount: number, thawed?: number): Told {
    const [from, to] = [this.account(debit), this.account(credit)]
    const has = (account: OracleAccount) =>
      account.number === thawed ? unpromised(account) - (account.floor ?? -Infinity) : availableOf(account)
    const overfills = (account: OracleAccount) =>
      account.ceiling !== null && withPromised(account) + amount > account.ceiling
    if (!from.asset && has(from) < amount) return 'insufficient_funds'
    if (to.asset && has(to) < amount) return 'insufficient_funds'
    if (!to.asset && overfills(to)) return 'ceiling_exceeded'
    if (from.asset && overfills(from)) return 'ceiling_exceeded'
    return 'done'
  }

  /** One entry on either account. */
  move(debit: number, credit: number, posted: number, pending: number): void {
    const [from, to] = [this.account(debit), this.account(credit)]
    this.#enter(from, to, posted, pending, 1)
    this.undoable(() => this.#enter(from, to, -posted, -pending, -1))
  }

  #enter(from: OracleAccount, to: OracleAccount, posted: number, pending: number, entries: 1 | -1): void {
    from.debits += posted
    to.credits += posted
    from.debitsPending += pending
    to.creditsPending += pending
    from.entries += entries
    to.entries += entries
    if (Number.isSafeInteger(from.debits) && Number.isSafeInteger(to.credits)) return
    throw new Error('the oracle counts in numbers, and these sums are beyond them')
  }

  transfer(of: OracleSides, amount: number, kind: OracleTransfer['kind'] = 'posted'): Told {
    const sides = this.judgeSides(of, amount)
    if (sides !== 'done') return sides
    const funds = this.judgeFunds(of.debit, of.credit, amount, of.thawed)
    if (funds !== 'done') return funds
    this.move(of.debit, of.credit, amount, 0)
    this.journal({ debit: of.debit, credit: of.credit, amount, kind, reversed: 0 })
    return 'done'
  }

  journal(transfer: OracleTransfer): void {
    this.transfers.push(transfer)
    this.undoable(() => this.transfers.pop())
  }
}
