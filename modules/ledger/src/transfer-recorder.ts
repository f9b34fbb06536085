import type { WorkingSet, WorkingTable } from '@huitong/committer'
import { invariant } from '@huitong/kernel'
import { type Account, type Balance, normalBalance } from './account.ts'
import type { AccountSetBook } from './account-set-book.ts'
import { locationOf } from './location.ts'
import { MARK_EVERY, markLog } from './mark-store.ts'
import type { Transfer } from './transfer.ts'
import type { After, NextBalance, Sides } from './transfer-decide.ts'
import { transferLog } from './transfer-store.ts'
import type { TransferEntry, Workbench } from './workbench.ts'

interface Recorded {
  readonly balances: WorkingTable<number, Balance>
  readonly sets: AccountSetBook
  /** Hears of each posted transfer. */
  readonly moved: (transfer: Transfer, debit: Account, credit: Account) => void
}

/** Gives decided transfers their place in the journal, and their accounts the balances after them. */
export function createTransferRecorder(set: WorkingSet, { balances, sets, moved }: Recorded): Workbench['record'] {
  const transfers = set.log(transferLog)
  const marks = set.log(markLog)

  /** Stores an account's balance after its newest entry, and marks every 64th entry. */
  function enter(account: number, balance: NextBalance, location: number): void {
    balance.lastEntry = location
    balances.put(account, balance)
    if (balance.sequence % MARK_EVERY === 0) marks.add({ account, location, balance })
  }

  return function record(entry: TransferEntry, { debit, credit }: Sides, after: After): Transfer {
    invariant(debit !== undefined && credit !== undefined, 'a decided transfer has both accounts')
    const position = set.nextPosition()
    const location = locationOf(set.batch.number, position)
    // Field by field: copying with `...` takes several times as long, and this is made for every transfer.
    const transfer: Transfer = {
      position,
      id: entry.id,
      kind: entry.kind,
      debit: entry.debit,
      credit: entry.credit,
      amountMinor: entry.amountMinor,
      releasedMinor: entry.releasedMinor,
      hold: entry.hold,
      holdExpiresAt: entry.holdExpiresAt,
      code: entry.code,
      reference: entry.reference,
      effectiveOn: entry.effectiveOn,
      reverses: entry.reverses,
      entry: entry.entry === 'new' ? entry.id : entry.entry,
      debitSequence: after.debit.sequence,
      debitBalanceMinor: normalBalance(debit.account, after.debit),
      debitPrevious: after.debit.lastEntry,
      creditSequence: after.credit.sequence,
      creditBalanceMinor: normalBalance(credit.account, after.credit),
      creditPrevious: after.credit.lastEntry,
    }
    enter(entry.debit, after.debit, location)
    enter(entry.credit, after.credit, location)
    transfers.add(transfer)
    if (entry.kind === 'posted' || entry.kind === 'captured') moved(transfer, debit.account, credit.account)
    if (debit.account.sets !== undefined) sets.moved(debit.account, debit.balance, after.debit)
    if (credit.account.sets !== undefined) sets.moved(credit.account, credit.balance, after.credit)
    return transfer
  }
}
