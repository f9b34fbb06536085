import { counterOf } from '@huitong/kernel'
import { type ReadTx, textArray } from '@huitong/pg'
import { batchOf } from './location.ts'
import { SUBJECTS, subjectCode } from './subjects.ts'

interface IdleAccount {
  readonly account: number
  /** Of its last entry, as far as the balance row knows: when it is out of date, the account is not idle. */
  readonly sequence: number
}

export interface IdlePage {
  readonly idle: readonly IdleAccount[]
  /** The last account that was looked at; undefined when there are no more. */
  readonly last: number | undefined
}

/** Only who has money at the institution can forget about it: its own accounts may rest as long as they like. */
const SLEEPERS = Object.keys(SUBJECTS).filter((text) => {
  const code = subjectCode(text)
  const of = code === undefined ? undefined : SUBJECTS[code].heldFor
  return of === 'customer' || of === 'merchant'
})

/** Open accounts of customers and merchants after an id whose last entry, or opening when they have none, is in a batch from before a time. */
export async function idleAccounts(tx: ReadTx, before: string, afterId: number, limit: number): Promise<IdlePage> {
  const [old] = await tx.sql<{ number: bigint; last_counter: bigint }[]>`
    select number, last_counter from ledger_batches where at < ${before}::text::timestamptz order by at desc limit 1`
  if (old === undefined) return { idle: [], last: undefined }
  const rows = await tx.sql<{ account_id: bigint; sequence: bigint; last_entry: bigint | null; state: string }[]>`
    select b.account_id, b.sequence, b.last_entry, a.state
    from ledger_accounts a join ledger_balances b on b.account_id = a.id
    where a.id > ${afterId} and a.subject = any (${textArray(SLEEPERS)}::text::text[]) order by a.id limit ${limit}`
  const idle = rows.flatMap((row) => {
    const account = Number(row.account_id)
    const movedIn = row.last_entry === null ? undefined : batchOf(Number(row.last_entry))
    const isOld = movedIn === undefined ? counterOf(account) <= Number(old.last_counter) : movedIn <= Number(old.number)
    return row.state === 'open' && isOld ? [{ account, sequence: Number(row.sequence) }] : []
  })
  const last = rows.length === limit ? rows.at(-1) : undefined
  return { idle, last: last === undefined ? undefined : Number(last.account_id) }
}
