import type { PaymentRefusalCode } from './trade-refusals.ts'

/*
 * What each method calls our refusals. Every code is one of the method's own list on the platform, spellings included, for clients
 * switch on them. A refusal that a method's table does not name cannot come from that method; should it come all the same, it is told
 * as the method's "system error".
 */

export interface SubCodes {
  /** For a field that breaks its rule. */
  readonly invalid: string
  /** For failures of ours after which nothing was done. */
  readonly failed: string
  readonly refusals: Readonly<Partial<Record<PaymentRefusalCode, string>>>
}

const ACQ = { invalid: 'ACQ.INVALID_PARAMETER', failed: 'ACQ.SYSTEM_ERROR' } as const
const FUND = { invalid: 'INVALID_PARAMETER', failed: 'SYSTEM_ERROR' } as const

const ORDER = {
  merchant_not_found: 'ACQ.SELLER_NOT_EXIST',
  customer_not_found: 'ACQ.BUYER_NOT_EXIST',
  amount_out_of_range: 'ACQ.INVALID_PARAMETER',
  expiry_in_past: 'ACQ.NOW_TIME_AFTER_EXPIRE_TIME_ERROR',
  payer_is_payee: 'ACQ.BUYER_SELLER_EQUAL',
  order_inconsistent: 'ACQ.CONTEXT_INCONSISTENT',
  trade_already_paid: 'ACQ.TRADE_HAS_SUCCESS',
  trade_already_closed: 'ACQ.TRADE_HAS_CLOSE',
  trade_already_finished: 'ACQ.TRADE_HAS_SUCCESS',
  trade_expired: 'ACQ.TRADE_HAS_CLOSE',
  trade_of_another_buyer: 'ACQ.TRADE_BUYER_NOT_MATCH',
  merchant_blocked: 'ACQ.MERCHANT_STATUS_NOT_NORMAL',
  payer_blocked: 'ACQ.BUYER_ENABLE_STATUS_FORBID',
  balance_full: 'ACQ.INVALID_RECEIVE_ACCOUNT',
} as const

/** The platform knows limits of a payment, a day and a month; ours of a year and a lifetime are nearest to that of a month. */
const LIMIT = {
  payer_single_limit: 'ACQ.TOTAL_FEE_EXCEED',
  payer_day_limit: 'ACQ.BUYER_PAYMENT_AMOUNT_DAY_LIMIT_ERROR',
  payer_year_limit: 'ACQ.BUYER_PAYMENT_AMOUNT_MONTH_LIMIT_ERROR',
  payer_lifetime_limit: 'ACQ.BUYER_PAYMENT_AMOUNT_MONTH_LIMIT_ERROR',
} as const

export const PRECREATE_CODES: SubCodes = { ...ACQ, refusals: ORDER }

export const CREATE_CODES: SubCodes = { ...ACQ, refusals: ORDER }

export const PAY_CODES: SubCodes = {
  ...ACQ,
  refusals: {
    ...ORDER,
    payment_code_invalid: 'ACQ.PAYMENT_AUTH_CODE_INVALID',
    tender_not_usable: 'ACQ.NO_PAYMENT_INSTRUMENTS_AVAILABLE',
    funder_blocked: 'ACQ.NO_PAYMENT_INSTRUMENTS_AVAILABLE',
    payment_held: 'ACQ.TRADE_STATUS_ERROR',
    payment_denied: 'ACQ.PAYMENT_REQUEST_HAS_RISK',
    ...LIMIT,
    payer_without_funds: 'ACQ.BUYER_BALANCE_NOT_ENOUGH',
    authorisation_not_found: 'ACQ.AUTH_NO_ERROR',
    authorisation_finished: 'ACQ.AUTH_ORDER_HAS_FINISHED',
    authorisation_closed: 'ACQ.AUTH_ORDER_HAS_CLOSED',
    exceeds_authorisation: 'ACQ.AUTH_AMOUNT_NOT_ENOUGH',
  },
}

export const QUERY_CODES: SubCodes = { ...ACQ, refusals: { trade_not_found: 'ACQ.TRADE_NOT_EXIST' } }

export const CLOSE_CODES: SubCodes = {
  ...ACQ,
  refusals: {
    trade_not_found: 'ACQ.TRADE_NOT_EXIST',
    trade_already_paid: 'ACQ.REASON_TRADE_STATUS_INVALID',
    trade_already_closed: 'ACQ.TRADE_STATUS_ERROR',
    trade_already_finished: 'ACQ.TRADE_STATUS_ERROR',
  },
}

export const CANCEL_CODES: SubCodes = {
  ...ACQ,
  refusals: {
    trade_already_finished: 'ACQ.TRADE_HAS_FINISHED',
    merchant_blocked: 'ACQ.CANCEL_NOT_ALLOWED',
    payee_blocked: 'ACQ.CANCEL_NOT_ALLOWED',
    funder_blocked: 'ACQ.CANCEL_NOT_ALLOWED',
    balance_full: 'ACQ.CANCEL_NOT_ALLOWED',
    merchant_without_funds: 'ACQ.SELLER_BALANCE_NOT_ENOUGH',
  },
}

export const REFUND_CODES: SubCodes = {
  ...ACQ,
  refusals: {
    trade_not_found: 'ACQ.TRADE_NOT_EXIST',
    amount_out_of_range: 'ACQ.INVALID_PARAMETER',
    refund_number_missing: 'ACQ.REFUND_AMT_NOT_EQUAL_TOTAL',
    refund_inconsistent: 'ACQ.DISCORDANT_REPEAT_REQUEST',
    trade_already_closed: 'ACQ.TRADE_HAS_CLOSE',
    trade_already_finished: 'ACQ.TRADE_HAS_FINISHED',
    trade_not_paid: 'ACQ.TRADE_STATUS_ERROR',
    refund_exceeds_rest: 'ACQ.REASON_TRADE_REFUND_FEE_ERR',
    return_exceeds_share: 'ACQ.ALLOC_AMOUNT_VALIDATE_ERROR',
    payer_blocked: 'ACQ.REFUND_ROYALTY_PAYEE_ACCOUNT_NOT_EXIST',
    payer_without_funds: 'ACQ.SELLER_BALANCE_NOT_ENOUGH',
    merchant_blocked: 'ACQ.TRADE_NOT_ALLOW_REFUND',
    payee_blocked: 'ACQ.BUYER_ENABLE_STATUS_FORBID',
    funder_blocked: 'ACQ.TRADE_NOT_ALLOW_REFUND',
    balance_full: 'ACQ.REFUND_ACCOUNT_NOT_EXIST',
    merchant_without_funds: 'ACQ.SELLER_BALANCE_NOT_ENOUGH',
  },
}

export const REFUND_QUERY_CODES: SubCodes = QUERY_CODES

export const TRANSFER_CODES: SubCodes = {
  ...FUND,
  refusals: {
    merchant_not_found: 'PAYER_NOT_EXIST',
    customer_not_found: 'PAYEE_NOT_EXIST',
    payee_not_found: 'PAYEE_NOT_EXIST',
    amount_out_of_range: 'INVALID_PARAMETER',
    currency_not_supported: 'CURRENCY_NOT_SUPPORT',
    payer_is_payee: 'PAYER_PAYEE_CANNOT_SAME',
    transfer_inconsistent: 'REP_INCONSISTENT',
    merchant_blocked: 'PAYER_STATUS_ERROR',
    payer_blocked: 'PAYER_STATUS_ERROR',
    payee_blocked: 'PAYEE_ACCOUNT_STATUS_ERROR',
    payer_without_funds: 'PAYER_BALANCE_NOT_ENOUGH',
    merchant_without_funds: 'PAYER_BALANCE_NOT_ENOUGH',
    balance_full: 'PERMIT_CHECK_RECEIVE_LIMIT',
  },
}

export const TRANSFER_QUERY_CODES: SubCodes = { ...FUND, refusals: {} }

const AUTHORISATION = { invalid: 'ILLEGAL_ARGUMENT', failed: 'SYSTEM_ERROR' } as const

export const FREEZE_CODES: SubCodes = {
  ...AUTHORISATION,
  refusals: {
    merchant_not_found: 'PAYEE_NOT_EXIST',
    customer_not_found: 'PAYER_NOT_EXIST',
    amount_out_of_range: 'ILLEGAL_ARGUMENT',
    expiry_in_past: 'ILLEGAL_ARGUMENT',
    authorisation_inconsistent: 'UNIQUE_VIOLATION',
    payment_code_invalid: 'PAYMENT_AUTH_CODE_INVALID',
    merchant_blocked: 'MERCHANT_STATUS_ERROR',
    payer_blocked: 'PAYER_USER_STATUS_LIMIT',
    // The list knows no risk; these say as much as it can.
    payment_denied: 'USER_ACCOUNT_VALIDATE_FAIL',
    further_proof_required: 'USER_IDENTITY_INFO_VALIDATE_FAIL',
    payer_single_limit: 'PRODUCT_AMOUNT_LIMIT_ERROR',
    payer_day_limit: 'PRODUCT_AMOUNT_LIMIT_ERROR',
    payer_year_limit: 'PRODUCT_AMOUNT_LIMIT_ERROR',
    payer_lifetime_limit: 'PRODUCT_AMOUNT_LIMIT_ERROR',
    payer_without_funds: 'MONEY_NOT_ENOUGH',
    balance_full: 'UNSUPPORT_ORDER_AMOUNT',
  },
}

export const UNFREEZE_CODES: SubCodes = {
  ...AUTHORISATION,
  refusals: {
    authorisation_not_found: 'AUTH_ORDER_NOT_EXIST',
    amount_out_of_range: 'ILLEGAL_ARGUMENT',
    authorisation_inconsistent: 'UNIQUE_VIOLATION',
    authorisation_finished: 'ORDER_ALREADY_FINISH',
    authorisation_closed: 'ORDER_ALREADY_CLOSED',
    exceeds_authorisation: 'REQUEST_AMOUNT_EXCEED',
    merchant_blocked: 'BIZ_ERROR',
    payer_blocked: 'PAYER_USER_STATUS_LIMIT',
  },
}

export const AUTHORISATION_QUERY_CODES: SubCodes = {
  ...AUTHORISATION,
  refusals: { authorisation_not_found: 'AUTH_ORDER_NOT_EXIST' },
}

export const AUTHORISATION_CANCEL_CODES: SubCodes = {
  ...AUTHORISATION,
  refusals: {
    authorisation_not_found: 'AUTH_ORDER_NOT_EXIST',
    authorisation_finished: 'ORDER_ALREADY_FINISH',
    // The list has no code of its own for one that time has ended.
    authorisation_closed: 'CANCEL_OPERATION_TIME_OUT',
  },
}

export const BIND_CODES: SubCodes = { ...FUND, refusals: { payee_not_found: 'USER_NOT_EXIST' } }

export const SETTLE_CODES: SubCodes = {
  ...ACQ,
  refusals: {
    trade_not_found: 'ACQ.TRADE_NOT_EXIST',
    payee_not_found: 'ACQ.ROYALTY_ACCOUNT_NOT_EXIST',
    amount_out_of_range: 'ACQ.INVALID_PARAMETER',
    sharing_inconsistent: 'ACQ.DISCORDANT_REPEAT_REQUEST',
    sharing_before_settlement: 'ACQ.ALLOC_REFUSE_BEFORE_SETTLE',
    trade_not_paid: 'ACQ.TRADE_STATUS_ERROR',
    trade_already_closed: 'ACQ.ALLOC_REFUSE_AFTER_REFUND',
    trade_already_finished: 'ACQ.TRADE_STATUS_ERROR',
    sharing_ended: 'ACQ.ALREADY_FINISH_ALLOC',
    shares_exceed_maximum: 'ACQ.ALLOC_AMOUNT_VALIDATE_ERROR',
    receiver_not_bound: 'ACQ.ROYALTY_RECEIVER_INVALID',
    merchant_blocked: 'ACQ.USER_ACCOUNT_HAD_FREEZEN',
    payee_blocked: 'ACQ.ROYALTY_ACCOUNT_INVALID',
    merchant_without_funds: 'ACQ.TXN_RESULT_ACCOUNT_BALANCE_NOT_ENOUGH',
    balance_full: 'ACQ.ROYALTY_ACCOUNT_INVALID',
  },
}

export const SETTLE_QUERY_CODES: SubCodes = { ...FUND, refusals: { trade_not_found: 'MERCHANT_TRADE_NOT_MATCH' } }

export const CONFIRM_CODES: SubCodes = {
  ...ACQ,
  refusals: {
    trade_not_found: 'ACQ.TRADE_NOT_EXIST',
    amount_out_of_range: 'ACQ.INVALID_SETTLE_AMOUNT_PARAMETER',
    settlement_inconsistent: 'ACQ.DISCORDANT_REPEAT_REQUEST',
    trade_not_paid: 'ACQ.REASON_TRADE_STATUS_INVALID',
    trade_already_closed: 'ACQ.TRADE_HAS_CLOSE',
    settlement_not_deferred: 'ACQ.ILLEGAL_SETTLE_STATE',
    settlement_over: 'ACQ.ALREADY_CONFIRM_SETTLE',
    settlement_exceeds_rest: 'ACQ.INVALID_SETTLE_AMOUNT_PARAMETER',
    settlement_not_whole: 'ACQ.INVALID_SETTLE_AMOUNT_PARAMETER',
    merchant_blocked: 'ACQ.SETTLE_ACCOUNT_HAS_BEEN_FROZEN',
    balance_full: 'ACQ.SETTLE_ACCOUNT_INVALID',
  },
}
