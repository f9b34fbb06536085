import type { CommandKind } from '@huitong/committer'
import { canonicalJson, formatAmount, invariant, ok, slotOf } from '@huitong/kernel'
import { answerCodec, type PayerInput, payerProof, WALLET_CURRENCY } from '@huitong/payments'
import Type, { type Static } from 'typebox'
import type { MarketingContext } from './context.ts'
import { packetEvent } from './marketing-events.ts'
import { refuse } from './marketing-refusals.ts'
import { PacketClaimView, PacketView, packetClaimView, packetView } from './marketing-views.ts'
import { assertPacket, PACKET_LIFE, type Packet, type PacketClaim, type PacketKind } from './packet.ts'
import { decideReturn, decideTaking, equalParts, luckyParts, packetFits } from './packet-decide.ts'
import { packetClaimKey } from './packet-store.ts'

export interface SendPacketInput extends PayerInput {
  readonly customer: number
  readonly kind: PacketKind
  readonly totalMinor: bigint
  readonly parts: number
  /** Drawn at the door: one for each part but the last of a lucky packet. */
  readonly draws: readonly number[]
  readonly greeting: string
  readonly tokenHash: string
}

export const PacketAnswer = Type.Object({ packet: PacketView })
export type PacketAnswer = Static<typeof PacketAnswer>

/** `marketing.send-packet`: the money leaves the wallet, and whoever opens the link gets a part of it. */
export function sendPacketKind(context: MarketingContext): CommandKind<SendPacketInput, PacketAnswer> {
  const { set, party, purses, outlays, tables } = context
  return {
    name: 'marketing.send-packet',
    need: ({ customer, tokenHash }) => {
      outlays.need(customer)
      purses.needWallet(customer)
      tables.pockets.need(customer)
      tables.packetTokens.need(tokenHash)
    },
    decide: ({ customer, kind, totalMinor, parts: count, draws, greeting, tokenHash, ...payer }) => {
      const now = set.batch.at
      if (party.customer(customer) === undefined) return refuse('customer_not_found')
      if (!packetFits(totalMinor, count)) return refuse('packet_does_not_fit')
      const wallet = purses.wallet(customer, 'payer')
      if (wallet === undefined || party.customer(customer)?.status !== 'active') return refuse('payer_blocked')
      const id = set.newId(slotOf(customer))
      const proof = payerProof('transfer', payer)
      const spent = outlays.spendAtOnce({ customer, amountMinor: totalMinor, reference: id, proof })
      if (!spent.ok) return spent
      const pocket = context.pocket(customer)
      const account = pocket.sendingAccount ?? context.openSending(customer)
      if (pocket.sendingAccount === null) tables.pockets.put(customer, { ...pocket, sendingAccount: account })
      const to = context.purse(account, 'house')
      const moved = purses.move({ from: wallet, to, amountMinor: totalMinor, code: 'red_packet_send', reference: id })
      if (!moved.ok) return moved
      const parts = kind === 'fixed' ? equalParts(totalMinor, count) : luckyParts(totalMinor, count, draws)
      const packet: Packet = assertPacket({
        ...{ id, sender: customer, kind, totalMinor, parts, taken: 0, takenMinor: 0n, returnedMinor: 0n, greeting },
        ...{ tokenHash, createdAt: now, expiresAt: now + PACKET_LIFE, endedAt: null },
      })
      invariant(tables.packetTokens.get(tokenHash) === undefined, 'a token is drawn once')
      tables.packetTokens.put(tokenHash, id)
      tables.packets.add(id, packet)
      set.emit(packetEvent('red-packet.sent', packet, null, now))
      return ok({ packet: packetView(packet) })
    },
    // Neither draws nor token: sent again under its key it is the same packet, whatever is drawn for it then.
    form: ({ customer, kind, totalMinor, parts, greeting }) =>
      canonicalJson({ customer, kind, total: totalMinor.toString(), parts, greeting }),
    ...answerCodec(PacketAnswer),
  }
}

export interface OpenPacketInput {
  readonly tokenHash: string
  readonly customer: number
}

export const PacketOpenedAnswer = Type.Object({
  packet: PacketView,
  claim: PacketClaimView,
  /** False when the customer had opened it before. */
  changed: Type.Boolean(),
})
export type PacketOpenedAnswer = Static<typeof PacketOpenedAnswer>

/** `marketing.open-packet`: the next part goes to whoever opens it, once a person. */
export function openPacketKind(context: MarketingContext): CommandKind<OpenPacketInput, PacketOpenedAnswer> {
  const { set, party, purses, tables, tendering } = context
  return {
    name: 'marketing.open-packet',
    need: ({ tokenHash, customer }) => {
      tables.packetTokens.need(tokenHash)
      party.needCustomer(customer)
      purses.needWallet(customer)
      tables.pockets.need(customer)
    },
    decide: ({ tokenHash, customer }) => {
      const now = set.batch.at
      if (party.customer(customer) === undefined) return refuse('customer_not_found')
      const id = tables.packetTokens.get(tokenHash)
      const packet = id === undefined ? undefined : tables.packets.get(id)
      if (packet === undefined) return refuse('packet_not_found')
      const person = context.personOf(customer)
      const key = packetClaimKey(packet.id, person)
      const before = tables.packetClaims.get(key)
      if (before !== undefined) {
        if (before.customer !== customer) return refuse('packet_claimed_by_person')
        return ok({ packet: packetView(packet), claim: packetClaimView(before), changed: false })
      }
      tables.pockets.need(packet.sender)
      const taken = decideTaking(packet, now)
      if (!taken.ok) return refuse(taken.error)
      if (party.customer(customer)?.status !== 'active' || purses.wallet(customer, 'payee') === undefined) {
        return refuse('payee_blocked')
      }
      const { packet: after, amountMinor } = taken.value
      const pocket = context.pocket(customer)
      const account = pocket.packetAccount ?? context.openPacketMoney(customer)
      if (pocket.packetAccount === null) tables.pockets.put(customer, { ...pocket, packetAccount: account })
      const to = context.purse(account, 'payee')
      const moved = purses.move({
        ...{ from: underWay(context, packet), to, amountMinor, code: 'red_packet_open', reference: packet.id },
      })
      if (!moved.ok) return moved
      const claim: PacketClaim = { packet: packet.id, person, customer, part: after.taken, amountMinor, claimedAt: now }
      tables.packets.put(packet.id, after)
      tables.packetClaims.put(key, claim)
      tendering.join(customer)
      set.emit(packetEvent('red-packet.opened', after, claim, now))
      return ok({ packet: packetView(after), claim: packetClaimView(claim), changed: true })
    },
    form: ({ tokenHash, customer }) => canonicalJson({ tokenHash, customer }),
    ...answerCodec(PacketOpenedAnswer),
  }
}

export const PacketsReturnedAnswer = Type.Object({ returned: Type.Integer() })
export type PacketsReturnedAnswer = Static<typeof PacketsReturnedAnswer>

/** `marketing.return-packets`: what nobody took in a day goes back to the sender's wallet. One that takes nothing now waits. */
export function returnPacketsKind(
  context: MarketingContext,
): CommandKind<{ readonly packets: readonly number[] }, PacketsReturnedAnswer> {
  const { set, purses, limits, tables } = context
  return {
    name: 'marketing.return-packets',
    need: ({ packets }) => {
      for (const id of packets) tables.packets.need(id)
    },
    decide: ({ packets }) => {
      const due = packets.flatMap((id) => {
        const packet = tables.packets.get(id)
        return packet === undefined ? [] : [packet]
      })
      for (const { sender } of due) {
        tables.pockets.need(sender)
        purses.needWallet(sender)
        limits.needSpending(sender)
      }
      let returned = 0
      for (const packet of due) {
        const decided = decideReturn(packet, set.batch.at)
        const to = purses.wallet(packet.sender, 'payee')
        if (decided === undefined || to === undefined || !context.takesMoney(to)) continue
        const { packet: after, amountMinor } = decided
        const from = underWay(context, packet)
        const moved = purses.move({ from, to, amountMinor, code: 'red_packet_return', reference: packet.id })
        if (!moved.ok) continue
        limits.giveBack(packet.id, amountMinor)
        tables.packets.put(packet.id, after)
        set.emit(packetEvent('red-packet.returned', after, null, set.batch.at))
        returned += 1
      }
      return ok({ returned })
    },
    form: ({ packets }) => canonicalJson({ packets }),
    ...answerCodec(PacketsReturnedAnswer),
  }
}

export interface MovePacketMoneyInput {
  readonly customer: number
  readonly amountMinor: bigint
}

export const PacketMoneyAnswer = Type.Object({ amount: Type.String(), left: Type.String() })
export type PacketMoneyAnswer = Static<typeof PacketMoneyAnswer>

/** `marketing.move-packet-money`: out of red packets into the customer's own wallet, where it can be sent on. */
export function movePacketMoneyKind(context: MarketingContext): CommandKind<MovePacketMoneyInput, PacketMoneyAnswer> {
  const { purses, party } = context
  return {
    name: 'marketing.move-packet-money',
    need: ({ customer }) => {
      party.needCustomer(customer)
      purses.needWallet(customer)
      context.needPocket(customer)
    },
    decide: ({ customer, amountMinor }) => {
      if (party.customer(customer) === undefined) return refuse('customer_not_found')
      if (amountMinor <= 0n) return refuse('amount_out_of_range')
      const from = context.packetMoney(context.pocket(customer), 'payer')
      const to = purses.wallet(customer, 'payee')
      if (to === undefined || party.customer(customer)?.status !== 'active') return refuse('payee_blocked')
      if (from === undefined) return refuse('payer_without_funds')
      const moved = purses.move({ from, to, amountMinor, code: 'red_packet_move', reference: null })
      if (!moved.ok) return moved
      const amount = (minor: bigint) => formatAmount(minor, WALLET_CURRENCY)
      return ok({ amount: amount(amountMinor), left: amount(purses.availableMinor(from)) })
    },
    form: ({ customer, amountMinor }) => canonicalJson({ customer, amount: amountMinor.toString() }),
    ...answerCodec(PacketMoneyAnswer),
  }
}

/** Where the money of a packet is that was sent and not opened. It is the institution's to watch: it is never short. */
function underWay(context: MarketingContext, { sender }: Packet) {
  const account = context.pocket(sender).sendingAccount
  invariant(account !== null, 'who sent a red packet has an account for it')
  return context.purse(account, 'house')
}
