import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { returnDuePackets } from '../src/index.ts'
import { DRAW_END } from '../src/packet-decide.ts'
import { answerOf, DAY, type MarketingWorld, packetOf, startMarketingWorld, told } from './marketing-world.ts'

let world: MarketingWorld

beforeAll(async () => {
  world = await startMarketingWorld(22)
})

afterAll(async () => {
  expect(await world.untied()).toEqual([])
  await world.stop()
})

const open = (tokenHash: string, customer: number) =>
  world.committer.submit({ kind: world.marketing.openPacket, input: { tokenHash, customer } })

describe('a red packet', () => {
  it('leaves the wallet whole and is opened part by part, once a customer, in the order that was drawn', async () => {
    const sender = await world.customer(10_000n)
    const draws = [0, DRAW_END - 1, DRAW_END / 2]
    const input = { ...packetOf(sender, 1_000n, 4, 'lucky'), kind: 'lucky', draws } as const
    answerOf(await world.committer.submit({ kind: world.marketing.sendPacket, input }))
    expect([await world.walletOf(sender), await world.onSubject('2007')]).toEqual([9_000n, 1_000n])
    const friends = [sender, await world.customer(0n), await world.customer(0n), await world.customer(0n)]
    const amounts = []
    for (const friend of friends) amounts.push(answerOf(await open('lucky', friend)).claim.amount)
    // The least, the most of 999 (twice the average of three, less a fen), a half of what is left, and the rest.
    expect(amounts).toEqual(['0.01', '6.65', '1.67', '1.67'])
    expect(told(await open('lucky', await world.customer(0n)))).toBe('packet_empty')
    expect(answerOf(await open('lucky', friends[1] ?? 0))).toMatchObject({ changed: false, claim: { amount: '6.65' } })
  })

  it('gives its last part to one of two who open it at once', async () => {
    const sender = await world.customer(1_000n)
    answerOf(
      await world.committer.submit({ kind: world.marketing.sendPacket, input: packetOf(sender, 101n, 2, 'last') }),
    )
    const friends = await Promise.all([0n, 0n, 0n].map((funds) => world.customer(funds)))
    const outcomes = await Promise.all(friends.map((friend) => open('last', friend)))
    expect(outcomes.map(told).toSorted()).toEqual(['done', 'done', 'packet_empty'])
  })

  it('comes back after a day, what nobody took of it, to the sender’s wallet and limits', async () => {
    const sender = await world.customer(1_000n)
    answerOf(
      await world.committer.submit({ kind: world.marketing.sendPacket, input: packetOf(sender, 900n, 3, 'slow') }),
    )
    answerOf(await open('slow', await world.customer(0n)))
    world.clock.advance(DAY + 1_000_000)
    expect(told(await open('slow', await world.customer(0n)))).toBe('packet_over')
    const { institution, committer, marketing, clock } = world
    const jobs = { db: institution.db, committer, marketing, clock }
    expect([await returnDuePackets(jobs), await returnDuePackets(jobs)]).toEqual([1, 0])
    expect(await world.walletOf(sender)).toBe(700n)
    expect(told(await open('slow', await world.customer(0n)))).toBe('packet_over')
  })

  it('is refused when it does not fit, and when there is too little money', async () => {
    const sender = await world.customer(1_000n)
    const send = (totalMinor: bigint, parts: number, token: string) =>
      world.committer.submit({ kind: world.marketing.sendPacket, input: packetOf(sender, totalMinor, parts, token) })
    expect(told(await send(2n, 3, 'a'))).toBe('packet_does_not_fit')
    expect(told(await send(100n, 101, 'b'))).toBe('packet_does_not_fit')
    expect(told(await send(20_001n, 1, 'c'))).toBe('packet_does_not_fit')
    expect(told(await send(1_001n, 1, 'd'))).toBe('payer_without_funds')
    expect(told(await open('nothing', sender))).toBe('packet_not_found')
  })

  it('is money of its opener, which moves to the wallet', async () => {
    const [sender, friend] = [await world.customer(1_000n), await world.customer(0n)]
    await world.packetMoney(sender, friend, 500n)
    const move = (amountMinor: bigint) =>
      world.committer.submit({ kind: world.marketing.movePacketMoney, input: { customer: friend, amountMinor } })
    expect(told(await move(501n))).toBe('payer_without_funds')
    expect(answerOf(await move(200n))).toEqual({ amount: '2.00', left: '3.00' })
    expect([await world.walletOf(friend), await world.packetMoneyOf(friend)]).toEqual([200n, 300n])
  })
})
