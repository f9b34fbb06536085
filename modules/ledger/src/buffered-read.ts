import { CurrencyText, Day, PublicId, SignedAmountText, Timestamp } from '@huitong/contract'
import { formatAmount, invariant, microsToIso, publicId } from '@huitong/kernel'
import type { ReadTx } from '@huitong/pg'
import Type from 'typebox'
import { batchOfId } from './id-batch-store.ts'
import { ACCOUNT_ID, TRANSFER_ID } from './ledger-ids.ts'
import { currencyOf } from './ledger-read-store.ts'
import { findBuffered } from './posting-policy-store.ts'

/** A posting to a summarised account: accepted and journaled, and moved by the summary of its pair of accounts. */
export const BufferedBody = Type.Object(
  {
    id: PublicId(TRANSFER_ID),
    kind: Type.Literal('buffered', { description: 'A posting to a summarised account' }),
    state: Type.Union([
      Type.Literal('waiting', { description: 'Accepted for good; the close of its day posts it in a sum' }),
      Type.Literal('summarised', { description: 'Posted, as a part of a sum' }),
    ]),
    code: Type.String({ examples: ['merchant_fee'] }),
    debit: PublicId(ACCOUNT_ID),
    credit: PublicId(ACCOUNT_ID),
    currency: CurrencyText,
    amount: SignedAmountText,
    batch: Type.Integer(),
    position: Type.Integer(),
    at: Timestamp,
    accountingDay: Day,
  },
  { $id: 'LedgerBufferedPosting' },
)

/** Undefined when no posting with this id was ever buffered. */
export async function readBufferedBody(tx: ReadTx, id: number) {
  const batch = await batchOfId(tx, id)
  const found = batch === undefined ? undefined : await findBuffered(tx, batch, id)
  if (found === undefined) return undefined
  const { posting, at, accountingDay, isSummarised } = found
  const { debit, credit, amountMinor, code, position } = posting
  const currency = await currencyOf(tx, debit)
  invariant(batch === posting.batch, 'a posting stands in the batch that gave its id out')
  return {
    id: publicId(TRANSFER_ID, id),
    kind: 'buffered' as const,
    state: isSummarised ? ('summarised' as const) : ('waiting' as const),
    code,
    ...{ debit: publicId(ACCOUNT_ID, debit), credit: publicId(ACCOUNT_ID, credit) },
    ...{ currency, amount: formatAmount(amountMinor, currency) },
    ...{ batch, position, at: microsToIso(at), accountingDay },
  }
}
