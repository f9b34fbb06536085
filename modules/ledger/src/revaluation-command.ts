import type { CommandKind } from '@huitong/committer'
import { type CurrencyCode, canonicalJson, err, ok, scaleOf } from '@huitong/kernel'
import { type Account, normalBalance } from './account.ts'
import { accountBySubject } from './account-by-subject.ts'
import type { Books } from './books.ts'
import { Exact, exactOf, exactText, type Rounding, roundMinor } from './exact.ts'
import { EXCHANGE_SUBJECTS } from './exchange-command.ts'
import { postEntry } from './journal-entry-post.ts'

export interface RevaluationInput {
  /** The currency of the books. */
  readonly base: CurrencyCode
  /** The price of one unit of each currency in the base. */
  readonly rates: readonly { readonly currency: CurrencyCode; readonly rate: Exact }[]
  readonly rounding: Rounding
}

export interface RevaluationAnswer {
  readonly batch: number
  /** Negative for a loss. */
  readonly gainMinor: bigint
  /** Null when there was nothing to post. */
  readonly entry: number | null
}

/**
 * `ledger.revalue`: what the positions are worth in the base currency at these rates, all together and rounded once, against what they are
 * carried at, which is the debit balance of the base currency's own position. The difference is posted as a gain or a loss.
 */
export function revaluationKind(
  books: Books,
  batchNumber: () => number,
): CommandKind<RevaluationInput, RevaluationAnswer> {
  return {
    name: 'ledger.revalue',
    need: () => {
      const { position, gains, losses } = EXCHANGE_SUBJECTS
      for (const subject of [position, gains, losses]) books.needAccountsOf(subject, null)
    },
    decide: ({ base, rates, rounding }) => {
      const positions = books.accountsOf(EXCHANGE_SUBJECTS.position, null)
      const carrying = accountBySubject(books, EXCHANGE_SUBJECTS.position, null, base)
      if (!carrying.ok) return carrying
      const minorOf = (account: Account) => normalBalance(account, books.balance(account.id))
      let exact = new Exact(0)
      const facts: Record<string, { position_minor: string; rate: string }> = {}
      for (const account of positions) {
        const minor = minorOf(account)
        if (account.currency === base || minor === 0n) continue
        const rate = rates.find((one) => one.currency === account.currency)?.rate
        if (rate === undefined) return err({ code: 'rate_missing', facts: { currency: account.currency } })
        const shift = new Exact(10).pow(scaleOf(base) - scaleOf(account.currency))
        exact = exact.plus(exactOf(minor).mul(rate).mul(shift))
        facts[account.currency] = { position_minor: String(minor), rate: exactText(rate) }
      }
      const worthMinor = roundMinor(exact, rounding)
      const carriedMinor = -minorOf(carrying.value)
      const gainMinor = worthMinor - carriedMinor
      if (gainMinor === 0n) return ok({ batch: batchNumber(), gainMinor, entry: null })
      const isGain = gainMinor > 0n
      const other = accountBySubject(books, isGain ? EXCHANGE_SUBJECTS.gains : EXCHANGE_SUBJECTS.losses, null, base)
      if (!other.ok) return other
      const amountMinor = isGain ? gainMinor : -gainMinor
      const [debit, credit] = isGain ? [carrying.value.id, other.value.id] : [other.value.id, carrying.value.id]
      const posted = postEntry(books, {
        lines: [
          { side: 'debit', account: debit, amountMinor, currency: base },
          { side: 'credit', account: credit, amountMinor, currency: base },
        ],
        code: 'revaluation',
        reference: null,
        facts: {
          revaluation: {
            ...{ base, rounding, positions: facts },
            ...{ worth_minor: String(worthMinor), carried_minor: String(carriedMinor), gain_minor: String(gainMinor) },
          },
        },
      })
      return posted.ok ? ok({ batch: batchNumber(), gainMinor, entry: posted.value.id }) : posted
    },
    form: ({ base, rates, rounding }) =>
      canonicalJson({ base, rounding, rates: rates.map(({ currency, rate }) => [currency, exactText(rate)]) }),
    encode: ({ batch, gainMinor, entry }) => JSON.stringify([String(batch), String(gainMinor), String(entry ?? 0)]),
    decode: (text) => {
      const [batch, gain, entry] = text.slice(2, -2).split('","')
      return { batch: Number(batch), gainMinor: BigInt(gain ?? '0'), entry: Number(entry) || null }
    },
  }
}
