import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { BANK, type ChannelsWorld, SECOND, startChannelsWorld, toldOf } from './channels-world.ts'

/*
 * Every order in which what banks and the clearing house say can come, lost words included: a random history of one card's orders. The
 * oracle keeps a number for the wallet and a word for each order, and knows nothing of the program's table.
 */

let world: ChannelsWorld

beforeAll(async () => {
  world = await startChannelsWorld(31)
})

afterAll(async () => {
  expect(await world.findings()).toEqual([])
  await world.stop()
})

const order = fc.nat(3)
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('top up' as const), amount: fc.integer({ min: 1, max: 900 }) }) },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('withdraw' as const), amount: fc.integer({ min: 1, max: 900 }) }),
  },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('money' as const), order, off: fc.constantFrom(0, 0, 0, 1) }) },
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('house' as const), order, says: fc.constantFrom('ACSC', 'RJCT', 'PDNG') }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('bank' as const), order, says: fc.constantFrom('ACSC', 'RJCT', 'ACTC') }),
  },
  fc.record({ do: fc.constant('back' as const), order, id: fc.nat(2), amount: fc.integer({ min: 1, max: 500 }) }),
  { weight: 2, arbitrary: fc.record({ do: fc.constant('time' as const), seconds: fc.integer({ min: 1, max: 90 }) }) },
)

interface Known {
  readonly kind: 'top up' | 'withdraw'
  readonly uetr: string
  readonly amount: number
  state: 'waiting' | 'coming' | 'settled' | 'rejected'
  contradicted: boolean
  returned: number
  readonly returns: Set<number>
}

it('agrees with an oracle about every order and the wallet', { timeout: 240_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 24 }), async (steps) => {
      const { customer, card } = await world.customer(1_000n)
      const orders: Known[] = []
      let wallet = 1_000
      const open = () => orders.find(({ state }) => state === 'waiting' || state === 'coming')
      for (const one of steps) {
        if (one.do === 'time') {
          world.clock.advance(one.seconds * SECOND)
          await world.ask()
          continue
        }
        if (one.do === 'top up' || one.do === 'withdraw') {
          const uetr = world.chance.uuid()
          const ask = one.do === 'top up' ? world.topUp : world.withdraw
          const outcome = toldOf(await ask(customer, card, BigInt(one.amount), uetr))
          const refusal =
            open() !== undefined
              ? 'order_open'
              : one.do === 'withdraw' && one.amount > wallet
                ? 'wallet_without_funds'
                : 'done'
          expect(outcome).toBe(refusal)
          if (refusal !== 'done') continue
          if (one.do === 'withdraw') wallet -= one.amount
          const rest = { state: 'waiting' as const, contradicted: false, returned: 0, returns: new Set<number>() }
          orders.push({ kind: one.do, uetr, amount: one.amount, ...rest })
        } else {
          const known = orders[one.order]
          if (known === undefined) continue
          if (one.do === 'money') {
            await world.money(known.uetr, BigInt(known.amount + one.off))
            if (known.kind === 'top up' && known.state === 'waiting' && one.off === 0) known.state = 'coming'
          } else if (one.do === 'back') {
            await world.comesBack(known.uetr, `R${one.id}`, BigInt(one.amount))
            const fits = known.kind === 'withdraw' && known.state === 'settled' && !known.returns.has(one.id)
            if (fits && known.returned + one.amount <= known.amount) {
              known.returns.add(one.id)
              known.returned += one.amount
              wallet += one.amount
            }
          } else if (one.do === 'bank') {
            const said = await world.bankSays(known.uetr, one.says, one.says === 'RJCT' ? 'AM04' : undefined)
            if (known.kind === 'withdraw') expect(said).toBe('unknown_original')
            else if (one.says === 'RJCT' && known.state === 'waiting') known.state = 'rejected'
            else if (one.says === 'RJCT' && known.state === 'settled') known.contradicted = true
            else if (one.says === 'ACSC' && known.state === 'rejected') known.contradicted = true
          } else {
            await world.houseSays(known.uetr, one.says, one.says === 'RJCT' ? 'AB06' : undefined)
            const final = one.says === 'ACSC' ? 'settled' : one.says === 'RJCT' ? 'rejected' : undefined
            const moves = known.kind === 'withdraw' ? known.state === 'waiting' : known.state === 'coming'
            if (final === undefined) continue
            if (moves) {
              known.state = final
              if (known.kind === 'top up' && final === 'settled') wallet += known.amount
              if (known.kind === 'withdraw' && final === 'rejected') wallet += known.amount
            } else if (known.state === 'waiting') known.contradicted ||= final === 'settled'
            else if (known.state !== final) known.contradicted = true
          }
        }
        expect(await world.available(customer)).toBe(BigInt(wallet))
      }
      for (const { uetr, state, contradicted, returned } of orders) {
        const found = await world.order(uetr)
        const words = {
          sent: 'waiting',
          unknown: 'waiting',
          accepted: 'coming',
          settled: 'settled',
          rejected: 'rejected',
        }
        expect([
          found === undefined ? undefined : words[found.state],
          found?.contradicted,
          found?.returnedMinor,
        ]).toEqual([...[state, contradicted, BigInt(returned)]])
      }
      expect(world.told.filter(({ to }) => to !== BANK && to !== '990900000095')).toEqual([])
    }),
    { numRuns: 120, seed: 20261127 },
  )
})
