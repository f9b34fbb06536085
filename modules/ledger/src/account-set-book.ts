import type { WorkingSet } from '@huitong/committer'
import { err, invariant, ok, type Result } from '@huitong/kernel'
import type { Account, Balance } from './account.ts'
import {
  type AccountSet,
  type Counters,
  createdData,
  memberData,
  plus,
  SET_DEPTH_MAX,
  SETS_PER_ACCOUNT_MAX,
  type SetBalance,
} from './account-set.ts'
import { membershipLog, setBalanceKey, setBalanceTable, setTable } from './account-set-store.ts'
import type { LedgerEventKind } from './journal-form.ts'
import type { LedgerRefusal } from './ledger-refusals.ts'

/** Sets inside a batch. Accounts that are in no set touch none of this. */
export interface AccountSetBook {
  needSet(id: number): void
  create(name: string, parent: number | null): Result<AccountSet, LedgerRefusal>
  add(set: number, account: Account | undefined): Result<readonly number[], LedgerRefusal>
  remove(set: number, account: Account | undefined): Result<readonly number[], LedgerRefusal>
  /** Counts in all sets of a member what an entry changed of it. */
  moved(account: Account, before: Balance, after: Balance): void
}

export interface SetBookParts {
  readonly balance: (account: number) => Balance
  readonly record: (kind: LedgerEventKind, account: number, data: string) => number
  /** Notes on the account in which sets it is. */
  readonly place: (account: Account, sets: readonly number[]) => void
}

export function createAccountSetBook(set: WorkingSet, parts: SetBookParts): AccountSetBook {
  const sets = set.table(setTable)
  const balances = set.table(setBalanceTable)
  const memberships = set.log(membershipLog)

  /** The set and all above it. */
  function upwards(id: number): readonly AccountSet[] {
    const chain: AccountSet[] = []
    for (let next: number | null = id; next !== null; ) {
      const found: AccountSet | undefined = sets.get(next)
      invariant(found !== undefined, `there is no set ${next}`)
      chain.push(found)
      next = found.parent
    }
    return chain
  }

  function count(id: number, currency: string, change: Counters, sign: 1n | -1n, members: number): void {
    for (const { id: above } of upwards(id)) {
      const key = setBalanceKey(above, currency)
      const before: SetBalance = balances.get(key) ?? {
        ...{ set: above, currency, members: 0 },
        ...{ debitsPosted: 0n, creditsPosted: 0n, debitsPending: 0n, creditsPending: 0n },
      }
      balances.put(key, { ...plus(before, change, sign), members: before.members + members })
    }
  }

  return {
    needSet: (id) => sets.need(id),

    create: (name, parent) => {
      const above = parent === null ? undefined : sets.get(parent)
      if (parent !== null && above === undefined) return err({ code: 'set_unknown' })
      const depth = (above?.depth ?? 0) + 1
      if (depth > SET_DEPTH_MAX) return err({ code: 'set_too_deep', facts: { depth_max: String(SET_DEPTH_MAX) } })
      const id = set.newId(0)
      const created: AccountSet = { id, name, parent, root: above?.root ?? id, depth }
      sets.add(id, created)
      parts.record('set_created', id, createdData(created))
      return ok(created)
    },

    add: (id, account) => {
      const into = sets.get(id)
      if (into === undefined) return err({ code: 'set_unknown' })
      if (account === undefined) return err({ code: 'account_unknown' })
      const own = account.sets ?? []
      const same = own.find((one) => sets.get(one)?.root === into.root)
      if (same !== undefined) return err({ code: 'set_counts_account', facts: { set: String(same) } })
      if (own.length >= SETS_PER_ACCOUNT_MAX) {
        return err({ code: 'account_in_too_many_sets', facts: { sets_max: String(SETS_PER_ACCOUNT_MAX) } })
      }
      count(id, account.currency, parts.balance(account.id), 1n, 1)
      parts.place(account, [...own, id])
      memberships.add({
        ...{ set: id, account: account.id, joins: true },
        position: parts.record('set_member_added', account.id, memberData(id)),
      })
      return ok([...own, id])
    },

    remove: (id, account) => {
      if (sets.get(id) === undefined) return err({ code: 'set_unknown' })
      if (account === undefined) return err({ code: 'account_unknown' })
      const own = account.sets ?? []
      if (!own.includes(id)) return err({ code: 'set_lacks_account' })
      const rest = own.filter((one) => one !== id)
      count(id, account.currency, parts.balance(account.id), -1n, -1)
      parts.place(account, rest)
      memberships.add({
        ...{ set: id, account: account.id, joins: false },
        position: parts.record('set_member_removed', account.id, memberData(id)),
      })
      return ok(rest)
    },

    moved: (account, before, after) => {
      const change = plus<Counters>(after, before, -1n)
      for (const id of account.sets ?? []) count(id, account.currency, change, 1n, 0)
    },
  }
}
