import type { TableDefinition } from '@huitong/committer'
import { invariant, type Micros } from '@huitong/kernel'
import { int8Array, type ReadTx, textArray, timestamptzArray } from '@huitong/pg'
import { type Line, type OwnKey, PEER_STATES, type Peer, type PeerKey } from './peer.ts'

interface PeerRow {
  readonly peer: string
  readonly name: string
  readonly url: string
  readonly state: string
  readonly changed_at: Micros
}

function peerOf({ peer, name, url, state: stored, changed_at }: PeerRow): Peer {
  const state = PEER_STATES.find((known) => known === stored)
  invariant(state !== undefined, `a stored state of a peer is not known: ${stored}`)
  return { peer, name, url, state, changedAt: changed_at }
}

export const peerTable: TableDefinition<string, Peer> = {
  name: 'links_peers',
  residentRows: 1000,
  load: async (sql, peers) => {
    const rows = await sql<PeerRow[]>`
      select * from links_peers where peer = any (${textArray(peers)}::text::text[])`
    return rows.map((row) => [row.peer, peerOf(row)])
  },
  write: (sql, changes) => {
    const rows = changes.map((change) => change.row)
    return [
      sql`
      insert into links_peers (peer, name, url, state, changed_at)
      select * from unnest(
        ${textArray(rows.map((row) => row.peer))}::text::text[],
        ${textArray(rows.map((row) => row.name))}::text::text[],
        ${textArray(rows.map((row) => row.url))}::text::text[],
        ${textArray(rows.map((row) => row.state))}::text::text[],
        ${timestamptzArray(rows.map((row) => row.changedAt))}::text::timestamptz[])
      on conflict on constraint links_peers_pkey do update set
        name = excluded.name, url = excluded.url, state = excluded.state, changed_at = excluded.changed_at`,
    ]
  },
}

interface PeerKeyRow {
  readonly key_id: string
  readonly peer: string
  readonly public_key: string
  readonly valid_from: Micros
  readonly valid_until: Micros | null
}

function peerKeyOf(row: PeerKeyRow): PeerKey {
  return {
    ...{ keyId: row.key_id, peer: row.peer, publicKey: row.public_key },
    ...{ validFrom: row.valid_from, validUntil: row.valid_until },
  }
}

export const peerKeyTable: TableDefinition<string, PeerKey> = {
  name: 'links_peer_keys',
  residentRows: 1000,
  load: async (sql, ids) => {
    const rows = await sql<PeerKeyRow[]>`
      select * from links_peer_keys where key_id = any (${textArray(ids)}::text::text[])`
    return rows.map((row) => [row.key_id, peerKeyOf(row)])
  },
  write: (sql, changes) => {
    const rows = changes.map((change) => change.row)
    return [
      sql`
      insert into links_peer_keys (key_id, peer, public_key, valid_from, valid_until)
      select * from unnest(
        ${textArray(rows.map((row) => row.keyId))}::text::text[],
        ${textArray(rows.map((row) => row.peer))}::text::text[],
        ${textArray(rows.map((row) => row.publicKey))}::text::text[],
        ${timestamptzArray(rows.map((row) => row.validFrom))}::text::timestamptz[],
        ${timestamptzArray(rows.map((row) => row.validUntil))}::text::timestamptz[])
      on conflict on constraint links_peer_keys_pkey do update set valid_until = excluded.valid_until`,
    ]
  },
}

interface OwnKeyRow {
  readonly key_id: string
  readonly public_key: string
  readonly private_sealed: string
  readonly made_at: Micros
  readonly used_from: Micros | null
}

function ownKeyOf(row: OwnKeyRow): OwnKey {
  return {
    ...{ keyId: row.key_id, publicKey: row.public_key, privateSealed: row.private_sealed },
    ...{ madeAt: row.made_at, usedFrom: row.used_from },
  }
}

export const ownKeyTable: TableDefinition<string, OwnKey> = {
  name: 'links_own_keys',
  residentRows: 100,
  load: async (sql, ids) => {
    const rows = await sql<OwnKeyRow[]>`
      select * from links_own_keys where key_id = any (${textArray(ids)}::text::text[])`
    return rows.map((row) => [row.key_id, ownKeyOf(row)])
  },
  write: (sql, changes) => {
    const rows = changes.map((change) => change.row)
    return [
      sql`
      insert into links_own_keys (key_id, public_key, private_sealed, made_at, used_from)
      select * from unnest(
        ${textArray(rows.map((row) => row.keyId))}::text::text[],
        ${textArray(rows.map((row) => row.publicKey))}::text::text[],
        ${textArray(rows.map((row) => row.privateSealed))}::text::text[],
        ${timestamptzArray(rows.map((row) => row.madeAt))}::text::timestamptz[],
        ${timestamptzArray(rows.map((row) => row.usedFrom))}::text::timestamptz[])
      on conflict on constraint links_own_keys_pkey do update set used_from = excluded.used_from`,
    ]
  },
}

export const lineTable: TableDefinition<string, Line> = {
  name: 'links_lines',
  residentRows: 1000,
  load: async (sql, peers) => {
    const rows = await sql<{ peer: string; sent: bigint; received: bigint }[]>`
      select * from links_lines where peer = any (${textArray(peers)}::text::text[])`
    return rows.map(({ peer, sent, received }) => [peer, { sent: Number(sent), received: Number(received) }])
  },
  write: (sql, changes) => [
    sql`
    insert into links_lines (peer, sent, received)
    select * from unnest(
      ${textArray(changes.map((change) => change.key))}::text::text[],
      ${int8Array(changes.map((change) => change.row.sent))}::text::int8[],
      ${int8Array(changes.map((change) => change.row.received))}::text::int8[])
    on conflict on constraint links_lines_pkey do update set sent = excluded.sent, received = excluded.received`,
  ],
}

export async function selectPeers({ sql }: ReadTx): Promise<readonly Peer[]> {
  return (await sql<PeerRow[]>`select * from links_peers order by peer`).map(peerOf)
}

export async function selectPeer({ sql }: ReadTx, peer: string): Promise<Peer | undefined> {
  return (await sql<PeerRow[]>`select * from links_peers where peer = ${peer}`).map(peerOf)[0]
}

/** All keys of a peer, those that are not good any more or not yet included. */
export async function selectPeerKeys({ sql }: ReadTx, peer: string): Promise<readonly PeerKey[]> {
  return (await sql<PeerKeyRow[]>`select * from links_peer_keys where peer = ${peer} order by valid_from, key_id`).map(
    peerKeyOf,
  )
}

export async function selectPeerKey({ sql }: ReadTx, keyId: string): Promise<PeerKey | undefined> {
  return (await sql<PeerKeyRow[]>`select * from links_peer_keys where key_id = ${keyId}`).map(peerKeyOf)[0]
}

export async function selectOwnKeys({ sql }: ReadTx): Promise<readonly OwnKey[]> {
  return (await sql<OwnKeyRow[]>`select * from links_own_keys order by made_at, key_id`).map(ownKeyOf)
}

/** The key that signs now. */
export async function selectKeyInUse({ sql }: ReadTx): Promise<OwnKey | undefined> {
  return (
    await sql<OwnKeyRow[]>`
      select * from links_own_keys where used_from is not null order by used_from desc, key_id desc limit 1`
  ).map(ownKeyOf)[0]
}

export async function selectLine({ sql }: ReadTx, peer: string): Promise<Line | undefined> {
  const rows = await sql<{ sent: bigint; received: bigint }[]>`
    select sent, received from links_lines where peer = ${peer}`
  return rows.map(({ sent, received }) => ({ sent: Number(sent), received: Number(received) }))[0]
}
