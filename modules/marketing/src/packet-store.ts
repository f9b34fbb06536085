import type { TableDefinition, UnsentStatement } from '@huitong/committer'
import { invariant, type Micros } from '@huitong/kernel'
import { int2Array, int8Array, jsonbArray, textArray, timestamptzArray } from '@huitong/pg'
import { assertPacket, PACKET_KINDS, type Packet, type PacketClaim } from './packet.ts'

export interface PacketRow {
  readonly id: bigint
  readonly sender_id: bigint
  readonly kind: string
  readonly total_minor: bigint
  readonly parts: readonly bigint[]
  readonly taken: number
  readonly taken_minor: bigint
  readonly returned_minor: bigint
  readonly greeting: string
  readonly token_hash: string
  readonly created_at: Micros
  readonly expires_at: Micros
  readonly ended_at: Micros | null
}

export function packetOf(row: PacketRow): Packet {
  const kind = PACKET_KINDS.find((known) => known === row.kind)
  invariant(kind !== undefined, `a stored kind of red packets is not known: ${row.kind}`)
  return assertPacket({
    id: Number(row.id),
    sender: Number(row.sender_id),
    kind,
    totalMinor: row.total_minor,
    parts: row.parts,
    taken: row.taken,
    takenMinor: row.taken_minor,
    returnedMinor: row.returned_minor,
    greeting: row.greeting,
    tokenHash: row.token_hash,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    endedAt: row.ended_at,
  })
}

export const packetTable: TableDefinition<number, Packet> = {
  name: 'marketing_packets',
  // Opened within minutes of being sent, by many.
  residentRows: 10_000,
  load: async (sql, ids) => {
    const rows = await sql<PacketRow[]>`
      select * from marketing_packets where id = any (${int8Array(ids)}::text::int8[])`
    return rows.map((row) => [Number(row.id), packetOf(row)])
  },
  write: (sql, changes) => {
    const added = changes.filter((change) => change.isNew).map((change) => change.row)
    const changed = changes.filter((change) => !change.isNew).map((change) => change.row)
    const statements: UnsentStatement[] = []
    if (added.length > 0) {
      statements.push(
        sql`
        insert into marketing_packets (id, sender_id, kind, total_minor, taken, taken_minor, returned_minor, greeting, token_hash,
          created_at, expires_at, ended_at, parts)
        select p.id, p.sender_id, p.kind, p.total_minor, p.taken, p.taken_minor, p.returned_minor, p.greeting, p.token_hash,
          p.created_at, p.expires_at, p.ended_at,
          array(select part::int8 from jsonb_array_elements_text(p.parts) with ordinality as one (part, place) order by place)
        from unnest(
          ${int8Array(added.map((row) => row.id))}::text::int8[],
          ${int8Array(added.map((row) => row.sender))}::text::int8[],
          ${textArray(added.map((row) => row.kind))}::text::text[],
          ${int8Array(added.map((row) => row.totalMinor))}::text::int8[],
          ${int2Array(added.map((row) => row.taken))}::text::int2[],
          ${int8Array(added.map((row) => row.takenMinor))}::text::int8[],
          ${int8Array(added.map((row) => row.returnedMinor))}::text::int8[],
          ${textArray(added.map((row) => row.greeting))}::text::text[],
          ${textArray(added.map((row) => row.tokenHash))}::text::text[],
          ${timestamptzArray(added.map((row) => row.createdAt))}::text::timestamptz[],
          ${timestamptzArray(added.map((row) => row.expiresAt))}::text::timestamptz[],
          ${timestamptzArray(added.map((row) => row.endedAt))}::text::timestamptz[],
          ${jsonbArray(added.map((row) => JSON.stringify(row.parts.map(String))))}::text::jsonb[]
        ) as p (id, sender_id, kind, total_minor, taken, taken_minor, returned_minor, greeting, token_hash, created_at,
          expires_at, ended_at, parts)`,
      )
    }
    if (changed.length > 0) {
      statements.push(
        sql`
        update marketing_packets t set taken = c.taken, taken_minor = c.taken_minor, returned_minor = c.returned_minor,
          ended_at = c.ended_at
        from unnest(
          ${int8Array(changed.map((row) => row.id))}::text::int8[],
          ${int2Array(changed.map((row) => row.taken))}::text::int2[],
          ${int8Array(changed.map((row) => row.takenMinor))}::text::int8[],
          ${int8Array(changed.map((row) => row.returnedMinor))}::text::int8[],
          ${timestamptzArray(changed.map((row) => row.endedAt))}::text::timestamptz[]
        ) as c (id, taken, taken_minor, returned_minor, ended_at)
        where t.id = c.id`,
      )
    }
    return statements
  },
}

/** The packet that a link opens, by the hash of the link's token, which stands in the packet's own row. */
export const packetTokenTable: TableDefinition<string, number> = {
  name: 'marketing_packet_tokens',
  residentRows: 10_000,
  load: async (sql, hashes) => {
    const rows = await sql<{ id: bigint; token_hash: string }[]>`
      select id, token_hash from marketing_packets where token_hash = any (${textArray(hashes)}::text::text[])`
    return rows.map((row) => [row.token_hash, Number(row.id)])
  },
  write: () => [],
}

export interface PacketClaimRow {
  readonly packet_id: bigint
  readonly person: bigint
  readonly customer_id: bigint
  readonly part: number
  readonly amount_minor: bigint
  readonly claimed_at: Micros
}

export function packetClaimOf(row: PacketClaimRow): PacketClaim {
  return {
    packet: Number(row.packet_id),
    person: Number(row.person),
    customer: Number(row.customer_id),
    part: row.part,
    amountMinor: row.amount_minor,
    claimedAt: row.claimed_at,
  }
}

export function packetClaimKey(packet: number, person: number): string {
  return `${packet} ${person}`
}

export const packetClaimTable: TableDefinition<string, PacketClaim> = {
  name: 'marketing_packet_claims',
  residentRows: 10_000,
  load: async (sql, keys) => {
    const parts = keys.map((key) => key.split(' ').map(Number))
    const rows = await sql<PacketClaimRow[]>`
      select c.*
      from unnest(
        ${int8Array(parts.map(([packet = 0]) => packet))}::text::int8[],
        ${int8Array(parts.map(([, person = 0]) => person))}::text::int8[]
      ) as wanted (packet_id, person)
      join marketing_packet_claims c on c.packet_id = wanted.packet_id and c.person = wanted.person`
    return rows.map((row) => [packetClaimKey(Number(row.packet_id), Number(row.person)), packetClaimOf(row)])
  },
  write: (sql, changes) => {
    const rows = changes.map((change) => change.row)
    return [
      sql`
      insert into marketing_packet_claims (packet_id, person, customer_id, part, amount_minor, claimed_at)
      select * from unnest(
        ${int8Array(rows.map((row) => row.packet))}::text::int8[],
        ${int8Array(rows.map((row) => row.person))}::text::int8[],
        ${int8Array(rows.map((row) => row.customer))}::text::int8[],
        ${int2Array(rows.map((row) => row.part))}::text::int2[],
        ${int8Array(rows.map((row) => row.amountMinor))}::text::int8[],
        ${timestamptzArray(rows.map((row) => row.claimedAt))}::text::timestamptz[])`,
    ]
  },
}
