/** What a transfer is for. Numbers are stored; a number is never given to another purpose. */
export const TRANSFER_CODES = {
  top_up: 1,
  payment: 2,
  merchant_fee: 3,
  refund: 4,
  fee_return: 5,
  transfer: 6,
  adjustment: 7,
  opening: 8,
  reversal: 20,
  judicial_deduction: 21,
  /** Closes income and expenses of a year into retained earnings, and takes that back. */
  year_end: 30,
  year_end_reversal: 31,
  exchange: 40,
  revaluation: 41,
  daily_summary: 42,
  escrow_hold: 60,
  escrow_release: 61,
  escrow_return: 62,
  authorisation: 63,
  settlement: 64,
  profit_share: 65,
  share_return: 66,
  partner_payment: 80,
  partner_settlement: 81,
  partner_refund: 82,
  budget_grant: 100,
  budget_return: 101,
  coupon_use: 102,
  coupon_return: 103,
  red_packet_send: 110,
  red_packet_open: 111,
  red_packet_return: 112,
  red_packet_move: 113,
  /** A participant pays into, or out of, its position account at the clearing house. */
  position_funding: 120,
  clearing_payment: 121,
  clearing_return: 122,
  clearing_reversal: 123,
  /** What a participant's net cap is covered by, and what settles a netting window. */
  net_cover: 124,
  net_settlement: 125,
  credit_transfer: 130,
  credit_transfer_return: 131,
  credit_transfer_reversal: 132,
  /** Between a wallet and its owner's account at a bank. */
  bank_top_up: 140,
  bank_withdrawal: 141,
  bank_withdrawal_return: 142,
  /** A payment out of a bank account, and what goes back to it. */
  card_payment: 143,
  card_refund: 144,
  /** The institution's own money into, or out of, the customer reserve. */
  reserve_move: 150,
} as const

export type TransferCode = keyof typeof TRANSFER_CODES

const CODE_NAMES = new Map<number, TransferCode>()
for (const name of transferCodes()) CODE_NAMES.set(TRANSFER_CODES[name], name)

export function transferCodes(): readonly TransferCode[] {
  return Object.keys(TRANSFER_CODES).filter(isTransferCode)
}

/** Whether a transfer of this code moves results of a year and is none itself. */
export function isYearEnd(code: TransferCode): boolean {
  return code === 'year_end' || code === 'year_end_reversal'
}

/** The purposes that a posting may have. What closes a year is posted by closing it, and by nothing else. */
export function postingCodes(): readonly TransferCode[] {
  return transferCodes().filter((code) => !isYearEnd(code))
}

export function isPostingCode(text: string): text is TransferCode {
  return isTransferCode(text) && !isYearEnd(text)
}

export function isTransferCode(text: string): text is TransferCode {
  return Object.hasOwn(TRANSFER_CODES, text)
}

export function transferCodeOf(stored: number): TransferCode | undefined {
  return CODE_NAMES.get(stored)
}

/**
 * What a transfer does to the counters of both its accounts.
 *
 * - `posted`: moves its amount.
 * - `held`: promises its amount; nothing is posted.
 * - `captured`: posts its amount out of a hold and takes `released` off the promise.
 * - `voided`, `expired`: takes `released` off the promise; the amount is 0.
 * - `increased`: adds its amount to what a hold promises; nothing is posted.
 */
export const TRANSFER_KINDS = { posted: 1, held: 2, captured: 3, voided: 4, expired: 5, increased: 6 } as const

export type TransferKind = keyof typeof TRANSFER_KINDS

export function transferKindOf(stored: number): TransferKind | undefined {
  switch (stored) {
    case 1:
      return 'posted'
    case 2:
      return 'held'
    case 3:
      return 'captured'
    case 4:
      return 'voided'
    case 5:
      return 'expired'
    case 6:
      return 'increased'
    default:
      return undefined
  }
}

/** Whether a transfer of this kind posts its amount; others only change what is promised. */
export function movesMoney(kind: TransferKind): boolean {
  return kind === 'posted' || kind === 'captured'
}

/** One immutable movement between two accounts, as it stands in the journal. */
export interface Transfer {
  /** Place among the mutations of its batch, from 0. */
  readonly position: number
  readonly id: number
  readonly kind: TransferKind
  readonly debit: number
  readonly credit: number
  readonly amountMinor: bigint
  readonly releasedMinor: bigint
  /** The hold that it made, changed or ended, else null. */
  readonly hold: number | null
  /** µs; only of a hold that expires, else null. */
  readonly holdExpiresAt: number | null
  readonly code: TransferCode
  /** Id of the business object that it belongs to, else null. */
  readonly reference: number | null
  /** The accounting day to which it belongs, such as `2026-11-22`; null: the day of its batch. */
  readonly effectiveOn: string | null
  /** The transfer that it takes back, wholly or in part, else null. */
  readonly reverses: number | null
  /** Id of the first transfer of the entry to which it belongs: transfers that stand or fall together. Null outside entries. */
  readonly entry: number | null
  /** Each side's entry number of its account, and its posted balance after this transfer. */
  readonly debitSequence: number
  readonly debitBalanceMinor: bigint
  /** Where the account's entry before this one stands; null for its first. */
  readonly debitPrevious: number | null
  readonly creditSequence: number
  readonly creditBalanceMinor: bigint
  readonly creditPrevious: number | null
}
