import { formatAmount, publicId } from '@huitong/kernel'
import type { ReadTx } from '@huitong/pg'
import { refuseArchivedId } from './archive-store.ts'
import { readBufferedBody } from './buffered-read.ts'
import { currencyOf, findTransfer } from './ledger-read-store.ts'
import { TRANSFER_ID, transferBody } from './ledger-views.ts'
import { reversedMinor } from './reversal-store.ts'

/** A transfer as it looks from outside, or a posting that is summarised; undefined when there is neither. Throws of one that is in an archive. */
export async function readTransferBody(tx: ReadTx, id: number) {
  const transfer = await findTransfer(tx, id)
  if (transfer === undefined) {
    const buffered = await readBufferedBody(tx, id)
    if (buffered === undefined) await refuseArchivedId(tx, id)
    return buffered
  }
  return transferBody(transfer, await currencyOf(tx, transfer.debit))
}

/** How much of a transfer was taken back. */
export async function readReversalBody(tx: ReadTx, id: number) {
  const transfer = await findTransfer(tx, id)
  if (transfer === undefined) {
    await refuseArchivedId(tx, id)
    return undefined
  }
  const reversed = await reversedMinor(tx, id)
  const currency = await currencyOf(tx, transfer.debit)
  return {
    transfer: publicId(TRANSFER_ID, transfer.id),
    amount: formatAmount(transfer.amountMinor, currency),
    reversed: formatAmount(reversed, currency),
    left: formatAmount(transfer.amountMinor - reversed, currency),
  }
}
