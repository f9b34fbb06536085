import { SLOTS } from '@huitong/kernel'
import type { ReadTx } from '@huitong/pg'
import { archivedEnd } from './archive-store.ts'

export interface ReferencePage {
  /** The last reference of the page, after which the next one starts; undefined after the last page. */
  readonly next: string | undefined
  readonly dangling: readonly { readonly reference: string; readonly id: number }[]
}

interface Row {
  readonly reference: string
  readonly id: bigint
  readonly dangles: boolean
}

function pageOf(rows: readonly Row[], limit: number): ReferencePage {
  return {
    next: rows.length === limit ? rows.at(-1)?.reference : undefined,
    dangling: rows.filter(({ dangles }) => dangles).map(({ reference, id }) => ({ reference, id: Number(id) })),
  }
}

export async function readAccountReferences({ sql }: ReadTx, after: string, limit: number): Promise<ReferencePage> {
  const rows = await sql<Row[]>`
    select r.reference, r.account_id as id, a.id is null as dangles
    from (select * from ledger_account_references where reference > ${after} order by reference limit ${limit}) r
    left join ledger_accounts a on a.id = r.account_id
    order by r.reference`
  return pageOf(rows, limit)
}

/** Each transfer is looked for in the batch that gave its id out; those of archived batches are in files. */
export async function readTransferReferences({ sql }: ReadTx, after: string, limit: number): Promise<ReferencePage> {
  const archived = await archivedEnd(sql)
  const rows = await sql<Row[]>`
    select r.reference, r.transfer_id as id, t.id is null and (b.number is null or b.number >= ${archived}) as dangles
    from (select * from ledger_transfer_references where reference > ${after} order by reference limit ${limit}) r
    left join lateral (
      select number from ledger_batches where last_counter >= r.transfer_id / ${SLOTS}::int8
      order by last_counter, number limit 1) b on true
    left join ledger_transfers t on t.batch = b.number and t.id = r.transfer_id
    order by r.reference`
  return pageOf(rows, limit)
}
