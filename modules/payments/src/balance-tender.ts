import { err, invariant, ok } from '@huitong/kernel'
import { availableMinor, findAccount } from '@huitong/ledger'
import { selectWalletAccount } from './payments-read-store.ts'
import type { Purses } from './purse.ts'
import type { OfferOf } from './tender.ts'
import type { Tender, TenderReader } from './tender-port.ts'

/** The balance of the wallet as one tender among others. It gives what it has. */
export function balanceTender(purses: Purses): Tender {
  return {
    name: 'balance',
    need: (payer) => purses.needWallet(payer),
    open: ({ payer }) => {
      const wallet = purses.wallet(payer, 'payer')
      return offerUpTo(wallet === undefined ? null : purses.spendableMinor(wallet))
    },
    take: ({ payer }) => {
      const purse = purses.wallet(payer, 'payer')
      invariant(purse !== undefined, 'a balance that was offered has a wallet')
      return { purse, code: null }
    },
    giveBack: (payer) => {
      const purse = purses.wallet(payer, 'payee')
      return purse === undefined ? undefined : { purse, code: null }
    },
    undone: () => undefined,
  }
}

export const balanceReader: TenderReader = {
  name: 'balance',
  open: async (tx, { payer }) => {
    const id = await selectWalletAccount(tx, payer)
    const found = id === undefined ? undefined : await findAccount(tx, id)
    const available = found === undefined ? null : availableMinor(found.account, found.balance)
    return { offerOf: offerUpTo(available), instruments: [] }
  },
}

/** Null: there is no wallet. */
function offerUpTo(spendableMinor: bigint | null): OfferOf {
  return (_, restMinor) => {
    if (spendableMinor === null || spendableMinor <= 0n) return err('balance_empty')
    const amountMinor = spendableMinor < restMinor ? spendableMinor : restMinor
    return ok({ tender: 'balance', instrument: null, funder: 'buyer', form: null, label: null, amountMinor })
  }
}
