import { frozenOf, type OracleAccount, type Told, unpromised, withPromised } from './oracle-account.ts'
import type { OracleCore } from './oracle-core.ts'

/** What is changed of accounts apart from their money. */
export class OracleChanges {
  readonly #core: OracleCore

  constructor(core: OracleCore) {
    this.#core = core
  }

  #change(number: number, change: (account: OracleAccount) => Told): Told {
    const account = this.#core.accounts[number]
    if (account === undefined) return 'account_unknown'
    return account.state === 'closed' ? 'account_already_closed' : change(account)
  }

  floor(number: number, floor: number | null): Told {
    return this.#change(number, (account) => {
      if (floor === null && frozenOf(account) > 0) return 'freeze_needs_floor'
      if (floor !== null && unpromised(account) < floor) return 'floor_above_balance'
      account.floor = floor
      return 'done'
    })
  }

  creditLimit(number: number, limit: number): Told {
    if (limit < 0) return 'amount_not_positive'
    return this.#change(number, (account) => {
      if (unpromised(account) < -limit) return 'credit_limit_below_use'
      account.floor = limit === 0 ? 0 : -limit
      return 'done'
    })
  }

  ceiling(number: number, ceiling: number | null): Told {
    return this.#change(number, (account) => {
      if (ceiling !== null && withPromised(account) > ceiling) return 'ceiling_below_balance'
      account.ceiling = ceiling
      return 'done'
    })
  }

  state(number: number, state: 'open' | 'frozen' | 'closed'): Told {
    return this.#change(number, (account) => {
      if (account.state === 'dormant' && state === 'frozen') return 'account_dormant'
      if (state === 'closed' && account.freezes.size > 0) return 'account_has_freezes'
      const { debits, credits, debitsPending, creditsPending } = account
      if (state === 'closed' && (debits !== credits || debitsPending + creditsPending > 0)) return 'account_not_empty'
      account.state = state
      return 'done'
    })
  }

  reopen(number: number): Told {
    const account = this.#core.accounts[number]
    if (account === undefined) return 'account_unknown'
    if (account.state !== 'closed') return 'account_not_closed'
    account.state = 'open'
    return 'done'
  }

  /** Of an account that nothing moved on since it had so many entries. */
  dormant(number: number, entries: number): Told {
    return this.#change(number, (account) => {
      const { state, debitsPending, creditsPending } = account
      if (state !== 'open' || account.entries !== entries || debitsPending + creditsPending > 0)
        return 'account_not_idle'
      account.state = 'dormant'
      return 'done'
    })
  }
}
