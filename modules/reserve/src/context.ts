import type { WorkingSet } from '@huitong/committer'
import { CNY, formatAmount, invariant, microsToIso } from '@huitong/kernel'
import type { Books, SubjectCode } from '@huitong/ledger'
import { type Guard, PAYOUTS } from './guard.ts'
import { guardTable } from './guard-store.ts'
import { reserveDayTable } from './reserve-day-store.ts'

export interface ReserveDeps {
  readonly books: Books
}

/** What the command kinds of this module close over. */
export type ReserveContext = ReturnType<typeof createReserveContext>

const HOUSE = {
  /** Tied to the reserve's account where it lies. */
  reserve: { subject: '1001', floorMinor: 0n },
  own: { subject: '1002', floorMinor: 0n },
} as const satisfies Readonly<Record<string, { readonly subject: SubjectCode; readonly floorMinor: bigint }>>

export function createReserveContext(set: WorkingSet, { books }: ReserveDeps) {
  const guards = set.table(guardTable)
  const days = set.table(reserveDayTable)

  return {
    set,
    books,
    days,
    needGuard: (): void => guards.need(PAYOUTS),
    guard: (): Guard | undefined => guards.get(PAYOUTS),

    /** Keeps how it stands, and tells somebody when payouts stop or go on. */
    keepGuard: (surplusMinor: bigint, batch: number): Guard => {
      const stopped = surplusMinor < 0n
      const guard: Guard = { name: PAYOUTS, stopped, surplusMinor, batch, notedAt: set.batch.at }
      if (stopped !== (guards.get(PAYOUTS)?.stopped ?? false)) {
        const body = { surplus: formatAmount(surplusMinor, CNY), at: microsToIso(set.batch.at) }
        set.emit({ topic: stopped ? 'reserve.short' : 'reserve.covered', key: PAYOUTS, body: JSON.stringify(body) })
      }
      guards.put(PAYOUTS, guard)
      return guard
    },

    /** The institution's account of this kind, opened when first needed. */
    house: (role: keyof typeof HOUSE): number => {
      const { subject, floorMinor } = HOUSE[role]
      books.needAccountsOf(subject, null)
      const found = books.accountsOf(subject, null).find(({ currency }) => currency === CNY)
      if (found !== undefined) return found.id
      const opened = books.openAccount({ slot: 0, subject, currency: CNY, owner: null, floorMinor })
      invariant(opened.ok, 'the ledger opens the accounts of the reserve')
      return opened.value.id
    },
  }
}
