import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { type PartyWorld, startPartyWorld, told } from './party-world.ts'

/** What clients may ask for, over so few phones, customers and codes that requests meet each other all the time. */
type Ask =
  | { readonly type: 'register'; readonly phone: number }
  | { readonly type: 'freeze' | 'thaw'; readonly customer: number }
  | { readonly type: 'issue'; readonly customer: number; readonly code: number }
  | { readonly type: 'redeem'; readonly code: number }

const customer = fc.nat(2)
const code = fc.nat(4)
const ask: fc.Arbitrary<Ask> = fc.oneof(
  fc.record({ type: fc.constant('register' as const), phone: fc.nat(3) }),
  fc.record({ type: fc.constantFrom('freeze' as const, 'thaw' as const), customer }),
  fc.record({ type: fc.constant('issue' as const), customer, code }),
  fc.record({ type: fc.constant('redeem' as const), code }),
)

const LONG = 3_600_000_000

let together: PartyWorld
let alone: PartyWorld

beforeAll(async () => {
  together = await startPartyWorld({ liveCodesMax: 2 })
  alone = await startPartyWorld({ liveCodesMax: 2 })
})

async function make(world: PartyWorld, run: number, customers: readonly number[], each: Ask): Promise<string> {
  const { committer, party, vault, commands } = world
  const id = (index: number): number => customers[index] ?? 0
  const hash = (index: number): string => vault.index('payment-code', `${run}-${index}`)
  switch (each.type) {
    case 'register':
      return told(await world.registerCustomer('New', phone(run, each.phone)))
    case 'freeze':
    case 'thaw': {
      const input = { customerId: id(each.customer), status: each.type === 'freeze' ? 'frozen' : 'active' } as const
      return told(await committer.submit({ kind: party.commands.setCustomerStatus, input }))
    }
    case 'issue': {
      const input = { customerId: id(each.customer), codeHash: hash(each.code), lifeMicros: LONG }
      return told(await committer.submit({ kind: party.commands.issuePaymentCode, input }))
    }
    case 'redeem': {
      const outcome = await committer.submit({ kind: commands.redeem, input: hash(each.code) })
      return outcome.status === 'done' ? `customer ${customers.indexOf(outcome.answer)}` : told(outcome)
    }
  }
}

function phone(run: number, index: number): string {
  return `159${String(run).padStart(7, '0')}${index}`
}

test('a batch of requests decides each as if it had come alone, refusals included', async () => {
  let run = 0
  await fc.assert(
    fc.asyncProperty(fc.array(ask, { minLength: 2, maxLength: 24 }), async (asks) => {
      run += 1
      const start = async (world: PartyWorld) => [
        await world.newCustomer('A', phone(run, 7)),
        await world.newCustomer('B', phone(run, 8)),
        await world.newCustomer('C', phone(run, 9)),
      ]
      const [first, second] = [await start(together), await start(alone)]
      const atOnce = await Promise.all(asks.map((each) => make(together, run, first, each)))
      const oneByOne: string[] = []
      for (const each of asks) oneByOne.push(await make(alone, run, second, each))
      expect(atOnce).toEqual(oneByOne)
    }),
    { numRuns: 30 },
  )
})
