import { PublicId, SignedAmountText, Timestamp } from '@huitong/contract'
import { type CurrencyCode, formatAmount, microsToIso, publicId } from '@huitong/kernel'
import type { ReadTx } from '@huitong/pg'
import Type from 'typebox'
import type { Freeze } from './freeze.ts'
import { freezesOf } from './freeze-store.ts'
import { findAccount } from './ledger-read-store.ts'
import { ACCOUNT_ID } from './ledger-views.ts'

export const FREEZE_ID = 'frze'

export const FreezeBody = Type.Object(
  {
    id: PublicId(FREEZE_ID),
    account: PublicId(ACCOUNT_ID),
    cause: Type.String({ examples: ['judicial', 'risk', 'dispute', 'hold'] }),
    state: Type.String({ examples: ['active', 'lifted', 'expired', 'used'] }),
    amount: Type.Union([SignedAmountText, Type.Null()], { description: 'Null: the whole account' }),
    remaining: Type.Union([SignedAmountText, Type.Null()]),
    blocksIncoming: Type.Boolean(),
    reference: Type.String(),
    expiresAt: Type.Union([Timestamp, Type.Null()]),
  },
  { $id: 'LedgerFreeze' },
)

export function freezeBody(freeze: Freeze, currency: CurrencyCode) {
  const { cause, state, blocksIncoming, reference } = freeze
  const text = (minor: bigint | null) => (minor === null ? null : formatAmount(minor, currency))
  return {
    id: publicId(FREEZE_ID, freeze.id),
    account: publicId(ACCOUNT_ID, freeze.account),
    ...{ cause, state },
    amount: text(freeze.amountMinor),
    remaining: text(freeze.remainingMinor),
    ...{ blocksIncoming, reference },
    expiresAt: freeze.expiresAt === null ? null : microsToIso(freeze.expiresAt),
  }
}

/** Freezes of an account by id, ended ones too, up to limit + 1; undefined when there is no such account. */
export async function freezeBodiesOf(tx: ReadTx, account: number, afterId: number, limit: number) {
  const view = await findAccount(tx, account)
  if (view === undefined) return undefined
  const freezes = await freezesOf(tx, account, afterId, limit)
  return freezes.map((freeze) => freezeBody(freeze, view.account.currency))
}
