import { MAX_MINOR } from '@huitong/kernel'
import type { Account } from './account.ts'
import { isOwn, SUBJECTS } from './subjects.ts'
import { isYearEnd, type TransferCode } from './transfer.ts'
import type { TransferRequest } from './transfer-request.ts'

/** Whether an account's postings stand in it at once, or are summed up and posted as one when the accounting day closes. */
export type PostingPolicy = 'immediate' | 'summarised'

/** A posting that was accepted and will be a part of its day's summary. */
export interface BufferedPosting {
  readonly position: number
  readonly id: number
  readonly debit: number
  readonly credit: number
  readonly amountMinor: bigint
  readonly code: TransferCode
  readonly reference: number | null
}

/** What is buffered between two accounts. */
export interface PostingBuffer {
  readonly debit: number
  readonly credit: number
  readonly amountMinor: bigint
  readonly count: number
}

/**
 * Only the institution's own income and expense accounts without a floor: nobody else can rely on their balance, and no check of funds
 * asks it. Money of customers and merchants stands in their accounts at once, always.
 */
export function maySummarise({ subject, floorMinor }: Account): boolean {
  const of = SUBJECTS[subject]
  return of.heldFor === 'institution' && (of.class === 'income' || of.class === 'expense') && floorMinor === null
}

/**
 * Whether a posting may wait for the summary: between two of the institution's own accounts that no floor limits, plain, and nothing about it
 * that the ledger would refuse. All others are posted at once, or refused, as if there were no policy.
 */
export function mayWait(request: TransferRequest, debit: Account | undefined, credit: Account | undefined): boolean {
  if (debit === undefined || credit === undefined || debit.id === credit.id) return false
  const { amountMinor, currency, code, effectiveOn, reverses, entry } = request
  return (
    amountMinor > 0n &&
    amountMinor <= MAX_MINOR &&
    !isYearEnd(code) &&
    (effectiveOn ?? null) === null &&
    (reverses ?? null) === null &&
    (entry ?? null) === null &&
    [debit, credit].every(
      (account) =>
        isOwn(account.subject) &&
        account.floorMinor === null &&
        account.restraints === null &&
        account.state === 'open' &&
        account.currency === currency,
    )
  )
}
