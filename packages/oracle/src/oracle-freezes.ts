import { type OracleFreeze, type Told, unpromised } from './oracle-account.ts'
import type { OracleCore } from './oracle-core.ts'

/** The highest rank: only its freezes let money be deducted. */
const JUDICIAL = 3

export interface OracleFreezeTerms {
  readonly account: number
  /** 0 hold, 1 dispute, 2 risk, 3 judicial. */
  readonly rank: number
  readonly amount: number | null
  readonly blocksIncoming: boolean
  readonly expiresAt: number | null
}

export class OracleFreezes {
  readonly all: OracleFreeze[] = []
  /** Active ones, in the order of their numbers. */
  readonly active = new Set<OracleFreeze>()
  readonly #core: OracleCore

  constructor(core: OracleCore) {
    this.#core = core
  }

  place({ account: number, rank, amount, blocksIncoming, expiresAt }: OracleFreezeTerms, now: number): Told {
    if (amount !== null && amount <= 0) return 'amount_not_positive'
    if (expiresAt !== null && expiresAt <= now) return 'expiry_in_the_past'
    const account = this.#core.accounts[number]
    if (account === undefined) return 'account_unknown'
    if (account.state === 'closed') return 'account_already_closed'
    if (amount !== null && account.floor === null) return 'freeze_needs_floor'
    const own = { number: this.all.length, account: number, rank, blocksIncoming, expiresAt }
    const freeze: OracleFreeze = { ...own, left: amount, state: 'active' }
    this.all.push(freeze)
    this.active.add(freeze)
    account.freezes.add(freeze)
    return 'done'
  }

  #end(freeze: OracleFreeze, state: OracleFreeze['state']): void {
    freeze.state = state
    this.active.delete(freeze)
    this.#core.account(freeze.account).freezes.delete(freeze)
  }

  lift(number: number, rank: number): Told {
    const freeze = this.all[number]
    if (freeze === undefined) return 'freeze_unknown'
    if (freeze.state !== 'active') return 'freeze_not_active'
    if (rank < freeze.rank) return 'freeze_outranks_authority'
    this.#end(freeze, 'lifted')
    return 'done'
  }

  /** Ends those of them that are due; how many. */
  expire(numbers: readonly number[], now: number): number {
    let ended = 0
    for (const number of numbers) {
      const freeze = this.all[number]
      if (freeze === undefined || freeze.state !== 'active' || freeze.expiresAt === null || freeze.expiresAt > now)
        continue
      this.#end(freeze, 'expired')
      ended += 1
    }
    return ended
  }

  /** Takes money on a judicial freeze: what the account has, less holds, a floor above zero, and the freezes that go before. */
  deduct(number: number, to: number, amount: number, currency: string): Told {
    if (amount <= 0) return 'amount_not_positive'
    const freeze = this.all[number]
    if (freeze === undefined) return 'freeze_unknown'
    if (freeze.state !== 'active') return 'freeze_not_active'
    if (freeze.rank !== JUDICIAL) return 'freeze_not_judicial'
    if (freeze.left !== null && amount > freeze.left) return 'exceeds_freeze'
    if (amount > this.#reach(freeze)) return 'freeze_reaches_less'
    const account = this.#core.account(freeze.account)
    const [debit, credit] = account.asset ? [to, account.number] : [account.number, to]
    const posted = this.#core.transfer({ debit, credit, currency, thawed: account.number }, amount)
    if (posted !== 'done' || freeze.left === null) return posted
    freeze.left -= amount
    if (freeze.left === 0) this.#end(freeze, 'used')
    return 'done'
  }

  #reach(freeze: OracleFreeze): number {
    const account = this.#core.account(freeze.account)
    let reach = unpromised(account) - Math.max(account.floor ?? 0, 0)
    for (const other of account.freezes) {
      const goesBefore = other.rank > freeze.rank || (other.rank === freeze.rank && other.number < freeze.number)
      if (other === freeze || !goesBefore) continue
      if (other.left === null) return 0
      reach -= other.left
    }
    return reach
  }
}
