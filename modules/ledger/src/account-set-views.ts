import { CurrencyText, PublicId, SignedAmountText } from '@huitong/contract'
import { type CurrencyCode, currencyCode, formatAmount, invariant, publicId } from '@huitong/kernel'
import type { ReadTx } from '@huitong/pg'
import Type from 'typebox'
import type { AccountSet, SetBalance } from './account-set.ts'
import { findSet, setBalances } from './account-set-read-store.ts'

export const SET_ID = 'aset'

export const SetBody = Type.Object(
  {
    id: PublicId(SET_ID),
    name: Type.String(),
    parent: Type.Union([PublicId(SET_ID), Type.Null()]),
  },
  { $id: 'LedgerAccountSet' },
)

export const SetBalanceBody = Type.Object({
  currency: CurrencyText,
  members: Type.Integer(),
  credit: SignedAmountText,
  debitsPosted: SignedAmountText,
  creditsPosted: SignedAmountText,
  debitsPending: SignedAmountText,
  creditsPending: SignedAmountText,
})

export function setBody({ id, name, parent }: AccountSet) {
  return { id: publicId(SET_ID, id), name, parent: parent === null ? null : publicId(SET_ID, parent) }
}

export function setBalanceBody(balance: SetBalance) {
  const currency = knownCurrency(balance.currency)
  const text = (minor: bigint) => formatAmount(minor, currency)
  return {
    currency,
    members: balance.members,
    credit: text(balance.creditsPosted - balance.debitsPosted),
    debitsPosted: text(balance.debitsPosted),
    creditsPosted: text(balance.creditsPosted),
    debitsPending: text(balance.debitsPending),
    creditsPending: text(balance.creditsPending),
  }
}

function knownCurrency(text: string): CurrencyCode {
  const currency = currencyCode(text)
  invariant(currency.ok, `a set has the unknown currency ${text}`)
  return currency.value
}

/** A set with what its members have together; undefined when there is none. */
export async function readSetBody(tx: ReadTx, id: number) {
  const set = await findSet(tx, id)
  return set === undefined ? undefined : { ...setBody(set), balances: (await setBalances(tx, id)).map(setBalanceBody) }
}
