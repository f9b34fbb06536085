export { ISO_FAULTS, type IsoFault, type IsoRule } from './iso-fault.ts'
export { type IsoMessage, type IsoMessageKind, type ReadOptions, readIsoMessage, warmSchemas } from './iso-message.ts'
export { writeIsoMessage } from './iso-writer.ts'
export { type MessageForm, writeMessage } from './message.ts'
export { messageForm } from './message-form.ts'
export {
  type MessageSignatureFault,
  type SigningKey,
  signIsoMessage,
  verifyIsoMessage,
} from './message-signature.ts'
export type { AccountBalance, AccountEntry } from './messages/account-entry.ts'
export { ACCOUNT_QUERY, type AccountQueryMessage } from './messages/account-query.ts'
export {
  type AccountStatement,
  type AccountStatementMessage,
  DAY_STATEMENT,
  ENTRY_NOTICE,
  type EntryNoticeMessage,
  INTRADAY_REPORT,
} from './messages/account-statement.ts'
export {
  VERIFICATION_REPORT,
  VERIFICATION_REQUEST,
  type VerificationReportMessage,
  type VerificationRequestMessage,
} from './messages/account-verification.ts'
export { CANCELLATION_REQUEST, type CancellationRequestMessage } from './messages/cancellation-request.ts'
export { CREDIT_TRANSFER, type CreditTransfer, type CreditTransferMessage } from './messages/credit-transfer.ts'
export { CUSTOMER_INITIATION, type CustomerInitiationMessage } from './messages/customer-initiation.ts'
export { CUSTOMER_STATUS, type CustomerStatusMessage } from './messages/customer-status.ts'
export { INSTITUTION_TRANSFER, type InstitutionTransferMessage } from './messages/institution-transfer.ts'
export { PAYMENT_RETURN, type PaymentReturn, type PaymentReturnMessage } from './messages/payment-return.ts'
export { PAYMENT_REVERSAL, type PaymentReversal, type PaymentReversalMessage } from './messages/payment-reversal.ts'
export { RESOLUTION, type ResolutionMessage } from './messages/resolution.ts'
export { STATUS_REPORT, type StatusReport, type StatusReportMessage } from './messages/status-report.ts'
export { STATUS_REQUEST, type StatusRequestMessage } from './messages/status-request.ts'
export {
  MESSAGE_REJECT,
  type MessageRejectMessage,
  SYSTEM_EVENT,
  type SystemEventMessage,
} from './messages/system-messages.ts'
