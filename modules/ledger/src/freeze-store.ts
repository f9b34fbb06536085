import type { TableDefinition, UnsentStatement } from '@huitong/committer'
import { invariant } from '@huitong/kernel'
import { boolArray, int2Array, int8Array, type ReadTx, textArray, timestamptzArray } from '@huitong/pg'
import { FREEZE_CAUSES, FREEZE_STATES, type Freeze, freezeCauseOf, freezeStateOf } from './freeze.ts'

interface FreezeRow {
  readonly id: bigint
  readonly account_id: bigint
  readonly cause: number
  readonly amount_minor: bigint | null
  readonly remaining_minor: bigint | null
  readonly blocks_incoming: boolean
  readonly reference: string
  readonly expires_at: number | null
  readonly state: number
}

function freezeOf(row: FreezeRow): Freeze {
  const cause = freezeCauseOf(row.cause)
  const state = freezeStateOf(row.state)
  invariant(
    cause !== undefined && state !== undefined,
    `freeze ${row.id} has the unknown cause ${row.cause} or state ${row.state}`,
  )
  return {
    id: Number(row.id),
    account: Number(row.account_id),
    cause,
    amountMinor: row.amount_minor,
    remainingMinor: row.remaining_minor,
    blocksIncoming: row.blocks_incoming,
    reference: row.reference,
    expiresAt: row.expires_at,
    state,
  }
}

export const freezeTable: TableDefinition<number, Freeze> = {
  name: 'ledger_freezes',
  // Freezes are seldom; what needs one can wait for it.
  residentRows: 0,
  load: async (sql, keys) => {
    const rows = await sql<FreezeRow[]>`
      select id, account_id, cause, amount_minor, remaining_minor, blocks_incoming, reference, expires_at, state
      from ledger_freezes where id = any (${int8Array(keys)}::text::int8[])`
    return rows.map((row) => [Number(row.id), freezeOf(row)])
  },
  write: (sql, changes) => {
    const added = changes.filter((change) => change.isNew).map((change) => change.row)
    const changed = changes.filter((change) => !change.isNew).map((change) => change.row)
    const statements: UnsentStatement[] = []
    if (added.length > 0) {
      statements.push(
        sql`
        insert into ledger_freezes (
          id, account_id, cause, amount_minor, remaining_minor, blocks_incoming, reference, expires_at, state)
        select * from unnest(
          ${int8Array(added.map((freeze) => freeze.id))}::text::int8[],
          ${int8Array(added.map((freeze) => freeze.account))}::text::int8[],
          ${int2Array(added.map((freeze) => FREEZE_CAUSES[freeze.cause]))}::text::int2[],
          ${int8Array(added.map((freeze) => freeze.amountMinor))}::text::int8[],
          ${int8Array(added.map((freeze) => freeze.remainingMinor))}::text::int8[],
          ${boolArray(added.map((freeze) => freeze.blocksIncoming))}::text::boolean[],
          ${textArray(added.map((freeze) => freeze.reference))}::text::text[],
          ${timestamptzArray(added.map((freeze) => freeze.expiresAt))}::text::timestamptz[],
          ${int2Array(added.map((freeze) => FREEZE_STATES[freeze.state]))}::text::int2[])`,
      )
    }
    if (changed.length > 0) {
      statements.push(
        sql`
        update ledger_freezes f set remaining_minor = c.remaining_minor, state = c.state
        from unnest(
          ${int8Array(changed.map((freeze) => freeze.id))}::text::int8[],
          ${int8Array(changed.map((freeze) => freeze.remainingMinor))}::text::int8[],
          ${int2Array(changed.map((freeze) => FREEZE_STATES[freeze.state]))}::text::int2[]
        ) as c (id, remaining_minor, state)
        where f.id = c.id`,
      )
    }
    return statements
  },
}

/** The ids of an account's active freezes, for the few commands that must know which goes before which. Nothing of it is stored. */
export const freezeQueueTable: TableDefinition<number, readonly number[]> = {
  name: 'ledger_freeze_queues',
  residentRows: 0,
  load: async (sql, keys) => {
    const rows = await sql<{ id: bigint; account_id: bigint }[]>`
      select id, account_id from ledger_freezes
      where state = 1 and account_id = any (${int8Array(keys)}::text::int8[]) order by id`
    const queues = new Map<number, readonly number[]>(keys.map((key) => [key, []]))
    for (const row of rows) {
      const account = Number(row.account_id)
      queues.set(account, [...(queues.get(account) ?? []), Number(row.id)])
    }
    return [...queues]
  },
  write: () => [],
}

export async function findFreeze(tx: ReadTx, id: number): Promise<Freeze | undefined> {
  const rows = await tx.sql<FreezeRow[]>`select * from ledger_freezes where id = ${id}`
  return rows.map(freezeOf)[0]
}

/** Freezes of an account by id, ended ones too; up to limit + 1 of them. */
export async function freezesOf(
  tx: ReadTx,
  account: number,
  afterId: number,
  limit: number,
): Promise<readonly Freeze[]> {
  const rows = await tx.sql<FreezeRow[]>`
    select * from ledger_freezes where account_id = ${account} and id > ${afterId} order by id limit ${limit + 1}`
  return rows.map(freezeOf)
}

/** Freezes past their expiry that still count, oldest first. */
export async function dueFreezes(tx: ReadTx, now: string, limit: number): Promise<readonly number[]> {
  const rows = await tx.sql<{ id: bigint }[]>`
    select id from ledger_freezes where state = 1 and expires_at <= ${now}::text::timestamptz
    order by expires_at limit ${limit}`
  return rows.map((row) => Number(row.id))
}
