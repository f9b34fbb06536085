import type { HttpApp } from '@huitong/http'
import { addAuthorisationRoutes } from './authorisation-routes.ts'
import { addCodeRoutes } from './code-routes.ts'
import { addDeferralRoutes } from './deferral-routes.ts'
import { addDelayedTransferRoutes } from './delayed-transfer-routes.ts'
import { addLifecycleRoutes } from './lifecycle-routes.ts'
import { addMoneyRequestRoutes } from './money-request-routes.ts'
import { addOrderCodeRoutes } from './order-code-routes.ts'
import { addPartnerApiRoutes } from './partner-api-routes.ts'
import { addPartnerPaymentRoutes } from './partner-payment-routes.ts'
import { addPartnerRefundRoutes } from './partner-refund-routes.ts'
import { addPartnerRoutes } from './partner-routes.ts'
import { addPayeeRoutes } from './payee-routes.ts'
import { addPaymentRoutes } from './payment-routes.ts'
import { addRefundRoutes } from './refund-routes.ts'
import { addRiskCheckRoutes } from './risk-check-routes.ts'
import type { PaymentRouteParts } from './route-parts.ts'
import { addShareRoutes } from './share-routes.ts'
import { addSplitBillRoutes } from './split-bill-routes.ts'
import { addStaticCodeRoutes } from './static-code-routes.ts'
import { addTenderRoutes } from './tender-routes.ts'
import { addTransferRoutes } from './transfer-routes.ts'
import { addWalletRoutes } from './wallet-routes.ts'

/** Adds this module's native routes. */
export function addPaymentsRoutes(http: HttpApp, parts: PaymentRouteParts): void {
  addWalletRoutes(http, parts)
  addLifecycleRoutes(http, parts)
  addPaymentRoutes(http, parts)
  addRefundRoutes(http, parts)
  addAuthorisationRoutes(http, parts)
  addShareRoutes(http, parts)
  addDeferralRoutes(http, parts)
  addOrderCodeRoutes(http, parts)
  addTenderRoutes(http, parts)
  addTransferRoutes(http, parts)
  addPayeeRoutes(http, parts)
  addDelayedTransferRoutes(http, parts)
  addMoneyRequestRoutes(http, parts)
  addSplitBillRoutes(http, parts)
  addStaticCodeRoutes(http, parts)
  addPartnerRoutes(http, parts)
  addPartnerApiRoutes(http, parts)
  addPartnerPaymentRoutes(http, parts)
  addPartnerRefundRoutes(http, parts)
  addCodeRoutes(http, parts)
  addRiskCheckRoutes(http, parts)
}
