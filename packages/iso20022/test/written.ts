import {
  ACCOUNT_QUERY,
  CANCELLATION_REQUEST,
  CREDIT_TRANSFER,
  CUSTOMER_INITIATION,
  CUSTOMER_STATUS,
  DAY_STATEMENT,
  ENTRY_NOTICE,
  INSTITUTION_TRANSFER,
  INTRADAY_REPORT,
  type IsoMessage,
  MESSAGE_REJECT,
  PAYMENT_RETURN,
  PAYMENT_REVERSAL,
  RESOLUTION,
  STATUS_REPORT,
  STATUS_REQUEST,
  SYSTEM_EVENT,
  VERIFICATION_REPORT,
  VERIFICATION_REQUEST,
  writeMessage,
} from '../src/index.ts'

/** The message as bytes again. */
export function written(message: IsoMessage): Uint8Array {
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
