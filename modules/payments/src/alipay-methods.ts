import { alipayAuthorisationMethods } from './alipay-authorisation-methods.ts'
import type { AlipayMethod } from './alipay-method.ts'
import { alipayOrderMethods } from './alipay-order-methods.ts'
import { alipayRefundMethods } from './alipay-refund-methods.ts'
import type { AlipayServices } from './alipay-services.ts'
import { alipaySettleMethods } from './alipay-settle-methods.ts'
import { alipaySharingMethods } from './alipay-sharing-methods.ts'
import { alipayTradeMethods } from './alipay-trade-methods.ts'
import { alipayTransferMethods } from './alipay-transfer-methods.ts'

/** Every method of the gateway, the same for v2 and v3. */
export function alipayMethods(services: AlipayServices): readonly AlipayMethod[] {
  return [
    ...alipayOrderMethods(services),
    ...alipayTradeMethods(services),
    ...alipayRefundMethods(services),
    ...alipayTransferMethods(services),
    ...alipayAuthorisationMethods(services),
    ...alipaySharingMethods(services),
    ...alipaySettleMethods(services),
  ]
}

/** Methods that show a page to the buyer, and whose pages are not there. */
export const ALIPAY_PAGES_NOT_OFFERED: ReadonlySet<string> = new Set(['alipay.user.agreement.page.sign'])
