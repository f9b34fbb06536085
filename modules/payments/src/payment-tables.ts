import type { WorkingSet } from '@huitong/committer'
import { operationTable } from './authorisation-operation-store.ts'
import { authorisationNumberTable, authorisationTable } from './authorisation-store.ts'
import { deferralTable, settlementStepTable } from './deferral-store.ts'
import { delayedTransferTable } from './delayed-transfer-store.ts'
import { moneyRequestTable } from './money-request-store.ts'
import { orderCodeTable } from './order-code-store.ts'
import { orderTable } from './order-store.ts'
import { partnerPaymentTable } from './partner-payment-store.ts'
import { partnerRefundReceiptTable, partnerRefundTable } from './partner-refund-store.ts'
import { partnerReceiptTable, partnerSettlementTable, partnerTable } from './partner-store.ts'
import { payingStopTable } from './paying-stop-store.ts'
import { refundTable } from './refund-store.ts'
import { checkedTransferTable, riskCheckTable } from './risk-check-store.ts'
import { receiverTable, shareTable } from './share-store.ts'
import { splitBillTable } from './split-bill-store.ts'
import { staticCodeTable } from './static-code-store.ts'
import { totalsTable } from './totals-store.ts'
import { tradeTable } from './trade-store.ts'
import { houseAccountTable, merchantAccountTable, walletTable } from './wallet-store.ts'
import { walletTransferTable } from './wallet-transfer-store.ts'

/** Handles of all tables of this module, taken once a working set. */
export type PaymentTables = ReturnType<typeof openPaymentTables>

export function openPaymentTables(set: WorkingSet) {
  return {
    trades: set.table(tradeTable),
    orders: set.table(orderTable),
    orderCodes: set.table(orderCodeTable),
    refunds: set.table(refundTable),
    transfers: set.table(walletTransferTable),
    wallets: set.table(walletTable),
    merchantAccounts: set.table(merchantAccountTable),
    houseAccounts: set.table(houseAccountTable),
    totals: set.table(totalsTable),
    deferrals: set.table(deferralTable),
    settlementSteps: set.table(settlementStepTable),
    shares: set.table(shareTable),
    shareReceivers: set.table(receiverTable),
    authorisations: set.table(authorisationTable),
    authorisationNumbers: set.table(authorisationNumberTable),
    authorisationOperations: set.table(operationTable),
    delayedTransfers: set.table(delayedTransferTable),
    moneyRequests: set.table(moneyRequestTable),
    splitBills: set.table(splitBillTable),
    partners: set.table(partnerTable),
    partnerPayments: set.table(partnerPaymentTable),
    partnerReceipts: set.table(partnerReceiptTable),
    partnerRefunds: set.table(partnerRefundTable),
    partnerRefundReceipts: set.table(partnerRefundReceiptTable),
    partnerSettlements: set.table(partnerSettlementTable),
    staticCodes: set.table(staticCodeTable),
    payingStops: set.table(payingStopTable),
    riskChecks: set.table(riskCheckTable),
    checkedTransfers: set.table(checkedTransferTable),
  }
}
