import type { TableDefinition } from '@huitong/committer'
import type { Micros } from '@huitong/kernel'
import { boolArray, type ReadTx, textArray, timestamptzArray } from '@huitong/pg'

/** A question to another bank, and what it said. */
export interface Verification {
  readonly messageId: string
  readonly peerBank: string
  /** Null until it is answered. */
  readonly matches: boolean | null
  readonly askedAt: Micros
  readonly answeredAt: Micros | null
}

interface VerificationRow {
  readonly message_id: string
  readonly peer_bank: string
  readonly matches: boolean | null
  readonly asked_at: Micros
  readonly answered_at: Micros | null
}

function verificationOf(row: VerificationRow): Verification {
  return {
    ...{ messageId: row.message_id, peerBank: row.peer_bank, matches: row.matches },
    ...{ askedAt: row.asked_at, answeredAt: row.answered_at },
  }
}

/** By the id of the message that asked. */
export const verificationTable: TableDefinition<string, Verification> = {
  name: 'bank_verifications',
  residentRows: 1000,
  load: async (sql, ids) => {
    const rows = await sql<VerificationRow[]>`
      select * from bank_verifications where message_id = any (${textArray(ids)}::text::text[])`
    return rows.map((row) => [row.message_id, verificationOf(row)])
  },
  write: (sql, changes) => {
    const rows = changes.map((change) => change.row)
    return [
      sql`
      insert into bank_verifications (message_id, peer_bank, matches, asked_at, answered_at)
      select * from unnest(
        ${textArray(rows.map((row) => row.messageId))}::text::text[],
        ${textArray(rows.map((row) => row.peerBank))}::text::text[],
        ${boolArray(rows.map((row) => row.matches))}::text::bool[],
        ${timestamptzArray(rows.map((row) => row.askedAt))}::text::timestamptz[],
        ${timestamptzArray(rows.map((row) => row.answeredAt))}::text::timestamptz[])
      on conflict on constraint bank_verifications_pkey do update set matches = excluded.matches, answered_at = excluded.answered_at`,
    ]
  },
}

export async function selectVerification(tx: ReadTx, messageId: string): Promise<Verification | undefined> {
  const rows = await tx.sql<VerificationRow[]>`select * from bank_verifications where message_id = ${messageId}`
  return rows.map(verificationOf)[0]
}
