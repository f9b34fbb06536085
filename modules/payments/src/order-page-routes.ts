import type { CommandKind, Committer } from '@huitong/committer'
import { decodeForm } from '@huitong/formats'
import { type HttpApp, HttpProblem, outcomeToReply, type RawReply, type RawRequest, seeOther } from '@huitong/http'
import type { Clock } from '@huitong/kernel'
import { findMerchant, type Merchant } from '@huitong/party'
import type { InstitutionDatabase } from '@huitong/pg'
import type { MerchantPages } from './alipay-return.ts'
import { orderCodeHash } from './order-code.ts'
import {
  type AskedFor,
  codePage,
  confirmTradePage,
  heldTradePage,
  noOrderPage,
  orderFaultPage,
  tradeResultPage,
} from './order-page.ts'
import { type CodedOrder, selectCodedOrder } from './order-page-store.ts'
import { assessedPayer, type PayerInput } from './payer-proof.ts'
import type { Payments } from './payments.ts'
import { selectTrade } from './payments-read-store.ts'
import { customerOf, refusalAnswer } from './route-parts.ts'
import type { TenderChoice } from './tender.ts'
import { readChoicesText } from './tender-page.ts'
import type { TenderQueries } from './tender-queries.ts'
import type { Trade } from './trade.ts'
import type { TradeAnswer } from './trade-answer.ts'

export interface OrderPageParts {
  readonly db: InstitutionDatabase
  readonly committer: Pick<Committer, 'submit'>
  readonly payments: Pick<Payments, 'scan' | 'pay' | 'outlays'>
  readonly tenders: Pick<TenderQueries, 'quote'>
  readonly clock: Clock
  /** Where merchants want their buyers back. */
  readonly pages: MerchantPages
  /** The page's address as the outside finds it. */
  readonly orderCodeUrl: (token: string) => string
}

// Whoever holds the code may see the order, and learns nothing else; staff and merchants look at it as anybody does.
const READER = { callers: ['anonymous', 'customer', 'merchant', 'staff'] } as const
// A form of somebody who is not signed in is sent back to the page, which says so. That forms with a session's cookie come from
// our own pages only is the authenticator's business.
const BUYER = { callers: ['anonymous', 'customer'], scope: 'payments:write' } as const

/** What stands at the address in a merchant's QR code: the order, and the two steps by which a customer pays it. */
export function addOrderPageRoutes(http: HttpApp, parts: OrderPageParts): void {
  const { db, committer, payments, tenders, clock, pages, orderCodeUrl } = parts

  async function read(tokenHash: string): Promise<Shown | undefined> {
    return db.read(async (tx) => {
      const order = await selectCodedOrder(tx, tokenHash)
      const merchant = order === undefined ? undefined : await findMerchant(tx, order.merchant)
      if (order === undefined || merchant === undefined) return undefined
      const trade = order.trade === null ? undefined : await selectTrade(tx, order.trade)
      return { order: { ...order, merchantName: merchant.name, quitUrl: pages.quit(order.details) }, merchant, trade }
    })
  }

  async function confirmPage(
    { order }: Shown,
    trade: Trade,
    token: string,
    { choices, fault }: { readonly choices: readonly TenderChoice[] | null; readonly fault?: string },
  ): Promise<RawReply> {
    return confirmTradePage(order, token, trade, await tenders.quote(trade, choices, clock.now()), fault)
  }

  async function page(
    found: Shown | undefined,
    token: string,
    customer: number | undefined,
    choices: readonly TenderChoice[] | null = null,
  ): Promise<RawReply> {
    if (found === undefined) return noOrderPage()
    const { order, merchant, trade } = found
    if (trade === undefined) {
      if (order.scannableUntil <= clock.now()) return noOrderPage()
      return codePage(order, token, order.scannableUntil, customer !== undefined, orderCodeUrl(token))
    }
    if (trade.buyer !== customer) return noOrderPage()
    if (trade.state === 'held') return heldTradePage(order, trade)
    if (trade.state === 'awaiting_payment' || trade.state === 'awaiting_proof')
      return confirmPage(found, trade, token, { choices })
    return tradeResultPage(order, trade, await pages.paid(trade, merchant))
  }

  http.rawRoute({
    method: 'GET',
    url: '/q/:token',
    access: READER,
    summary: 'The page of an order code',
    handler: async ({ params, caller, rawTarget }) => {
      const token = params.token ?? ''
      const choices = readChoicesText(new URLSearchParams(rawTarget.split('?')[1] ?? '').get('pay'))
      if (!choices.ok) return orderFaultPage(400, UNREADABLE)
      return page(await read(orderCodeHash(token)), token, caller.customerId, choices.value)
    },
  })

  /** Runs a step for the customer who pressed its button and shows the page anew; a step that did not succeed says why. */
  async function step<Input>(
    { params, caller }: Pick<RawRequest, 'params' | 'caller'>,
    kind: CommandKind<Input, TradeAnswer>,
    inputOf: (tokenHash: string, customer: number, payer: PayerInput) => Promise<Input | undefined>,
    choices: readonly TenderChoice[] | null = null,
  ): Promise<RawReply> {
    const token = params.token ?? ''
    if (caller.kind !== 'customer') return seeOther(pathOf(token))
    const customer = customerOf(caller)
    const tokenHash = orderCodeHash(token)
    const payer = await assessedPayer(payments, caller, { way: 'wallet', amountMinor: null })
    const input = await inputOf(tokenHash, customer, payer)
    if (input === undefined) return noOrderPage()
    // No key: scanning and paying again change nothing, and a refusal for want of money must not outlive a top-up.
    const outcome = await committer.submit({ kind, input })
    if (outcome.status === 'done') return seeOther(pathOf(token))
    if (outcome.status === 'unknown') return orderFaultPage(504, UNKNOWN)
    const answer = outcomeToReply(outcome, { done: () => undefined, refused: refusalAnswer })
    const { status, message } = answer instanceof HttpProblem ? answer : { status: 500, message: '' }
    if (outcome.status !== 'refused') return orderFaultPage(status, message)
    // Somebody may have been faster: what became of it says more than the refusal.
    const found = await read(tokenHash)
    const trade = found?.trade
    if (found === undefined || trade === undefined) {
      return outcome.refusal.code === 'order_code_invalid' ? noOrderPage() : orderFaultPage(status, message)
    }
    const waiting = trade.buyer === customer && (trade.state === 'awaiting_payment' || trade.state === 'awaiting_proof')
    return waiting ? confirmPage(found, trade, token, { choices, fault: message }) : page(found, token, customer)
  }

  http.rawRoute({
    method: 'POST',
    url: '/q/:token/scan',
    access: BUYER,
    summary: 'Become the buyer of the order, from its page',
    handler: (request) => step(request, payments.scan, async (tokenHash, customer) => ({ tokenHash, customer })),
  })

  http.rawRoute({
    method: 'POST',
    url: '/q/:token/confirm',
    access: BUYER,
    summary: 'Pay the order, from its page',
    handler: (request) => {
      const form = decodeForm(request.rawBody)
      const choices = readChoicesText(new Map(form.ok ? form.value : []).get('pay'))
      if (!choices.ok) return orderFaultPage(400, UNREADABLE)
      const inputOf = async (tokenHash: string, customer: number, payer: PayerInput) => {
        const trade = (await read(tokenHash))?.trade
        return trade?.buyer === customer ? { trade: trade.id, customer, ...payer, tenders: choices.value } : undefined
      }
      return step(request, payments.pay, inputOf, choices.value)
    },
  })
}

interface Shown {
  readonly order: CodedOrder & AskedFor
  readonly merchant: Merchant
  readonly trade: Trade | undefined
}

const UNKNOWN = 'Nobody can say yet whether this was done. Open the page again in a moment: it shows what became of it.'

const UNREADABLE = 'What to pay with is not readable. 请重新打开付款页。'

function pathOf(token: string): string {
  return `/q/${encodeURIComponent(token)}`
}
