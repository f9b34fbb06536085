import { leafHash } from '@huitong/committer'
import { invariant } from '@huitong/kernel'
import type { ReadTx } from '@huitong/pg'
import { refuseArchivedId } from './archive-store.ts'
import { readHistoryPath } from './history-store.ts'
import { batchOfId } from './id-batch-store.ts'
import { eventBytes, isLedgerEventKind, transferBytes } from './journal-form.ts'
import { pathOver, rootOver } from './merkle-path.ts'
import type { SignedHead } from './signed-head.ts'
import type { Transfer } from './transfer.ts'
import type { TransferProof } from './transfer-proof.ts'
import { type TransferRow, transferOf } from './transfer-store.ts'

interface BatchRow {
  readonly number: bigint
  readonly previous_hash: Buffer
  readonly root: Buffer
  readonly hash: Buffer
  readonly count: number
  readonly at: number
  readonly accounting_day: string
  readonly last_counter: bigint
  readonly outcomes: Buffer | null
}

async function readBatch(tx: ReadTx, number: number): Promise<BatchRow | undefined> {
  const [row] = await tx.sql<BatchRow[]>`
    select number, previous_hash, root, hash, count, at, accounting_day, last_counter, outcomes
    from ledger_batches where number = ${number}`
  return row
}

/** The bytes of every mutation of a batch, in order. */
async function leavesOf(tx: ReadTx, number: number): Promise<{ leaves: Uint8Array[]; transfers: readonly Transfer[] }> {
  const rows = await tx.sql<TransferRow[]>`select * from ledger_transfers where batch = ${number}`
  const transfers = rows.map(transferOf)
  const leaves: Uint8Array[] = []
  for (const transfer of transfers) leaves[transfer.position] = transferBytes(transfer)
  const events = await tx.sql<{ position: number; kind: string; account_id: bigint; data: string }[]>`
    select position, kind, account_id, data from ledger_events where batch = ${number}`
  for (const { position, kind, account_id, data } of events) {
    invariant(isLedgerEventKind(kind), `unknown event ${kind} in batch ${number}`)
    leaves[position] = eventBytes({ position, kind, account: Number(account_id), data })
  }
  return { leaves, transfers }
}

/**
 * The proof of a transfer up to a signed head that is not before its batch. Undefined when there is no such transfer, or when the
 * head is too old. Throws when the journal was changed so that nothing can be proved any more.
 */
export async function readTransferProof(tx: ReadTx, id: number, head: SignedHead): Promise<TransferProof | undefined> {
  const number = await batchOfId(tx, id)
  if (number === undefined || number > head.number || head.historyRoot === null) return undefined
  const batch = await readBatch(tx, number)
  const { leaves, transfers } = await leavesOf(tx, number)
  const transfer = transfers.find((one) => one.id === id)
  if (transfer === undefined || batch === undefined) {
    await refuseArchivedId(tx, id)
    return undefined
  }
  const hashes = leaves.map(leafHash)
  invariant(
    hashes.length === batch.count && rootOver(hashes).equals(batch.root),
    `the rows of batch ${number} are not those that were sealed; run ledger verify`,
  )
  const leaf = leaves[transfer.position]
  invariant(leaf !== undefined, 'a transfer stands at its position')
  return {
    transfer,
    leaf,
    path: pathOver(hashes, transfer.position),
    batch: {
      number,
      previousHash: batch.previous_hash,
      root: batch.root,
      count: batch.count,
      at: batch.at,
      accountingDay: batch.accounting_day,
      lastCounter: Number(batch.last_counter),
      outcomes: batch.outcomes,
      hash: batch.hash,
    },
    historyPath: await readHistoryPath(tx.sql, head.number, number),
    head,
  }
}
