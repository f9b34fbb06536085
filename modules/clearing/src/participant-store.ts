import type { TableDefinition } from '@huitong/committer'
import { invariant, type Micros } from '@huitong/kernel'
import { int8Array, type Sql, textArray, timestamptzArray } from '@huitong/pg'
import { assertParticipant, PARTICIPANT_STATUSES, type Participant } from './participant.ts'

interface ParticipantRow {
  readonly member: string
  readonly name: string
  readonly status: string
  readonly account_id: bigint
  readonly cap_minor: bigint
  readonly cover_hold_id: bigint | null
  readonly reserved_minor: bigint
  readonly admitted_at: Micros
}

export function participantOf(row: ParticipantRow): Participant {
  const status = PARTICIPANT_STATUSES.find((known) => known === row.status)
  invariant(status !== undefined, `a stored status of a participant is not known: ${row.status}`)
  return assertParticipant({
    ...{ member: row.member, name: row.name, status, account: Number(row.account_id), capMinor: row.cap_minor },
    coverHold: row.cover_hold_id === null ? null : Number(row.cover_hold_id),
    ...{ reservedMinor: row.reserved_minor, admittedAt: row.admitted_at },
  })
}

async function selectParticipants(sql: Sql, members: readonly string[]): Promise<readonly Participant[]> {
  const rows = await sql<ParticipantRow[]>`
    select * from clearing_participants where member = any (${textArray(members)}::text::text[])`
  return rows.map(participantOf)
}

/** By member number. */
export const participantTable: TableDefinition<string, Participant> = {
  name: 'clearing_participants',
  residentRows: 2000,
  load: async (sql, members) => (await selectParticipants(sql, members)).map((one) => [one.member, one]),
  write: (sql, changes) => {
    const rows = changes.map((change) => assertParticipant(change.row))
    return [
      sql`
      insert into clearing_participants (member, name, status, account_id, cap_minor, cover_hold_id, reserved_minor, admitted_at)
      select * from unnest(
        ${textArray(rows.map((row) => row.member))}::text::text[],
        ${textArray(rows.map((row) => row.name))}::text::text[],
        ${textArray(rows.map((row) => row.status))}::text::text[],
        ${int8Array(rows.map((row) => row.account))}::text::int8[],
        ${int8Array(rows.map((row) => row.capMinor))}::text::int8[],
        ${int8Array(rows.map((row) => row.coverHold))}::text::int8[],
        ${int8Array(rows.map((row) => row.reservedMinor))}::text::int8[],
        ${timestamptzArray(rows.map((row) => row.admittedAt))}::text::timestamptz[])
      on conflict on constraint clearing_participants_pkey do update set name = excluded.name, status = excluded.status,
        cap_minor = excluded.cap_minor, cover_hold_id = excluded.cover_hold_id, reserved_minor = excluded.reserved_minor`,
    ]
  },
}
