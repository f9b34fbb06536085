import { err, invariant, ok } from '@huitong/kernel'
import { availableMinor, findAccount } from '@huitong/ledger'
import type { OfferOf, Tender, TenderReader } from '@huitong/payments'
import type { MarketingContext } from './context.ts'
import { selectPockets } from './pocket-store.ts'

/** Money out of red packets, which pays like the balance and before it. */
export function packetTender(context: MarketingContext): Tender {
  const { purses } = context
  return {
    name: 'red_packet',
    need: (payer) => context.needPocket(payer),
    open: ({ payer }) => {
      const money = context.packetMoney(context.pocket(payer), 'payer')
      return offerUpTo(money === undefined ? 0n : purses.spendableMinor(money))
    },
    take: ({ payer }) => {
      const purse = context.packetMoney(context.pocket(payer), 'payer')
      invariant(purse !== undefined, 'money out of red packets that is offered is on an account')
      return { purse, code: null }
    },
    // To where it came from; to the wallet when that account takes nothing any more.
    giveBack: (payer) => {
      const purse = context.packetMoney(context.pocket(payer), 'payee')
      if (purse !== undefined && context.takesMoney(purse)) return { purse, code: null }
      const wallet = purses.wallet(payer, 'payee')
      return wallet === undefined ? undefined : { purse: wallet, code: null }
    },
    undone: () => undefined,
  }
}

export const packetReader: TenderReader = {
  name: 'red_packet',
  open: async (tx, { payer }) => {
    const [found] = await selectPockets(tx.sql, [payer])
    const account = found?.[1].packetAccount ?? null
    const held = account === null ? undefined : await findAccount(tx, account)
    const spendable = held === undefined ? 0n : availableMinor(held.account, held.balance)
    return { offerOf: offerUpTo(spendable), instruments: spendable > 0n ? [null] : [] }
  },
}

function offerUpTo(spendableMinor: bigint): OfferOf {
  return (_, restMinor) => {
    if (spendableMinor <= 0n) return err('red_packet_empty')
    const amountMinor = spendableMinor < restMinor ? spendableMinor : restMinor
    return ok({ tender: 'red_packet', instrument: null, funder: 'buyer', form: null, label: null, amountMinor })
  }
}
