import { type CurrencyCode, formatAmount } from '@huitong/kernel'
import type { PlainPosting } from './plain-text-journal.ts'
import { PlainFault } from './plain-text-parts.ts'

/** A posting whose amount may be left out, once in a transaction. */
export interface DraftPosting {
  readonly line: number
  readonly account: string
  readonly amount: { readonly minor: bigint; readonly currency: CurrencyCode } | null
}

/** Fills the amount in that was left out, and makes sure that the rest adds up to zero in each currency. */
export function balanced(drafts: readonly DraftPosting[]): readonly PlainPosting[] {
  const sums = new Map<CurrencyCode, bigint>()
  const postings: PlainPosting[] = []
  let open: DraftPosting | undefined
  for (const draft of drafts) {
    const { line, account, amount } = draft
    if (amount === null) {
      if (open !== undefined) throw new PlainFault('malformed', 'Only one posting of a transaction may have no amount.')
      open = draft
      continue
    }
    sums.set(amount.currency, (sums.get(amount.currency) ?? 0n) + amount.minor)
    postings.push({ line, account, ...amount })
  }
  for (const [currency, sum] of sums) {
    if (sum === 0n) continue
    if (open === undefined) {
      throw new PlainFault(
        'not_balanced',
        `The postings in ${currency} add up to ${formatAmount(sum, currency)}, not to zero.`,
      )
    }
    postings.push({ line: open.line, account: open.account, minor: -sum, currency })
  }
  return postings.filter((posting) => posting.minor !== 0n)
}
