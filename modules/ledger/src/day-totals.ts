import type { LogDefinition, WorkingSet } from '@huitong/committer'
import type { CurrencyCode } from '@huitong/kernel'
import type { Account } from './account.ts'
import { type DayTotalKey, dayTotalKey, dayTotalTable } from './day-total-store.ts'
import type { SubjectCode } from './subjects.ts'
import { isYearEnd, type Transfer } from './transfer.ts'

/** What a batch adds to one total. */
interface Sum {
  readonly key: DayTotalKey
  debitsMinor: bigint
  creditsMinor: bigint
  entries: number
}

/** A posted transfer with its accounts at hand: looking 8,000 of them up again would cost a batch more than the sums. */
interface Move {
  readonly transfer: Transfer
  readonly debit: Account
  readonly credit: Account
}

/** Nothing of it is stored; it is kept for the end of the batch. */
const moveLog: LogDefinition<Move> = { name: 'ledger_day_moves', append: () => [] }

/**
 * Adds what each batch moves to the totals of its day. Once a batch, over the transfers that it decided, and not with each transfer: two
 * rows changed by every transfer, each with a step to take it back, cost it more than a microsecond. Returns what hears of each posted
 * transfer.
 */
export function addDayTotals(set: WorkingSet): (transfer: Transfer, debit: Account, credit: Account) => void {
  const totals = set.table(dayTotalTable)
  const moves = set.log(moveLog)

  set.summarise(() => {
    const { number: through, accountingDay } = set.batch
    const sums = sumsOf(moves.rows, accountingDay)
    // All are asked for before the first is read: each that is missed by itself would have the batch decided anew, and only so often is it.
    for (const { key } of sums) totals.need(dayTotalKey(key))
    for (const { key, debitsMinor, creditsMinor, entries } of sums) {
      const text = dayTotalKey(key)
      const before = totals.get(text)
      totals.put(text, {
        ...key,
        debitsMinor: debitsMinor + (before?.debitsMinor ?? 0n),
        creditsMinor: creditsMinor + (before?.creditsMinor ?? 0n),
        entries: entries + (before?.entries ?? 0),
        through,
      })
    }
  })

  return (transfer, debit, credit) => moves.add({ transfer, debit, credit })
}

function sumsOf(moves: readonly Move[], day: string): readonly Sum[] {
  const sums: Sum[] = []
  /** By subject and currency, for transfers of the batch's own day: a text as the key would cost more than the rest. */
  const plain = new Map<SubjectCode, Map<CurrencyCode, Sum>>()
  const special = new Map<string, Sum>()

  function begin(key: DayTotalKey): Sum {
    const sum: Sum = { key, debitsMinor: 0n, creditsMinor: 0n, entries: 0 }
    sums.push(sum)
    return sum
  }

  function sumOf({ subject, currency }: Account, effectiveOn: string | null, yearEnd: boolean): Sum {
    if (effectiveOn === null && !yearEnd) {
      let ofSubject = plain.get(subject)
      if (ofSubject === undefined) {
        ofSubject = new Map()
        plain.set(subject, ofSubject)
      }
      const known = ofSubject.get(currency)
      if (known !== undefined) return known
      const made = begin({ day, effectiveOn: day, yearEnd, subject, currency })
      ofSubject.set(currency, made)
      return made
    }
    const key = { day, effectiveOn: effectiveOn ?? day, yearEnd, subject, currency }
    const text = dayTotalKey(key)
    const known = special.get(text)
    if (known !== undefined) return known
    const made = begin(key)
    special.set(text, made)
    return made
  }

  for (const { transfer, debit, credit } of moves) {
    const { amountMinor, effectiveOn } = transfer
    const yearEnd = isYearEnd(transfer.code)
    const debited = sumOf(debit, effectiveOn, yearEnd)
    debited.debitsMinor += amountMinor
    debited.entries += 1
    const credited = sumOf(credit, effectiveOn, yearEnd)
    credited.creditsMinor += amountMinor
    credited.entries += 1
  }
  return sums
}
