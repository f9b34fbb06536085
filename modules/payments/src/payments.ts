import type { WorkingSet } from '@huitong/committer'
import { captureKind } from './authorisation-capture.ts'
import {
  authoriseKind,
  cancelAuthorisationKind,
  expireAuthorisationsKind,
  releaseKind,
} from './authorisation-commands.ts'
import { createPaymentContext, type PaymentDeps } from './context.ts'
import { settleDueKind, settleKind } from './deferral-commands.ts'
import { delayTransferKind, recallTransferKind, releaseTransfersKind } from './delayed-transfer-commands.ts'
import { closeWalletKind, payEstateKind, setCustomerStateKind, wakeWalletKind } from './lifecycle-commands.ts'
import { answerMoneyRequestKind, askForMoneyKind, expireMoneyRequestsKind } from './money-request-commands.ts'
import { precreateKind, scanKind } from './order-code-commands.ts'
import { notePartnerSilenceKind } from './partner-asking-commands.ts'
import { registerPartnerKind, settlePartnerKind } from './partner-commands.ts'
import { beginPartnerPaymentKind, endPartnerPaymentKind } from './partner-payment-commands.ts'
import { acceptPartnerPaymentKind } from './partner-receipt-commands.ts'
import { beginPartnerRefundKind, endPartnerRefundKind } from './partner-refund-commands.ts'
import { acceptPartnerRefundKind } from './partner-refund-receipt-commands.ts'
import { allowPayingKind, stopPayingKind } from './paying-stop-commands.ts'
import { refundKind } from './refund-commands.ts'
import {
  callOffCheckKind,
  denyCheckKind,
  lapseCheckKind,
  proveCheckKind,
  releaseCheckKind,
} from './risk-check-commands.ts'
import { createSettlement } from './settlement.ts'
import { bindReceiversKind, shareKind } from './share-commands.ts'
import { closeBillKind, remindOfBillKind, splitBillKind } from './split-bill-commands.ts'
import { makeStaticCodeKind, revokeStaticCodeKind } from './static-code-commands.ts'
import { payStaticCodeKind } from './static-code-pay.ts'
import { orderTendersKind } from './tender-order-command.ts'
import { createKind, payByCodeKind, payKind } from './trade-commands.ts'
import { cancelKind, closeKind, expireTradesKind, finishTradesKind } from './trade-end-commands.ts'
import { onboardMerchantKind, openWalletKind, topUpKind } from './wallet-commands.ts'
import { transferKind } from './wallet-transfer-commands.ts'

/** The command kinds of this module, by what they do, and what modules above it move money with. */
export type Payments = ReturnType<typeof createPayments>

/** Takes this module's tables of the working set, once, and makes its command kinds. */
export function createPayments(set: WorkingSet, deps: PaymentDeps) {
  const context = createPaymentContext(set, deps)
  const settlement = createSettlement(context)
  return {
    purses: context.purses,
    tendering: context.tendering,
    outlays: context.outlays,
    openWallet: openWalletKind(context),
    onboardMerchant: onboardMerchantKind(context),
    topUp: topUpKind(context),
    precreate: precreateKind(context),
    scan: scanKind(context),
    create: createKind(context),
    payByCode: payByCodeKind(context, settlement),
    pay: payKind(context, settlement),
    orderTenders: orderTendersKind(context),
    close: closeKind(context),
    cancel: cancelKind(context, settlement),
    refund: refundKind(context, settlement),
    transfer: transferKind(context),
    delayTransfer: delayTransferKind(context),
    recallTransfer: recallTransferKind(context),
    releaseTransfers: releaseTransfersKind(context),
    askForMoney: askForMoneyKind(context),
    answerMoneyRequest: answerMoneyRequestKind(context),
    expireMoneyRequests: expireMoneyRequestsKind(context),
    splitBill: splitBillKind(context),
    remindOfBill: remindOfBillKind(context),
    closeBill: closeBillKind(context),
    registerPartner: registerPartnerKind(context),
    settlePartner: settlePartnerKind(context),
    beginPartnerPayment: beginPartnerPaymentKind(context),
    endPartnerPayment: endPartnerPaymentKind(context),
    acceptPartnerPayment: acceptPartnerPaymentKind(context),
    beginPartnerRefund: beginPartnerRefundKind(context),
    endPartnerRefund: endPartnerRefundKind(context),
    acceptPartnerRefund: acceptPartnerRefundKind(context),
    notePartnerSilence: notePartnerSilenceKind(context),
    makeStaticCode: makeStaticCodeKind(context),
    revokeStaticCode: revokeStaticCodeKind(context),
    payStaticCode: payStaticCodeKind(context, settlement),
    bindReceivers: bindReceiversKind(context),
    share: shareKind(context),
    settle: settleKind(context),
    settleDue: settleDueKind(context),
    authorise: authoriseKind(context),
    releaseAuthorisation: releaseKind(context),
    cancelAuthorisation: cancelAuthorisationKind(context),
    capture: captureKind(context, settlement),
    expireAuthorisations: expireAuthorisationsKind(context),
    closeWallet: closeWalletKind(context),
    wakeWallet: wakeWalletKind(context),
    setCustomerState: setCustomerStateKind(context),
    payEstate: payEstateKind(context),
    stopPaying: stopPayingKind(context),
    allowPaying: allowPayingKind(context),
    proveCheck: proveCheckKind(context, settlement),
    releaseCheck: releaseCheckKind(context, settlement),
    denyCheck: denyCheckKind(context),
    callOffCheck: callOffCheckKind(context),
    lapseCheck: lapseCheckKind(context),
    expireTrades: expireTradesKind(context),
    finishTrades: finishTradesKind(context),
  }
}
