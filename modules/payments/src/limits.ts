import { CNY } from '@huitong/kernel'

/** The one currency of wallets and payments. */
export const WALLET_CURRENCY = CNY

/** One payment: 0.01 to 100,000,000.00. */
export const PAYMENT_MINOR_MAX = 10_000_000_000n

/** One transfer between wallets: 0.10 to 100,000,000.00. */
export const TRANSFER_MINOR_MIN = 10n
export const TRANSFER_MINOR_MAX = PAYMENT_MINOR_MAX

const SECOND = 1_000_000
/** µs. */
export const DAY = 86_400 * SECOND

/** How long an order code can be scanned, in µs. */
export const ORDER_CODE_LIFE = 2 * 3600 * SECOND

/** How long a trade waits for its payment unless the merchant says otherwise, in µs: at a till, and elsewhere. */
export const TILL_TRADE_LIFE = 3 * 3600 * SECOND
export const TRADE_LIFE = 15 * DAY

/** How long a payment can be refunded, in µs: about twelve months. */
export const REFUND_WINDOW = 365 * DAY

/** For how long a transfer can be recalled when its payer wants that, in µs. */
export const TRANSFER_DELAYS = { '2h': 2 * 3600 * SECOND, '24h': DAY } as const

/** How long a request for money waits unless the asker says otherwise, and at most. */
export const MONEY_REQUEST_LIFE = 7 * DAY
export const MONEY_REQUEST_LIFE_MAX = 90 * DAY

/** Debtors of a bill are reminded at most this often. */
export const REMINDER_INTERVAL = DAY

export const SPLIT_PAYERS_MAX = 50

/** How long money stays promised to a merchant unless told otherwise, and at most, in µs. */
export const AUTHORISATION_LIFE = 90 * DAY
export const AUTHORISATION_LIFE_MAX = 365 * DAY

/** How long a payment that is to be shared waits for that before it is settled, in µs. */
export const SHARING_LIFE = 30 * DAY

/** When a settlement that an account stood in the way of is tried again, in µs. */
export const SETTLEMENT_AGAIN_AFTER = 3600 * SECOND
