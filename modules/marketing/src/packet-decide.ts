import { err, invariant, ok, type Result } from '@huitong/kernel'
import { assertPacket, PACKET_PART_MINOR_MAX, PACKET_PARTS_MAX, type Packet, underWayMinor } from './packet.ts'

/** A draw is a whole number below it. */
export const DRAW_END = 2 ** 32

export function packetFits(totalMinor: bigint, parts: number): boolean {
  const count = BigInt(parts)
  return parts >= 1 && parts <= PACKET_PARTS_MAX && totalMinor >= count && totalMinor <= count * PACKET_PART_MINOR_MAX
}

/** Equal parts; what does not divide goes to the first ones, a fen each. */
export function equalParts(totalMinor: bigint, parts: number): readonly bigint[] {
  const count = BigInt(parts)
  const rest = totalMinor % count
  return Array.from({ length: parts }, (_, index) => totalMinor / count + (BigInt(index) < rest ? 1n : 0n))
}

/**
 * Parts by luck: each is drawn evenly between 1 fen and twice the average of what is left, less one fen; the last one is the rest. So every
 * part has the same average whenever it is opened, and there is always a fen for each that follows. One draw for each part but the last.
 */
export function luckyParts(totalMinor: bigint, parts: number, draws: readonly number[]): readonly bigint[] {
  invariant(draws.length === parts - 1, 'a draw for each part but the last')
  let restMinor = totalMinor
  const drawn = draws.map((draw, index) => {
    invariant(Number.isInteger(draw) && draw >= 0 && draw < DRAW_END, 'a draw is below the end of draws')
    const most = (2n * restMinor) / BigInt(parts - index) - 1n
    const part = 1n + (BigInt(draw) * most) / BigInt(DRAW_END)
    restMinor -= part
    return part
  })
  return [...drawn, restMinor]
}

export type PacketFault = 'packet_over' | 'packet_empty'

/** The next part of a packet that somebody opens. */
export function decideTaking(
  packet: Packet,
  now: number,
): Result<{ readonly packet: Packet; readonly amountMinor: bigint }, PacketFault> {
  if (packet.taken === packet.parts.length) return err('packet_empty')
  if (packet.endedAt !== null || packet.expiresAt <= now) return err('packet_over')
  const amountMinor = packet.parts[packet.taken]
  invariant(amountMinor !== undefined, 'a packet that is not empty has a next part')
  const taken = packet.taken + 1
  const after = { ...packet, taken, takenMinor: packet.takenMinor + amountMinor }
  return ok({ packet: assertPacket({ ...after, endedAt: taken === packet.parts.length ? now : null }), amountMinor })
}

/** The packet after its time, with what comes back to the sender; undefined while it is not over. */
export function decideReturn(
  packet: Packet,
  now: number,
): { readonly packet: Packet; readonly amountMinor: bigint } | undefined {
  if (packet.endedAt !== null || packet.expiresAt > now) return undefined
  const amountMinor = underWayMinor(packet)
  return { packet: assertPacket({ ...packet, returnedMinor: amountMinor, endedAt: now }), amountMinor }
}
