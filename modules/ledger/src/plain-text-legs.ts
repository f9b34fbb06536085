import type { CurrencyCode } from '@huitong/kernel'
import { invariant } from '@huitong/kernel'
import type { PlainTransaction } from './plain-text-journal.ts'

export interface PairedLeg {
  readonly debit: string
  readonly credit: string
  readonly minor: bigint
  readonly currency: CurrencyCode
}

/**
 * The postings of a transaction as movements between two accounts each, in the order of the postings: what the first debit needs is taken
 * from the first credits that have some left, and so on. They move what the postings say, for these add up to zero.
 */
export function pairedLegs({ postings }: PlainTransaction): readonly PairedLeg[] {
  const legs: PairedLeg[] = []
  for (const currency of new Set(postings.map((posting) => posting.currency))) {
    const own = postings.filter((posting) => posting.currency === currency)
    const credits = own.filter(({ minor }) => minor < 0n).map(({ account, minor }) => ({ account, left: -minor }))
    for (const { account: debit, minor } of own.filter((posting) => posting.minor > 0n)) {
      let needed = minor
      while (needed > 0n) {
        const [credit] = credits
        invariant(credit !== undefined, 'the postings of a transaction add up to zero')
        const part = needed < credit.left ? needed : credit.left
        // Both sides of one account cancel out: nothing moves.
        if (debit !== credit.account) legs.push({ debit, credit: credit.account, minor: part, currency })
        needed -= part
        credit.left -= part
        if (credit.left === 0n) credits.shift()
      }
    }
  }
  return legs
}
