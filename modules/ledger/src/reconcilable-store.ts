import type { ReadTx } from '@huitong/pg'
import { batchesOfDays } from './export-store.ts'
import { isCreditNormal, type SubjectCode } from './subjects.ts'

/** What moved money on an account, with everything that somebody else may call it by. */
export interface ReconcilableEntry {
  readonly transfer: number
  /** Days since 1970-01-01 of the accounting day. */
  readonly day: number
  /** Above zero when the account grew by it. */
  readonly minor: bigint
  readonly names: readonly string[]
}

export interface ReconcilableRequest {
  readonly account: number
  readonly subject: SubjectCode
  /** Accounting days, both included. */
  readonly from: string
  readonly to: string
  /** Metadata of transfers whose values are names. */
  readonly metadataKeys: readonly string[]
}

const PAGE = 50_000

/**
 * Entries of an account in some days, in the order of the journal. Read over the journal of these days, which for the accounts that others
 * state (money at banks, positions) is little more than the entries themselves.
 */
export async function* reconcilableEntries(
  tx: ReadTx,
  { account, subject, from, to, metadataKeys }: ReconcilableRequest,
): AsyncGenerator<readonly ReconcilableEntry[]> {
  const { first, last } = await batchesOfDays(tx, from, to)
  const sign = isCreditNormal(subject) ? -1n : 1n
  for (let batch = first, position = -1; ; ) {
    const rows = await tx.sql<
      {
        batch: bigint
        position: number
        id: bigint
        day: number
        debited: boolean
        amount_minor: bigint
        reference: bigint | null
        hold_id: bigint | null
        file_name: string | null
        names: readonly string[] | null
      }[]
    >`
      with page as materialized (
        select t.batch, t.position, t.id, t.debit_account = ${account} as debited, t.amount_minor, t.reference, t.hold_id
        from ledger_transfers t
        where t.batch >= ${batch} and t.batch <= ${last} and (t.batch, t.position) > (${batch}::int8, ${position}::int4)
          and t.kind in (1, 3) and (t.debit_account = ${account} or t.credit_account = ${account})
        order by t.batch, t.position limit ${PAGE})
      select page.*, b.accounting_day - date '1970-01-01' as day, r.reference as file_name, m.names
      from page
      join ledger_batches b on b.number = page.batch
      left join ledger_transfer_references r on r.transfer_id = page.id
      left join lateral (
        select array_agg(value) as names from ledger_metadata
        where object_id = page.id and key = any (${`{${metadataKeys.join()}}`}::text::text[])) m on true
      order by page.batch, page.position`
    yield rows.map((row) => ({
      ...{
        transfer: Number(row.id),
        day: row.day,
        minor: row.debited ? sign * row.amount_minor : -sign * row.amount_minor,
      },
      names: [
        ...(row.reference === null ? [] : [String(row.reference), `T${row.reference}`]),
        ...(row.file_name === null ? [] : [row.file_name]),
        ...(row.names ?? []),
      ],
    }))
    const end = rows.at(-1)
    if (end === undefined || rows.length < PAGE) return
    batch = Number(end.batch)
    position = end.position
  }
}
