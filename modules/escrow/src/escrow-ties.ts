import { type BusinessTie, journalBalances, listAccounts } from '@huitong/ledger'
import { selectEscrowTies } from './escrow-read-store.ts'

const PAGE = 10_000

/** What trades hold of each merchant is the balance of his escrow account, and no other account of that subject has anything. */
export const ESCROW_TIES: readonly BusinessTie[] = [
  {
    name: 'escrow.held',
    table: 'escrow_trades',
    differences: async (tx) => {
      const held = new Map((await selectEscrowTies(tx)).map((tie) => [tie.account, tie]))
      const differing = []
      for (let afterId = 0; ; ) {
        const page = await listAccounts(tx, { subject: '2004', afterId, limit: PAGE }, journalBalances)
        for (const { account, balance } of page.slice(0, PAGE)) {
          afterId = account.id
          const has = balance.creditsPosted - balance.debitsPosted
          const tie = held.get(account.id)
          held.delete(account.id)
          const says = tie?.heldMinor ?? 0n
          if (has === says) continue
          const what = tie === undefined ? 'nobody' : `merchant ${tie.merchant}`
          differing.push({ what, account: account.id, expected: String(has), found: String(says) })
        }
        if (page.length <= PAGE) break
      }
      for (const { merchant, account, heldMinor } of held.values()) {
        differing.push({ what: `merchant ${merchant}`, account, expected: 'no account', found: String(heldMinor) })
      }
      return differing
    },
  },
]
