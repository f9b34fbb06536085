import type { CommandKind, WorkingSet } from '@huitong/committer'
import { answerCodec } from '@huitong/contract'
import { type CurrencyCode, canonicalJson, ok } from '@huitong/kernel'
import { type Books, isCreditNormal } from '@huitong/ledger'
import Type, { type Static } from 'typebox'
import { refuse } from './reconciliation-refusals.ts'
import { resolutionTable } from './resolution-store.ts'

const ResolvedAnswer = Type.Object({
  difference: Type.Integer(),
  transfer: Type.Union([Type.Integer(), Type.Null()]),
})
type ResolvedAnswer = Static<typeof ResolvedAnswer>

export interface ResolveInput {
  /** As it was found, which never changes. */
  readonly difference: {
    readonly id: number
    readonly account: number
    readonly currency: CurrencyCode
    /** What the ledger would have to grow by to agree. */
    readonly minor: bigint
  }
  readonly how:
    | { readonly way: 'booked'; readonly against: number }
    | { readonly way: 'matched'; readonly transfer: number }
    | { readonly way: 'noted' }
  readonly note: string
}

/** The command kinds of this module. */
export type Reconciliation = ReturnType<typeof createReconciliation>

/** Takes this module's tables of the working set, once, and makes its command kinds. */
export function createReconciliation(set: WorkingSet, { books }: { readonly books: Books }) {
  const resolutions = set.table(resolutionTable)

  /** `reconciliation.resolve`: settles a difference once. What is booked moves in the commit that says so. */
  const resolve: CommandKind<ResolveInput, ResolvedAnswer> = {
    name: 'reconciliation.resolve',
    need: ({ difference, how }) => {
      resolutions.need(difference.id)
      books.needAccount(difference.account)
      if (how.way === 'booked') books.needAccount(how.against)
    },
    decide: ({ difference, how, note }) => {
      const { id, account, currency, minor } = difference
      if (resolutions.get(id) !== undefined) return refuse('difference_resolved')
      let transfer = how.way === 'matched' ? how.transfer : null
      if (how.way === 'booked') {
        const own = books.account(account)
        if (own === undefined || books.account(how.against) === undefined) return refuse('account_unknown_to_ledger')
        if (minor === 0n) return refuse('books_nothing')
        const isDebited = minor > 0n !== isCreditNormal(own.subject)
        const sides = isDebited ? { debit: account, credit: how.against } : { debit: how.against, credit: account }
        const amountMinor = minor < 0n ? -minor : minor
        const posted = books.transfer({ ...sides, amountMinor, currency, code: 'adjustment', reference: id })
        if (!posted.ok) return posted
        transfer = posted.value.id
      }
      resolutions.put(id, { difference: id, way: how.way, transfer, note, resolvedAt: set.batch.at })
      return ok({ difference: id, transfer })
    },
    form: ({ difference, how, note }) => canonicalJson({ difference: difference.id, how: { ...how }, note }),
    ...answerCodec(ResolvedAnswer),
  }
  return { resolve }
}
