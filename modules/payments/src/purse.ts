import type { WorkingSet } from '@huitong/committer'
import { err, InvariantError, invariant, ok, type Result, slotOf } from '@huitong/kernel'
import type { Books, LedgerRefusal, TransferCode } from '@huitong/ledger'
import { WALLET_CURRENCY } from './limits.ts'
import type { PaymentTables } from './payment-tables.ts'
import type { PaymentRefusal, PaymentRefusalCode } from './trade-refusals.ts'
import type { HouseRole } from './wallet.ts'

/** Whose side of a movement the ledger refused; the same ledger refusal means something else for each. */
type Side = 'payer' | 'payee' | 'merchant' | 'funder' | 'house'

export interface Move {
  readonly from: Purse
  readonly to: Purse
  readonly amountMinor: bigint
  readonly code: TransferCode
  /** Id of the trade, refund or transfer that it belongs to. */
  readonly reference: number | null
}

/** An account and the part that its owner plays in this movement. */
export interface Purse {
  readonly account: number
  readonly side: Side
}

/** Why money does not move, in the words of who asked for it. */
export type MoveRefusalCode = Extract<
  PaymentRefusalCode,
  | 'merchant_blocked'
  | 'payer_blocked'
  | 'payee_blocked'
  | 'funder_blocked'
  | 'payer_without_funds'
  | 'merchant_without_funds'
  | 'balance_full'
>
export interface MoveRefusal extends PaymentRefusal {
  readonly code: MoveRefusalCode
}

/**
 * The wallets and accounts that payments are made between. Modules above move money with them too, in commands of their own: one
 * party has one wallet, whatever it pays for.
 */
export interface Purses {
  needWallet(customer: number): void
  needMerchantAccount(merchant: number): void
  needHouse(role: HouseRole): void
  /** Undefined when the customer has no wallet here. */
  wallet(customer: number, side: 'payer' | 'payee'): Purse | undefined
  merchantAccount(merchant: number): Purse | undefined
  house(role: HouseRole): Purse
  /** The merchant's account for payments that are not settled yet; opened with the first. */
  unsettled(merchant: number): Purse
  /** For a customer or merchant that the same command makes: nobody can have an account under an id that is new. */
  openWallet(customer: number): number
  openMerchantAccount(merchant: number): number
  move(move: Move): Result<number, MoveRefusal>
  availableMinor(purse: Purse): bigint
  /** What can be moved out of it now: nothing of an account that is stopped, and never less than nothing. */
  spendableMinor(purse: Purse): bigint
  /** For a partner that the same command registers: what we owe it, and what it owes us. */
  openPositions(partner: string): { readonly payable: number; readonly receivable: number }
  position(account: number): Purse
  /** All that an account of ours has come to, promises counted: what a limit is judged by. */
  positionMinor(purse: Purse): bigint
  /** Lets nothing out of the account from now on; the id of the freeze, or null when the account is closed anyway. */
  stop(purse: Purse, reference: string): number | null
  /** Lifts such a freeze, unless somebody did before. */
  allow(freeze: number): void
  isStopped(freeze: number): boolean
  /** What stands in the way of closing an account, and whether it sleeps. */
  standing(purse: Purse): { readonly frozen: boolean; readonly promised: boolean; readonly dormant: boolean }
  /** For an account that is empty and free. */
  closeEmpty(purse: Purse): void
  /** Whether it was dormant. */
  wake(purse: Purse): boolean
  needHold(hold: number): void
  /** Promises money without moving it; the id of the hold. It lasts until it is captured or released, or until `expiresAt` (µs). */
  hold(move: Move, expiresAt?: number): Result<number, MoveRefusal>
  /** Moves all that a hold promised. */
  capture(hold: number, amountMinor: bigint, reference: number): Result<number, MoveRefusal>
  /** Moves a part of what a hold promised; `final` gives the rest back. */
  captureFrom(move: Move & { readonly hold: number; readonly final: boolean }): Result<number, MoveRefusal>
  /** Gives the promise back; nothing stands in the way of that. */
  release(hold: number): void
  /** Gives back a promise whose time is over, unless the ledger did so by itself. */
  expire(hold: number): void
}

/** Finds the accounts that payments are made between, and moves money between them through the books. */
export function createPurses(set: WorkingSet, books: Books, tables: PaymentTables): Purses {
  const { wallets, merchantAccounts, houseAccounts } = tables

  function purse(account: number, side: Side): Purse {
    books.needAccount(account)
    return { account, side }
  }

  function openAccount(slot: number, subject: '2001' | '2002' | '2005', owner: string): number {
    return opened(books.openAccount({ slot, subject, currency: WALLET_CURRENCY, owner, floorMinor: 0n }))
  }

  return {
    needWallet: (customer) => wallets.need(customer),
    needMerchantAccount: (merchant) => merchantAccounts.need(merchant),
    needHouse: (role) => houseAccounts.need(role),

    wallet: (customer, side) => {
      const wallet = wallets.get(customer)
      return wallet === undefined ? undefined : purse(wallet.account, side)
    },
    merchantAccount: (merchant) => {
      const held = merchantAccounts.get(merchant)
      return held === undefined ? undefined : purse(held.account, 'merchant')
    },

    // Opened when first needed, so that no order of starting up has to be kept.
    house: (role) => {
      const held = houseAccounts.get(role)
      if (held !== undefined) return purse(held.account, 'house')
      const account = opened(books.openAccount({ slot: 0, currency: WALLET_CURRENCY, owner: null, ...HOUSE[role] }))
      houseAccounts.put(role, { role, account })
      return purse(account, 'house')
    },

    unsettled: (merchant) => {
      const held = merchantAccounts.get(merchant)
      invariant(held !== undefined, 'a merchant that is paid has an account')
      if (held.unsettledAccount !== null) return purse(held.unsettledAccount, 'merchant')
      const unsettledAccount = openAccount(slotOf(merchant), '2005', `merchant:${merchant}`)
      merchantAccounts.put(merchant, { ...held, unsettledAccount })
      return purse(unsettledAccount, 'merchant')
    },

    openWallet: (customer) => {
      const account = openAccount(slotOf(customer), '2001', `customer:${customer}`)
      wallets.add(customer, { customer, account, openedAt: set.batch.at, tenderOrder: null })
      return account
    },
    openMerchantAccount: (merchant) => {
      const account = openAccount(slotOf(merchant), '2002', `merchant:${merchant}`)
      merchantAccounts.add(merchant, { merchant, account, unsettledAccount: null, openedAt: set.batch.at })
      return account
    },

    move: ({ from, to, amountMinor, code, reference }) => {
      const currency = WALLET_CURRENCY
      const moved = books.transfer({ debit: from.account, credit: to.account, amountMinor, currency, code, reference })
      return moved.ok ? ok(moved.value.id) : err({ code: ourRefusal(moved.error, from.side, to.side) })
    },

    availableMinor: (of) => books.available(of.account),
    spendableMinor: ({ account: id }) => {
      const account = books.account(id)
      const stopped = account === undefined || account.state !== 'open' || (account.restraints?.outFreezes ?? 0) > 0
      const available = stopped ? 0n : books.available(id)
      return available > 0n ? available : 0n
    },

    openPositions: (partner) => {
      const common = { slot: 0, currency: WALLET_CURRENCY, owner: `partner:${partner}`, floorMinor: 0n } as const
      const payable = opened(books.openAccount({ ...common, subject: '2003' }))
      return { payable, receivable: opened(books.openAccount({ ...common, subject: '1102' })) }
    },
    position: (account) => purse(account, 'house'),
    positionMinor: ({ account }) => {
      const { debitsPosted, debitsPending, creditsPosted, creditsPending } = books.balance(account)
      const asset = books.account(account)?.subject === '1102'
      return asset ? debitsPosted + debitsPending - creditsPosted : creditsPosted + creditsPending - debitsPosted
    },

    stop: ({ account }, reference) => {
      books.needFreezesOf(account)
      const wholly = { amountMinor: null, blocksIncoming: false, expiresAt: null }
      const placed = books.placeFreeze({ account, cause: 'hold', ...wholly, reference })
      return placed.ok ? placed.value.id : null
    },
    allow: (freeze) => {
      books.needFreeze(freeze)
      books.liftFreeze({ freeze, authority: 'hold' })
    },
    isStopped: (freeze) => {
      books.needFreeze(freeze)
      return books.freeze(freeze)?.state === 'active'
    },

    standing: ({ account }) => {
      const found = books.account(account)
      const { debitsPending, creditsPending } = books.balance(account)
      const restraints = found?.restraints ?? null
      const byFreeze = restraints !== null && (restraints.frozenMinor > 0n || restraints.outFreezes > 0)
      const frozen = byFreeze || found?.state === 'frozen'
      return { frozen, promised: debitsPending + creditsPending > 0n, dormant: found?.state === 'dormant' }
    },
    closeEmpty: ({ account }) => {
      const closed = books.setState(account, 'closed')
      invariant(closed.ok, 'an account that is empty and free can be closed')
    },
    wake: ({ account }) => {
      if (books.account(account)?.state !== 'dormant') return false
      const woken = books.setState(account, 'open')
      invariant(woken.ok, 'an account that sleeps can be opened')
      return true
    },

    needHold: (hold) => books.needHold(hold),
    hold: ({ from, to, amountMinor, code, reference }, expiresAt) => {
      const asked = { debit: from.account, credit: to.account, amountMinor, currency: WALLET_CURRENCY, code, reference }
      const held = books.placeHold({ ...asked, expiresAt: expiresAt ?? null })
      return held.ok ? ok(held.value.id) : err({ code: ourRefusal(held.error, from.side, to.side) })
    },
    capture: (hold, amountMinor, reference) => {
      const captured = books.capture({ hold, amountMinor, final: true, reference })
      return captured.ok ? ok(captured.value.id) : err({ code: ourRefusal(captured.error, 'payer', 'payee') })
    },
    captureFrom: ({ from, to, hold, amountMinor, final, code, reference }) => {
      const captured = books.capture({ hold, amountMinor, final, code, reference })
      return captured.ok ? ok(captured.value.id) : err({ code: ourRefusal(captured.error, from.side, to.side) })
    },
    release: (hold) => {
      const released = books.release({ hold, reason: 'void' })
      invariant(released.ok, 'a hold that something is kept for is pending')
    },
    expire: (hold) => {
      // Refused when it is over already, which is the same end.
      books.release({ hold, reason: 'expiry' })
    },
  }
}

// The reserve is what banks hold for customers: it grows by debits and can never be below nothing.
const HOUSE = {
  reserve: { subject: '1001', floorMinor: 0n },
  fee_income: { subject: '5001', floorMinor: null },
  // Where several tenders meet on their way to one seller: empty before and after.
  tender_transit: { subject: '2003', floorMinor: 0n },
} as const

function opened(result: Result<{ readonly id: number }, LedgerRefusal>): number {
  invariant(result.ok, 'the ledger opens accounts that payments asks for')
  return result.value.id
}

const BLOCKED = {
  payer: 'payer_blocked',
  payee: 'payee_blocked',
  merchant: 'merchant_blocked',
  funder: 'funder_blocked',
} as const

/** What the ledger's refusal means to who asked for the payment. What our own rules exclude is a broken invariant. */
function ourRefusal(refusal: LedgerRefusal, from: Side, to: Side): MoveRefusalCode {
  switch (refusal.code) {
    case 'insufficient_funds':
      invariant(from !== 'house', 'the institution pays out of an account of its own that is empty')
      if (from === 'funder') return 'funder_blocked'
      return from === 'merchant' ? 'merchant_without_funds' : 'payer_without_funds'
    case 'debit_account_frozen':
    case 'debit_account_closed':
    case 'debit_account_dormant':
      invariant(from !== 'house', "the institution's own account is closed")
      return BLOCKED[from]
    case 'credit_account_frozen':
    case 'credit_account_closed':
    case 'credit_account_dormant':
      invariant(to !== 'house', "the institution's own account is closed")
      return BLOCKED[to]
    case 'balance_overflow':
    case 'ceiling_exceeded':
    case 'amount_too_large':
      return 'balance_full'
    default:
      throw new InvariantError(`the ledger refused what payments takes for granted: ${refusal.code}`)
  }
}
