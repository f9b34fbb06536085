import type { WorkingSet } from '@huitong/committer'
import type { IsoMessage } from '@huitong/iso20022'
import { CNY, err, InvariantError, invariant, publicId, type Result } from '@huitong/kernel'
import type { Books } from '@huitong/ledger'
import type { Party } from '@huitong/party'
import type { MoveRefusal, Outlays, Payments, Purse, Purses } from '@huitong/payments'
import type { Payouts } from '@huitong/reserve'
import { cardRefundTable } from './card-refund-store.ts'
import { cardTable } from './card-store.ts'
import { channelBankTable } from './channel-bank-store.ts'
import type { ChannelRefusalCode } from './channel-refusals.ts'
import { CARD_MONEY, isComing, NETTING, ORDER_CODES, type Order, SUSPENSE } from './order.ts'
import { orderTable, orderUetrTable } from './order-store.ts'
import { returnTable } from './return-store.ts'

export interface ChannelDeps {
  readonly books: Books
  readonly party: Party
  readonly purses: Purses
  readonly outlays: Outlays
  /** Pays a trade, with the money of a card that is there for it. */
  readonly pay: Payments['pay']
  /** Whether money may leave for banks at all. */
  readonly payouts: Payouts
  /** Sends a message with the batch that is being decided: it leaves when the batch is durable, and not otherwise. */
  readonly send: (to: string, message: IsoMessage) => void
  /** Our own number in the clearing system, and that of the clearing house. */
  readonly member: string
  readonly clearingHouse: string
  readonly clearingSystem: string
  /** As banks know us. */
  readonly name: string
}

/** What all command kinds of this module close over. */
export type ChannelContext = ReturnType<typeof createChannelContext>

/** Why money does not move, in the words of channels. */
export type MoveFault = Extract<ChannelRefusalCode, 'wallet_blocked' | 'wallet_without_funds' | 'wallet_full'>

export function createChannelContext(set: WorkingSet, deps: ChannelDeps) {
  const { books, purses, party, send, member, clearingHouse } = deps
  const banks = set.table(channelBankTable)
  const cards = set.table(cardTable)
  const orders = set.table(orderTable)
  const returns = set.table(returnTable)
  const uetrs = set.table(orderUetrTable)
  const refunds = set.table(cardRefundTable)

  const nothing: { order: Order | undefined } = { order: undefined }

  /** Opened when first needed, so that no order of starting up has to be kept. */
  function between({ subject, owner }: typeof NETTING | typeof SUSPENSE | typeof CARD_MONEY): Purse {
    books.needAccountsOf(subject, owner)
    const found = books.accountsOf(subject, owner).find(({ currency }) => currency === CNY)
    if (found !== undefined) return purses.position(found.id)
    const opened = books.openAccount({ slot: 0, subject, currency: CNY, owner, floorMinor: null })
    invariant(opened.ok, 'the ledger opens the accounts of channels')
    return purses.position(opened.value.id)
  }

  function sides(order: Order, wallet: Purse): { readonly from: Purse; readonly to: Purse } {
    const netting = between(NETTING)
    return isComing(order) ? { from: netting, to: wallet } : { from: wallet, to: netting }
  }

  /** Our side of an order: the wallet, or for a payment the money of cards. */
  function side({ customer, kind }: Pick<Order, 'customer' | 'kind'>): Purse | undefined {
    if (kind === 'payment') return between(CARD_MONEY)
    return purses.wallet(customer, kind === 'top_up' ? 'payee' : 'payer')
  }

  /** Sets the money of an order aside, or keeps the wallet from being closed before it comes. */
  function hold(order: Order): Result<number, MoveFault> {
    const of = side(order)
    if (of === undefined) return err('wallet_blocked')
    const { amountMinor, kind, id } = order
    const held = purses.hold({ ...sides(order, of), amountMinor, code: ORDER_CODES[kind], reference: id })
    return held.ok ? held : err(moveFault(held.error))
  }

  /**
   * Moves what was set aside; false when the wallet cannot take part any more. The clearing house has moved the money, so it is booked in any
   * case, against suspense: what came in waits there for its owner, and what went out is our claim on him.
   */
  function capture(order: Order): boolean {
    const { hold: held, amountMinor, id, kind } = order
    invariant(held !== null, 'an order that settles is held')
    purses.needHold(held)
    if (purses.capture(held, amountMinor, id).ok) return true
    purses.release(held)
    const [netting, suspense] = [between(NETTING), between(SUSPENSE)]
    const parties = isComing(order) ? { from: netting, to: suspense } : { from: suspense, to: netting }
    const moved = purses.move({ ...parties, amountMinor, code: ORDER_CODES[kind], reference: id })
    invariant(moved.ok, 'suspense takes what nobody else can')
    return false
  }

  return {
    ...deps,
    /** The payment that is being made with the money of a card, while its trade is asked to take it. */
    spending: nothing,
    set,
    banks,
    cards,
    orders,
    returns,
    uetrs,
    refunds,
    between,
    hold,
    capture,

    release({ hold: held }: Order): void {
      if (held === null) return
      purses.needHold(held)
      purses.release(held)
    },

    /** Money of cards becomes the customer's balance; false when the wallet cannot take it, and it waits in suspense. */
    toWallet(customer: number, amountMinor: bigint, code: 'card_payment' | 'card_refund', reference: number): boolean {
      const move = { from: between(CARD_MONEY), amountMinor, code, reference }
      const wallet = purses.wallet(customer, 'payee')
      if (wallet !== undefined && purses.move({ ...move, to: wallet }).ok) return true
      const moved = purses.move({ ...move, to: between(SUSPENSE) })
      invariant(moved.ok, 'suspense takes what nobody else can')
      return false
    },

    /** Whether a customer may begin something. */
    isActive: (customer: number): boolean => party.customer(customer)?.status === 'active',
    tell: (message: IsoMessage): void => send(clearingHouse, message),
    identity: () => ({
      messageId: publicId('msg', set.newId(0)),
      createdAt: set.batch.at,
      from: member,
      to: clearingHouse,
    }),
  }
}

function moveFault({ code }: MoveRefusal): MoveFault {
  switch (code) {
    case 'payer_without_funds':
      return 'wallet_without_funds'
    case 'payer_blocked':
    case 'payee_blocked':
      return 'wallet_blocked'
    case 'balance_full':
      return 'wallet_full'
    default:
      throw new InvariantError(`a wallet cannot be refused for a merchant’s reason: ${code}`)
  }
}
