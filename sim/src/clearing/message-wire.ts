import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'
import type { Committer } from '@huitong/committer'
import { type IsoMessage, readIsoMessage, type SigningKey, signIsoMessage, verifyIsoMessage } from '@huitong/iso20022'
import type { Chance } from '@huitong/kernel'
import type { InstitutionDatabase } from '@huitong/pg'

/** Takes in what a peer sent; what came of it, in a word. */
type TakeIn = (from: string, message: IsoMessage, key: string) => ReturnType<Committer['submit']>

/** An institution on the wire: what it sends stands in its outbox, and what it gets is one command each. */
export interface WireEnd {
  readonly member: string
  readonly db: InstitutionDatabase
  readonly key: SigningKey
  readonly publicKey: KeyObject
  readonly takeIn: TakeIn
  sentUpTo: { readonly batch: number; readonly position: number }
}

export interface Carried {
  readonly from: string
  readonly to: string
  readonly message: IsoMessage
  readonly outcome: Awaited<ReturnType<TakeIn>>
}

export const SENT = 'sim.message-sent'

/** PKCS #8 of an Ed25519 key is this and 32 bytes (RFC 8410). */
const ED25519_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex')

export function drawKey(member: string, chance: Chance): Pick<WireEnd, 'key' | 'publicKey'> {
  const privateKey = createPrivateKey({
    key: Buffer.concat([ED25519_PREFIX, chance.bytes(32)]),
    format: 'der',
    type: 'pkcs8',
  })
  return { key: { id: `${member}#1`, privateKey }, publicKey: createPublicKey(privateKey) }
}

interface SentRow {
  readonly batch: bigint
  readonly position: number
  readonly key: string
  readonly body: { readonly xml: string }
}

const MAX_BYTES = 100_000

/**
 * Carries messages between institutions as they would be carried: each is read from its sender's outbox after its commit, signed, verified and
 * read by the receiver from the very bytes, and taken in as one command under its sender and id, so that carrying it twice does nothing.
 */
export function createWire(ends: readonly WireEnd[]) {
  const byMember = new Map(ends.map((end) => [end.member, end]))

  async function carry(from: WireEnd, row: SentRow): Promise<Carried> {
    const to = byMember.get(row.key)
    if (to === undefined) throw new Error(`${from.member} sends to ${row.key}, who is not on the wire`)
    const bytes = Buffer.from(row.body.xml, 'utf8')
    const signature = await signIsoMessage(bytes, from.key)
    const verified = await verifyIsoMessage(bytes, signature, (id) => (id === from.key.id ? from.publicKey : undefined))
    if (!verified.ok) throw new Error(`a signature does not hold: ${verified.error}`)
    const read = readIsoMessage(bytes, { maxBytes: MAX_BYTES })
    if (!read.ok) throw new Error(`what ${from.member} sent is not valid: ${JSON.stringify(read.error)}`)
    const outcome = await to.takeIn(from.member, read.value, `${row.batch}:${row.position}`)
    return { from: from.member, to: to.member, message: read.value, outcome }
  }

  async function unsent(end: WireEnd): Promise<readonly SentRow[]> {
    const { batch, position } = end.sentUpTo
    return end.db.read(
      (tx) => tx.sql<SentRow[]>`
        select batch, position, key, body from committer_outbox
        where topic = ${SENT} and (batch, position) > (${batch}, ${position}) order by batch, position limit 1000`,
    )
  }

  return {
    /** Carries all that was sent and all that is sent in answer, one after the other, until nothing is on its way. */
    async settle(): Promise<readonly Carried[]> {
      const carried: Carried[] = []
      for (let quiet = false; !quiet; ) {
        quiet = true
        for (const end of ends) {
          for (const row of await unsent(end)) {
            carried.push(await carry(end, row))
            end.sentUpTo = { batch: Number(row.batch), position: row.position }
            quiet = false
          }
        }
      }
      return carried
    },

    /** Starts to carry what an institution has sent by now, all at once. What came of each is told as it is known. */
    async carryFrom(end: WireEnd, told: (carried: Carried) => void, failed: (error: unknown) => void): Promise<number> {
      const rows = await unsent(end)
      const last = rows.at(-1)
      if (last !== undefined) end.sentUpTo = { batch: Number(last.batch), position: last.position }
      for (const row of rows) carry(end, row).then(told, failed)
      return rows.length
    },
  }
}

export type Wire = ReturnType<typeof createWire>
