import { CurrencyText, PublicId, SignedAmountText, Timestamp } from '@huitong/contract'
import { type CurrencyCode, formatAmount, microsToIso, publicId } from '@huitong/kernel'
import Type from 'typebox'
import { type Account, availableMinor, type Balance, normalBalance, unpromisedMinor } from './account.ts'
import type { DatedAccount } from './account-history.ts'
import type { Hold } from './hold.ts'
import type { JournalPoint } from './journal-point.ts'
import { ACCOUNT_ID, TRANSFER_ID } from './ledger-ids.ts'
import type { AccountView, HeadView, JournaledTransfer, StatementEntry } from './ledger-read-store.ts'
import { PointBody, pointBody } from './point-request.ts'
import { SUBJECTS } from './subjects.ts'

/** How the ledger's objects look from outside: public ids, amounts and times as text. */
export { ACCOUNT_ID, TRANSFER_ID }

export const AccountBody = Type.Object(
  {
    id: PublicId(ACCOUNT_ID),
    subject: Type.String({ examples: ['1001'] }),
    subjectName: Type.String(),
    currency: CurrencyText,
    owner: Type.Union([Type.String(), Type.Null()]),
    floor: Type.Union([SignedAmountText, Type.Null()]),
    state: Type.Union([Type.Literal('open'), Type.Literal('frozen'), Type.Literal('dormant'), Type.Literal('closed')], {
      description: 'As set; freezes for a cause are told in `freezes`',
    }),
    freezes: Type.Object(
      { amount: SignedAmountText, outgoing: Type.Boolean(), incoming: Type.Boolean() },
      { description: 'What must stay in the account, and whether anything may leave or enter it' },
    ),
    ceiling: Type.Union([SignedAmountText, Type.Null()]),
    credit: Type.Union(
      [Type.Object({ limit: SignedAmountText, used: SignedAmountText, available: SignedAmountText }), Type.Null()],
      { description: 'The credit line, where the account has one' },
    ),
    balance: SignedAmountText,
    available: Type.Union([SignedAmountText, Type.Null()], { description: 'Null where no floor limits it' }),
    debitsPosted: SignedAmountText,
    creditsPosted: SignedAmountText,
    debitsPending: SignedAmountText,
    creditsPending: SignedAmountText,
    entries: Type.Integer({ description: 'How many entries the account has' }),
  },
  { $id: 'LedgerAccount' },
)

export function accountBody({ account, balance }: AccountView) {
  const { currency } = account
  const text = (minor: bigint) => formatAmount(minor, currency)
  return {
    id: publicId(ACCOUNT_ID, account.id),
    subject: account.subject,
    subjectName: SUBJECTS[account.subject].name,
    currency,
    owner: account.owner,
    floor: account.floorMinor === null ? null : text(account.floorMinor),
    state: account.state,
    freezes: {
      amount: text(account.restraints?.frozenMinor ?? 0n),
      outgoing: (account.restraints?.outFreezes ?? 0) > 0,
      incoming: (account.restraints?.inFreezes ?? 0) > 0,
    },
    ceiling: account.restraints?.ceilingMinor == null ? null : text(account.restraints.ceilingMinor),
    credit: creditBody(account, balance),
    balance: text(normalBalance(account, balance)),
    available: account.floorMinor === null ? null : text(availableMinor(account, balance)),
    debitsPosted: text(balance.debitsPosted),
    creditsPosted: text(balance.creditsPosted),
    debitsPending: text(balance.debitsPending),
    creditsPending: text(balance.creditsPending),
    entries: balance.sequence,
  }
}

/** Used is what the balance, less what holds promise away, is below zero; while money is frozen the line rests. */
function creditBody(account: Account, balance: Balance) {
  if (account.floorMinor === null || account.floorMinor >= 0n) return null
  const unpromised = unpromisedMinor(account, balance)
  const limit = -account.floorMinor
  const used = unpromised < 0n ? -unpromised : 0n
  const rests = account.restraints !== null && account.restraints.frozenMinor > 0n
  const text = (minor: bigint) => formatAmount(minor, account.currency)
  return { limit: text(limit), used: text(used), available: text(rests || used > limit ? 0n : limit - used) }
}

/** An account as of a batch. Floor and state are left out, since those are known as of now. */
export const DatedAccountBody = Type.Object(
  {
    id: PublicId(ACCOUNT_ID),
    subject: Type.String({ examples: ['1001'] }),
    subjectName: Type.String(),
    currency: CurrencyText,
    owner: Type.Union([Type.String(), Type.Null()]),
    balance: SignedAmountText,
    debitsPosted: SignedAmountText,
    creditsPosted: SignedAmountText,
    debitsPending: SignedAmountText,
    creditsPending: SignedAmountText,
    entries: Type.Integer({ description: 'How many entries the account had' }),
    asOf: PointBody,
  },
  { $id: 'LedgerDatedAccount' },
)

export function datedAccountBody({ account, balance }: DatedAccount, point: JournalPoint) {
  const { floor: _, state: __, available: ___, ...body } = accountBody({ account, balance })
  return { ...body, asOf: pointBody(point) }
}

export const TransferBody = Type.Object(
  {
    id: PublicId(TRANSFER_ID),
    kind: Type.String({ examples: ['posted', 'held', 'captured', 'voided', 'expired', 'increased'] }),
    code: Type.String({ examples: ['payment'] }),
    debit: PublicId(ACCOUNT_ID),
    credit: PublicId(ACCOUNT_ID),
    currency: CurrencyText,
    amount: SignedAmountText,
    released: SignedAmountText,
    hold: Type.Union([PublicId(TRANSFER_ID), Type.Null()]),
    effectiveOn: Type.Union([Type.String(), Type.Null()], {
      description: 'The accounting day to which it belongs; null: the day of its batch',
    }),
    reverses: Type.Union([PublicId(TRANSFER_ID), Type.Null()], { description: 'The transfer that it takes back' }),
    entry: Type.Union([PublicId(TRANSFER_ID), Type.Null()], {
      description: 'The first of the transfers that stand or fall together with it',
    }),
    batch: Type.Integer(),
    position: Type.Integer(),
    at: Timestamp,
    accountingDay: Type.String({ description: 'Of its batch' }),
  },
  { $id: 'LedgerTransfer' },
)

export function transferBody(transfer: JournaledTransfer, currency: CurrencyCode) {
  return {
    id: publicId(TRANSFER_ID, transfer.id),
    kind: transfer.kind,
    code: transfer.code,
    debit: publicId(ACCOUNT_ID, transfer.debit),
    credit: publicId(ACCOUNT_ID, transfer.credit),
    currency,
    amount: formatAmount(transfer.amountMinor, currency),
    released: formatAmount(transfer.releasedMinor, currency),
    hold: transferId(transfer.hold),
    effectiveOn: transfer.effectiveOn,
    reverses: transferId(transfer.reverses),
    entry: transferId(transfer.entry),
    batch: transfer.batch,
    position: transfer.position,
    at: microsToIso(transfer.at),
    accountingDay: transfer.accountingDay,
  }
}

function transferId(id: number | null): string | null {
  return id === null ? null : publicId(TRANSFER_ID, id)
}

export const EntryBody = Type.Object(
  {
    sequence: Type.Integer(),
    side: Type.Union([Type.Literal('debit'), Type.Literal('credit')]),
    otherAccount: PublicId(ACCOUNT_ID),
    balance: SignedAmountText,
    transfer: TransferBody,
  },
  { $id: 'LedgerEntry' },
)

export function entryBody(entry: StatementEntry, currency: CurrencyCode) {
  return {
    sequence: entry.sequence,
    side: entry.side,
    otherAccount: publicId(ACCOUNT_ID, entry.otherAccount),
    balance: formatAmount(entry.balanceMinor, currency),
    transfer: transferBody(entry.transfer, currency),
  }
}

export const HeadBody = Type.Object({
  batch: Type.Integer(),
  hash: Type.String(),
  at: Timestamp,
  accountingDay: Type.String(),
  writtenBackThrough: Type.Integer(),
})

export function headBody({ number, hash, at, accountingDay, flushed }: HeadView) {
  return {
    batch: number,
    hash: hash.toString('hex'),
    at: microsToIso(at),
    accountingDay,
    writtenBackThrough: flushed,
  }
}

export const HoldBody = Type.Object(
  {
    id: PublicId(TRANSFER_ID),
    state: Type.String({ examples: ['pending', 'captured', 'voided', 'expired'] }),
    debit: PublicId(ACCOUNT_ID),
    credit: PublicId(ACCOUNT_ID),
    amount: SignedAmountText,
    remaining: SignedAmountText,
    expiresAt: Type.Union([Timestamp, Type.Null()]),
  },
  { $id: 'LedgerHold' },
)

export function holdBody(hold: Hold, currency: CurrencyCode) {
  return {
    id: publicId(TRANSFER_ID, hold.id),
    state: hold.state,
    debit: publicId(ACCOUNT_ID, hold.debit),
    credit: publicId(ACCOUNT_ID, hold.credit),
    amount: formatAmount(hold.amountMinor, currency),
    remaining: formatAmount(hold.remainingMinor, currency),
    expiresAt: hold.expiresAt === null ? null : microsToIso(hold.expiresAt),
  }
}
