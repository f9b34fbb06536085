import type { IsoMessage } from './iso-message.ts'
import { writeMessage } from './message.ts'
import { ACCOUNT_QUERY } from './messages/account-query.ts'
import { DAY_STATEMENT, ENTRY_NOTICE, INTRADAY_REPORT } from './messages/account-statement.ts'
import { VERIFICATION_REPORT, VERIFICATION_REQUEST } from './messages/account-verification.ts'
import { CANCELLATION_REQUEST } from './messages/cancellation-request.ts'
import { CREDIT_TRANSFER } from './messages/credit-transfer.ts'
import { CUSTOMER_INITIATION } from './messages/customer-initiation.ts'
import { CUSTOMER_STATUS } from './messages/customer-status.ts'
import { INSTITUTION_TRANSFER } from './messages/institution-transfer.ts'
import { PAYMENT_RETURN } from './messages/payment-return.ts'
import { PAYMENT_REVERSAL } from './messages/payment-reversal.ts'
import { RESOLUTION } from './messages/resolution.ts'
import { STATUS_REPORT } from './messages/status-report.ts'
import { STATUS_REQUEST } from './messages/status-request.ts'
import { MESSAGE_REJECT, SYSTEM_EVENT } from './messages/system-messages.ts'

/** The message as the bytes that are signed and sent, whatever it is: the other direction of `readIsoMessage`. */
export function writeIsoMessage(message: IsoMessage): Uint8Array {
  switch (message.kind) {
    case 'credit_transfer':
      return writeMessage(CREDIT_TRANSFER, message.value)
    case 'status_report':
      return writeMessage(STATUS_REPORT, message.value)
    case 'status_request':
      return writeMessage(STATUS_REQUEST, message.value)
    case 'payment_return':
      return writeMessage(PAYMENT_RETURN, message.value)
    case 'payment_reversal':
      return writeMessage(PAYMENT_REVERSAL, message.value)
    case 'cancellation_request':
      return writeMessage(CANCELLATION_REQUEST, message.value)
    case 'resolution':
      return writeMessage(RESOLUTION, message.value)
    case 'institution_transfer':
      return writeMessage(INSTITUTION_TRANSFER, message.value)
    case 'day_statement':
      return writeMessage(DAY_STATEMENT, message.value)
    case 'intraday_report':
      return writeMessage(INTRADAY_REPORT, message.value)
    case 'entry_notice':
      return writeMessage(ENTRY_NOTICE, message.value)
    case 'account_query':
      return writeMessage(ACCOUNT_QUERY, message.value)
    case 'verification_request':
      return writeMessage(VERIFICATION_REQUEST, message.value)
    case 'verification_report':
      return writeMessage(VERIFICATION_REPORT, message.value)
    case 'message_reject':
      return writeMessage(MESSAGE_REJECT, message.value)
    case 'system_event':
      return writeMessage(SYSTEM_EVENT, message.value)
    case 'customer_initiation':
      return writeMessage(CUSTOMER_INITIATION, message.value)
    case 'customer_status':
      return writeMessage(CUSTOMER_STATUS, message.value)
  }
}
