export { type AlipayGatewayDeps, registerAlipayGateway } from './alipay-gateway.ts'
export type { CustomerSearch } from './alipay-people.ts'
export { alipayMerchantPages, type MerchantPages, NO_MERCHANT_PAGES } from './alipay-return.ts'
export { answerCodec } from './answer-codec.ts'
export { addClosurePageRoutes } from './closure-page-routes.ts'
export { type CodeQueries, createCodeQueries, type ResolvedCode } from './code-queries.ts'
export type { PaymentContext, TradeReference } from './context.ts'
export { feeReturnMinor, paymentFeeMinor } from './fee.ts'
export { type CodeIssuer, type IssuedCode, issueCode, readIssuedCode } from './issued-code.ts'
export {
  AUTHORISATION_LIFE,
  ORDER_CODE_LIFE,
  PAYMENT_MINOR_MAX,
  REFUND_WINDOW,
  TILL_TRADE_LIFE,
  TRADE_LIFE,
  TRANSFER_MINOR_MAX,
  TRANSFER_MINOR_MIN,
  WALLET_CURRENCY,
} from './limits.ts'
export { idInLongNumber, isNumberOf, longNumber, type NumberSeries } from './long-number.ts'
export { maskedName } from './masked-name.ts'
export { paymentsMigrations } from './migrations.ts'
export { type DeliveryDeps, deliverDue } from './notification-delivery.ts'
export { addNotificationRoutes } from './notification-routes.ts'
export {
  type Notifications,
  type NotificationsDeps,
  notificationDelivery,
  startNotificationRelay,
  startNotifications,
} from './notification-service.ts'
export { NOTIFICATION_STATES, type Notification, type NotificationState } from './notification-state.ts'
export { type NotificationFilter, selectNotifications } from './notification-store.ts'
export { drawOrderCodeToken, orderCodeHash } from './order-code.ts'
export type { PrecreateAnswer, PrecreateInput, ScanInput } from './order-code-commands.ts'
export { addOrderPageRoutes, type OrderPageParts } from './order-page-routes.ts'
export type { OutlayRefusal, Outlays, PayerOutlay } from './outlays.ts'
export { partnerAnswerSigner } from './partner-answer-signer.ts'
export { type PartnerAuthenticatorDeps, partnerAuthenticator } from './partner-authenticator.ts'
export { createPartnerClient, type PartnerClient, type PartnerClientDeps } from './partner-client.ts'
export { askPartners } from './partner-jobs.ts'
export { findPayee, Payee } from './payee.ts'
export { assessedPayer, limitStrength, type PayerInput, type PayerProof, payerProof } from './payer-proof.ts'
export { createPayingGuard, type PayingGuard, type PayingGuardParts } from './paying-guard.ts'
export {
  COUPON_ID,
  CUSTOMER_ID,
  FAMILY_LINK_ID,
  MERCHANT_ID,
  TenderPartBodies,
  TRADE_ID,
  TRANSFER_ID,
  tenderPartBodies,
} from './payment-bodies.ts'
export { PAYMENT_TOPICS } from './payment-events.ts'
export { readTime } from './payment-routes.ts'
export { PAYMENT_TIES } from './payment-ties.ts'
export { createPayments, type Payments } from './payments.ts'
export {
  createPaymentQueries,
  type PaymentQueries,
  type PurseView,
  type TradeNumbers,
  tradeReference,
} from './payments-queries.ts'
export { type ListBounds, selectWalletAccount, type TradeFilter } from './payments-read-store.ts'
export { addPaymentsRoutes } from './payments-routes.ts'
export { expireDueMoneyRequests, type PeopleJobsOptions, releaseDueTransfers } from './people-jobs.ts'
export type { Move, MoveRefusal, MoveRefusalCode, Purse, Purses } from './purse.ts'
export { CANCEL_NUMBER, type Refund } from './refund.ts'
export type { RefundAnswer, RefundInput } from './refund-commands.ts'
export type { RiskCheck, RiskCheckState } from './risk-check.ts'
export { lapseDueChecks, type RiskCheckJobsOptions } from './risk-check-jobs.ts'
export { addRiskCheckPageRoutes, type RiskCheckPageParts } from './risk-check-page-routes.ts'
export {
  NO_RISK,
  NOT_ASSESSED,
  type PaymentWay,
  type RiskAssessment,
  type RiskProvider,
  type RiskQuestion,
  type RiskVerdict,
} from './risk-port.ts'
export {
  AmountBody,
  customerOf,
  merchantOf,
  OwnNumber,
  type PaymentRouteParts,
  readAmount,
  readId,
  tenderErrors,
} from './route-parts.ts'
export { callerStrength, SESSION_STRENGTH } from './session-strength.ts'
export { drawStaticCodeReference } from './static-code.ts'
export type { MakeStaticCodeInput, StaticCodeAnswer, StaticCodeView } from './static-code-commands.ts'
export { addStaticCodePageRoutes } from './static-code-page-routes.ts'
export type { PayStaticCodeAnswer, PayStaticCodeInput } from './static-code-pay.ts'
export {
  choiceText,
  FUNDERS,
  type Funder,
  type OfferOf,
  type OrderedGoods,
  TENDER_FORMS,
  TENDER_NAMES,
  type TenderAsk,
  type TenderChoice,
  type TenderFault,
  type TenderForm,
  type TenderName,
  type TenderOffer,
  type TenderPart,
} from './tender.ts'
export { readChoices, TenderChoicesBody } from './tender-bodies.ts'
export { assertParts, earnedMinor, returnedParts } from './tender-decide.ts'
export { partsText, storedParts } from './tender-parts.ts'
export type { OpenTender, Tender, TenderMoney, TenderReader } from './tender-port.ts'
export { createTenderQueries, type TenderQueries } from './tender-queries.ts'
export type { Tendering } from './tendering.ts'
export type { PaymentTotals } from './totals.ts'
export {
  CLOSING_CAUSES,
  type ClosingCause,
  TRADE_DETAILS,
  TRADE_STATES,
  type Trade,
  type TradeDetails,
  type TradeState,
} from './trade.ts'
export type { TradeAnswer } from './trade-answer.ts'
export type { CreateInput, PayByCodeInput, PayInput } from './trade-commands.ts'
export type { OrderTerms } from './trade-decide.ts'
export type { BulkAnswer, BulkInput, CancelAnswer } from './trade-end-commands.ts'
export {
  expireDueAuthorisations,
  expireDueTrades,
  finishOldTrades,
  settleDuePayments,
  type TradeJobsOptions,
} from './trade-jobs.ts'
export {
  isPaymentRefusalCode,
  PAYMENT_REFUSALS,
  type PaymentRefusal,
  type PaymentRefusalCode,
  type RefusalRow,
} from './trade-refusals.ts'
export {
  balanceAlone,
  partViews,
  type RefundView,
  refundView,
  TenderPartView,
  type TradeView,
  type TransferView,
  tradeView,
  transferView,
} from './views.ts'
export type { MerchantAnswer, TopUpAnswer, TopUpInput, WalletAnswer } from './wallet-commands.ts'
export type { Payer, PayerKind, WalletTransfer } from './wallet-transfer.ts'
export type { TransferAnswer, TransferInput } from './wallet-transfer-commands.ts'
