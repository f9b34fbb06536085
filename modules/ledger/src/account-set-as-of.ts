import type { InstitutionDatabase } from '@huitong/pg'
import { ZERO_BALANCE } from './account.ts'
import type { AccountHistory } from './account-history.ts'
import { plus, type SetBalance } from './account-set.ts'
import { setMembers } from './account-set-read-store.ts'
import type { JournalPoint } from './journal-point.ts'
import { accountsOf } from './ledger-read-store.ts'

const PAGE_MEMBERS = 500

/** What those had who were members then, by currency; undefined when they are more than `membersMax`. */
export async function setBalancesAsOf(
  db: Pick<InstitutionDatabase, 'read'>,
  history: AccountHistory,
  set: number,
  point: JournalPoint,
  membersMax: number,
): Promise<readonly SetBalance[] | undefined> {
  const sums = new Map<string, SetBalance>()
  let counted = 0
  for (let after = 0, more = true; more; ) {
    const from = after
    const { ids, accounts } = await db.read(async (tx) => {
      const members = (await setMembers(tx, set, point.batch, from, PAGE_MEMBERS)).slice(0, PAGE_MEMBERS)
      return { ids: members, accounts: await accountsOf(tx, members) }
    })
    counted += ids.length
    if (counted > membersMax) return undefined
    const balances = await history.balances(point, ids)
    for (const { id, currency } of accounts) {
      const before: SetBalance = sums.get(currency) ?? { set, currency, members: 0, ...NOTHING }
      sums.set(currency, {
        ...plus(before, balances.get(id) ?? ZERO_BALANCE, 1n),
        members: before.members + 1,
      })
    }
    after = ids.at(-1) ?? after
    more = ids.length === PAGE_MEMBERS
  }
  return [...sums.values()].sort((a, b) => (a.currency < b.currency ? -1 : 1))
}

const NOTHING = { debitsPosted: 0n, creditsPosted: 0n, debitsPending: 0n, creditsPending: 0n }
