import { type HttpApp, HttpProblem, outcomeToReply, type RawReply, seeOther } from '@huitong/http'
import { findCustomer } from '@huitong/party'
import { customerOf, maskedName, orderCodeHash } from '@huitong/payments'
import type { InstitutionDatabase } from '@huitong/pg'
import { noPacketPage, packetFaultPage, packetPage, type ShownPacket } from './packet-page.ts'
import { type MarketingRouteParts, marketingRefusalAnswer } from './route-parts.ts'

export interface PacketPageParts extends Pick<MarketingRouteParts, 'committer' | 'marketing' | 'queries' | 'clock'> {
  readonly db: InstitutionDatabase
}

// Whoever has the link may look; only customers open.
const READER = { callers: ['anonymous', 'customer', 'merchant', 'staff'] } as const
const OPENER = { callers: ['anonymous', 'customer'], scope: 'payments:write' } as const
const UNKNOWN = 'Nobody can say yet whether this was done. Open the page again in a moment: it shows what became of it.'

/** What stands at the address of a red packet's link. */
export function addPacketPageRoutes(http: HttpApp, parts: PacketPageParts): void {
  const { db, committer, marketing, queries, clock } = parts

  async function read(token: string, customer: number | undefined): Promise<ShownPacket | undefined> {
    const found = await queries.packetByToken(orderCodeHash(token))
    if (found === undefined) return undefined
    const { packet, claims } = found
    const sender = await db.read((tx) => findCustomer(tx, packet.sender))
    const own = claims.find((claim) => claim.customer === customer)
    const over = packet.endedAt !== null || packet.expiresAt <= clock.now()
    return { packet, senderName: maskedName(sender?.displayName ?? ''), own, over }
  }

  http.rawRoute({
    method: 'GET',
    url: '/r/:token',
    access: READER,
    summary: 'The page of a red packet',
    handler: async ({ params, caller }) => {
      const token = params.token ?? ''
      const shown = await read(token, caller.customerId)
      return shown === undefined ? noPacketPage() : packetPage(shown, token, caller.customerId !== undefined)
    },
  })

  http.rawRoute({
    method: 'POST',
    url: '/r/:token/open',
    access: OPENER,
    summary: 'Open a red packet, from its page',
    handler: async ({ params, caller }): Promise<RawReply> => {
      const token = params.token ?? ''
      const path = `/r/${encodeURIComponent(token)}`
      if (caller.kind !== 'customer') return seeOther(path)
      const customer = customerOf(caller)
      // No key: opening again changes nothing.
      const input = { tokenHash: orderCodeHash(token), customer }
      const outcome = await committer.submit({ kind: marketing.openPacket, input })
      if (outcome.status === 'done') return seeOther(path)
      if (outcome.status === 'unknown') return packetFaultPage(504, UNKNOWN)
      const answer = outcomeToReply(outcome, { done: () => undefined, refused: marketingRefusalAnswer })
      const { status, message } = answer instanceof HttpProblem ? answer : { status: 500, message: '' }
      const shown = outcome.status === 'refused' ? await read(token, customer) : undefined
      if (shown !== undefined) return packetPage(shown, token, true, message)
      return status === 404 ? noPacketPage() : packetFaultPage(status, message)
    },
  })
}
