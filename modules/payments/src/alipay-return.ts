import { importPrivateKey, rsaSign, signedAlipayForm } from '@huitong/formats'
import { type Clock, invariant } from '@huitong/kernel'
import type { Merchant } from '@huitong/party'
import { CASHIER_PRODUCTS } from './alipay-cashier-methods.ts'
import { alipayTime } from './alipay-times.ts'
import { longNumber } from './long-number.ts'
import type { Trade } from './trade.ts'
import { tradeView } from './views.ts'

/** Where a buyer goes after paying, and where one goes who does not want to pay; null where the merchant named no place. */
export interface MerchantPages {
  paid(trade: Trade, seller: Merchant | undefined): Promise<string | null>
  quit(details: Trade['details']): string | null
}

/** No merchant of these orders has pages. */
export const NO_MERCHANT_PAGES: MerchantPages = { paid: async () => null, quit: () => null }

/**
 * The merchant's own pages. Both addresses come out of a request that the merchant's application signed, so they lead nowhere else. The
 * way back after payment carries parameters signed with the platform's key: the merchant's page can show the result before the
 * notification comes, though only the notification proves it.
 */
export function alipayMerchantPages(deps: {
  readonly platformPrivateKey: string
  readonly clock: Clock
}): MerchantPages {
  const key = importPrivateKey(deps.platformPrivateKey)
  invariant(key.ok, 'the private key of the gateway cannot be read')
  const sign = (text: string): Promise<string> => rsaSign('RSA2', text, key.value)

  return {
    paid: async (trade, seller) => {
      const { application, product, return_url: returnUrl } = trade.details
      if (application === undefined || returnUrl === undefined || trade.paidAt === null) return null
      const method = methodOf(product)
      if (method === undefined) return null
      const address = new URL(returnUrl)
      // What the merchant put behind its address stands under the signature too, since its client checks the whole query.
      const fields: Record<string, string | undefined> = Object.fromEntries(address.searchParams)
      Object.assign(fields, {
        charset: 'utf-8',
        out_trade_no: trade.orderNumber,
        method: `${method}.return`,
        total_amount: tradeView(trade).total,
        trade_no: longNumber('trade', trade.id, trade.createdAt),
        auth_app_id: application,
        version: '1.0',
        app_id: application,
        seller_id: seller?.sellerNumber,
        timestamp: alipayTime(deps.clock.now()),
      })
      address.search = await signedAlipayForm(fields, 'RSA2', sign)
      return address.href
    },
    quit: ({ quit_url: quitUrl }) => quitUrl ?? null,
  }
}

function methodOf(product: string | undefined): string | undefined {
  return Object.entries(CASHIER_PRODUCTS).find(([name]) => name === product)?.[1]
}
