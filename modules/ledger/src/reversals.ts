import type { WorkingSet } from '@huitong/committer'
import { err, invariant, ok, type Result } from '@huitong/kernel'
import type { Account } from './account.ts'
import type { LedgerRefusal } from './ledger-refusals.ts'
import type { Original, ReversalTarget } from './reversal.ts'
import { decideReversal } from './reversal-decide.ts'
import { originalTable, reversalTable } from './reversal-store.ts'
import type { Transfer, TransferCode } from './transfer.ts'
import type { EntryRef, TransferRequest } from './transfer-request.ts'

export interface ReversalRequest {
  readonly of: ReversalTarget
  /** The open accounting day to which it belongs when that is not the batch's own. */
  readonly effectiveOn?: string | null
  /** Puts it into an entry with other transfers of the command. An entry of several transfers is reversed as an entry anyway. */
  readonly entry?: EntryRef
}

/** Taking back what was posted, as a part of the books. */
export interface Reversals {
  needReversal(of: ReversalTarget): void
  /** What a reversal would take back, before anything is decided about it; empty when there is nothing of that id. */
  originals(of: ReversalTarget): readonly Original[]
  /** Posts the mirrored transfers, last first, each of which names the one that it takes back. */
  reverse(request: ReversalRequest): Result<readonly Transfer[], LedgerRefusal>
}

/** What it needs of the books that it is a part of. */
interface Posting {
  account(id: number): Account | undefined
  needAccount(id: number): void
  transfer(request: TransferRequest): Result<Transfer, LedgerRefusal>
}

/** Also takes back what closed a year, which no other part of the books may do. */
interface AllReversals extends Reversals {
  /** Says what an entry is made of before its batch is durable, for what takes it back without having waited for the answer. */
  keepEntry(entry: number, transfers: readonly Transfer[]): void
  takeBack(entry: number, effectiveOn: string): Result<readonly Transfer[], LedgerRefusal>
}

export function createReversals(set: WorkingSet, books: Posting): AllReversals {
  const groups = set.table(originalTable)
  const reversals = set.table(reversalTable)

  function originals(of: ReversalTarget): readonly Original[] {
    const key = 'entry' in of ? of.entry : of.transfer
    const found = groups.get(key)?.originals ?? []
    return 'entry' in of ? found.filter(({ entry }) => entry === key) : found.filter(({ id }) => id === key)
  }

  /** All of it at once: asking for one row after the other would decide the batch anew for each. */
  function needAll(wanted: readonly Original[]): void {
    for (const { id, debit, credit } of wanted) {
      reversals.need(id)
      books.needAccount(debit)
      books.needAccount(credit)
    }
  }

  function reverseOne(
    original: Original | undefined,
    amountMinor: bigint | undefined,
    facts: Pick<TransferRequest, 'code' | 'effectiveOn' | 'entry'>,
  ): Result<Transfer, LedgerRefusal> {
    const before = original === undefined ? undefined : reversals.get(original.id)
    const decided = decideReversal(original, before, amountMinor, facts.code)
    if (!decided.ok) return decided
    invariant(original !== undefined, 'what is reversed was there')
    const account = books.account(original.debit)
    invariant(account !== undefined, `the account ${original.debit} of a journaled transfer exists`)
    const posted = books.transfer({
      debit: original.credit,
      credit: original.debit,
      amountMinor: decided.value.amountMinor,
      currency: account.currency,
      reference: original.reference,
      reverses: original.id,
      ...facts,
    })
    if (posted.ok) reversals.put(original.id, decided.value.reversal)
    return posted
  }

  function reverseEntry(
    wanted: readonly Original[],
    effectiveOn: string | null,
    asked: EntryRef,
    code: TransferCode = 'reversal',
  ): Result<readonly Transfer[], LedgerRefusal> {
    const left = wanted.filter(({ id, amountMinor }) => (reversals.get(id)?.reversedMinor ?? 0n) < amountMinor)
    // When nothing is left, the last one says why.
    const targets = (left.length === 0 ? wanted.slice(-1) : left).toReversed()
    const transfers: Transfer[] = []
    let entry: EntryRef = asked ?? (targets.length > 1 ? 'new' : null)
    for (const original of targets) {
      const posted = reverseOne(original, undefined, { code, effectiveOn, entry })
      if (!posted.ok) return err({ code: posted.error.code, facts: { ...posted.error.facts, of: String(original.id) } })
      transfers.push(posted.value)
      entry = posted.value.entry
    }
    return ok(transfers)
  }

  return {
    needReversal: (of) => groups.need('entry' in of ? of.entry : of.transfer),
    originals,
    reverse: ({ of, effectiveOn = null, entry = null }) => {
      const wanted = originals(of)
      needAll(wanted)
      if ('entry' in of) {
        return wanted.length === 0 ? err({ code: 'transfer_unknown' }) : reverseEntry(wanted, effectiveOn, entry)
      }
      const posted = reverseOne(wanted[0], of.amountMinor, { code: 'reversal', effectiveOn, entry })
      return posted.ok ? ok([posted.value]) : posted
    },
    keepEntry: (entry, transfers) => groups.add(entry, { originals: transfers }),
    takeBack: (entry, effectiveOn) => {
      groups.need(entry)
      const wanted = originals({ entry })
      needAll(wanted)
      return wanted.length === 0
        ? err({ code: 'transfer_unknown' })
        : reverseEntry(wanted, effectiveOn, 'new', 'year_end_reversal')
    },
  }
}
