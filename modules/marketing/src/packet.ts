import { invariant, type Micros } from '@huitong/kernel'

/*
 * A red packet is a customer's own money, given away in parts. It leaves the wallet when it is sent; whoever opens the packet's link gets the
 * next part, once a person; what nobody took comes back after a day.
 */

/** Public ids of red packets begin with it. */
export const PACKET_ID = 'rpkt'

export const PACKET_KINDS = ['fixed', 'lucky'] as const
export type PacketKind = (typeof PACKET_KINDS)[number]

export const PACKET_PARTS_MAX = 100
/** On average a part is at most so much. */
export const PACKET_PART_MINOR_MAX = 20_000n
export const PACKET_LIFE: Micros = 86_400_000_000

export interface Packet {
  readonly id: number
  readonly sender: number
  readonly kind: PacketKind
  readonly totalMinor: bigint
  /** In the order in which they are taken. */
  readonly parts: readonly bigint[]
  readonly taken: number
  readonly takenMinor: bigint
  /** What came back to the sender. */
  readonly returnedMinor: bigint
  readonly greeting: string
  readonly tokenHash: string
  readonly createdAt: Micros
  readonly expiresAt: Micros
  /** All parts are taken, or the rest came back. */
  readonly endedAt: Micros | null
}

export interface PacketClaim {
  readonly packet: number
  readonly person: number
  readonly customer: number
  /** From 1. */
  readonly part: number
  readonly amountMinor: bigint
  readonly claimedAt: Micros
}

/** What is on its way: neither taken nor back. */
export function underWayMinor({ totalMinor, takenMinor, returnedMinor }: Packet): bigint {
  return totalMinor - takenMinor - returnedMinor
}

/** Holds for every packet at every time; the constraints of the table are its pair. */
export function assertPacket(packet: Packet): Packet {
  const name = `red packet ${packet.id}`
  const sum = (parts: readonly bigint[]) => parts.reduce((total, part) => total + part, 0n)
  invariant(
    packet.parts.every((part) => part >= 1n),
    `${name}: a part of nothing`,
  )
  invariant(sum(packet.parts) === packet.totalMinor, `${name}: parts do not come to the total`)
  invariant(sum(packet.parts.slice(0, packet.taken)) === packet.takenMinor, `${name}: parts that were taken`)
  invariant((packet.endedAt !== null) === (underWayMinor(packet) === 0n), `${name}: over with money under way`)
  return packet
}
