import { err, ok, type Result } from '@huitong/kernel'
import {
  type Account,
  type AccountState,
  type Balance,
  normalBalance,
  promisedToMinor,
  unpromisedMinor,
} from './account.ts'
import { floorData, stateData } from './journal-form.ts'
import type { LedgerRefusal } from './ledger-refusals.ts'
import { NO_RESTRAINTS, restraintsOf } from './restraints.ts'
import type { Workbench } from './workbench.ts'

/** Why a closed account is opened again. */
export const REOPEN_REASONS = ['closed_in_error', 'owner_request', 'authority_order', 'late_money'] as const

export type ReopenReason = (typeof REOPEN_REASONS)[number]

/** What is changed of an account apart from its money, as a part of the books. */
export interface AccountChanges {
  setFloor(id: number, floorMinor: bigint | null): Result<Account, LedgerRefusal>
  /** A credit line is a floor below zero, by so much; 0 takes it away. */
  setCreditLimit(id: number, limitMinor: bigint): Result<Account, LedgerRefusal>
  setCeiling(id: number, ceilingMinor: bigint | null): Result<Account, LedgerRefusal>
  setState(id: number, state: Exclude<AccountState, 'dormant'>): Result<Account, LedgerRefusal>
  reopen(id: number, reason: ReopenReason): Result<Account, LedgerRefusal>
  /** Puts an account to sleep that had no entry since its `sequence`th. */
  setDormant(id: number, sequence: number): Result<Account, LedgerRefusal>
}

export function createAccountChanges(bench: Workbench): AccountChanges {
  function put(account: Account): Result<Account, LedgerRefusal> {
    bench.putAccount(account)
    return ok(account)
  }

  /** The account with its balance, if it is not closed. */
  function open(id: number): Result<{ readonly account: Account; readonly balance: Balance }, LedgerRefusal> {
    const account = bench.account(id)
    if (account === undefined) return err({ code: 'account_unknown' })
    return account.state === 'closed'
      ? err({ code: 'account_already_closed' })
      : ok({ account, balance: bench.balance(id) })
  }

  return {
    setFloor: (id, floorMinor) => {
      const of = open(id)
      if (!of.ok) return of
      const { account, balance } = of.value
      if (floorMinor === null && account.restraints !== null && account.restraints.frozenMinor > 0n) {
        return err({ code: 'freeze_needs_floor' })
      }
      if (floorMinor !== null && unpromisedMinor(account, balance) < floorMinor)
        return err({ code: 'floor_above_balance' })
      bench.event('floor_changed', id, floorData(floorMinor))
      return put({ ...account, floorMinor })
    },

    setCreditLimit: (id, limitMinor) => {
      if (limitMinor < 0n) return err({ code: 'amount_not_positive' })
      const of = open(id)
      if (!of.ok) return of
      const { account, balance } = of.value
      if (unpromisedMinor(account, balance) < -limitMinor) return err({ code: 'credit_limit_below_use' })
      bench.event('credit_limit_changed', id, JSON.stringify({ limit_minor: String(limitMinor) }))
      return put({ ...account, floorMinor: -limitMinor })
    },

    setCeiling: (id, ceilingMinor) => {
      const of = open(id)
      if (!of.ok) return of
      const { account, balance } = of.value
      const coming = normalBalance(account, balance) + promisedToMinor(account, balance)
      if (ceilingMinor !== null && coming > ceilingMinor) return err({ code: 'ceiling_below_balance' })
      bench.event(
        'ceiling_changed',
        id,
        JSON.stringify({ ceiling_minor: ceilingMinor === null ? null : String(ceilingMinor) }),
      )
      return put({ ...account, restraints: restraintsOf({ ...(account.restraints ?? NO_RESTRAINTS), ceilingMinor }) })
    },

    setState: (id, state) => {
      const of = open(id)
      if (!of.ok) return of
      const { account, balance } = of.value
      if (account.state === 'dormant' && state === 'frozen') return err({ code: 'account_dormant' })
      const { debitsPosted, creditsPosted, debitsPending, creditsPending } = balance
      if (state === 'closed' && isFrozen(account)) return err({ code: 'account_has_freezes' })
      if (state === 'closed' && (debitsPosted !== creditsPosted || debitsPending + creditsPending > 0n)) {
        return err({ code: 'account_not_empty' })
      }
      bench.event('state_changed', id, stateData(state))
      return put({ ...account, state })
    },

    reopen: (id, reason) => {
      const account = bench.account(id)
      if (account === undefined) return err({ code: 'account_unknown' })
      if (account.state !== 'closed') return err({ code: 'account_not_closed' })
      bench.event('account_reopened', id, JSON.stringify({ reason }))
      return put({ ...account, state: 'open' })
    },

    setDormant: (id, sequence) => {
      const of = open(id)
      if (!of.ok) return of
      const { account, balance } = of.value
      const promised = balance.debitsPending + balance.creditsPending > 0n
      if (account.state !== 'open' || balance.sequence !== sequence || promised)
        return err({ code: 'account_not_idle' })
      bench.event('state_changed', id, stateData('dormant'))
      return put({ ...account, state: 'dormant' })
    },
  }
}

function isFrozen({ restraints }: Account): boolean {
  return restraints !== null && (restraints.frozenMinor > 0n || restraints.outFreezes > 0)
}
