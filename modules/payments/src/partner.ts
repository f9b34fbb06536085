import type { Micros } from '@huitong/kernel'
import type { Payer } from './wallet-transfer.ts'

/*
 * Payments between two institutions. All that one payment commits lies in the payer's institution: the customer's money goes to what is owed
 * to the partner, under an agreed limit, and the partner advances it to the payee under the limit of its own. They settle afterwards.
 */

/** What one partner takes of another. */
export type PartnerTaking = 'payments' | 'refunds'

export const PARTNER_NAME = /^[a-z0-9-]{1,20}$/

export interface Partner {
  /** As its codes name it. */
  readonly partner: string
  readonly name: string
  /** Where its API is. */
  readonly baseUrl: string
  /** Ed25519, SPKI in PEM: what its requests are signed by. */
  readonly publicKey: string
  /** Ledger accounts: what we owe it, and what it owes us. */
  readonly payableAccount: number
  readonly receivableAccount: number
  readonly payableMinorMax: bigint
  readonly receivableMinorMax: bigint
  readonly registeredAt: number
}

/** How often nobody answered, and when the partner is asked again. */
export interface PartnerAsking {
  readonly attempts: number
  readonly askAt: Micros
}

/** Longer than whoever begins something waits for its answer, so that nobody else asks meanwhile. */
export const FIRST_ASKING: Micros = 15_000_000

const ASKING_AGAIN_MAX: Micros = 3_600_000_000

/** Nobody answered: the wait doubles from two seconds to an hour. */
export function askedInVain({ attempts }: PartnerAsking, now: Micros): PartnerAsking {
  const wait = Math.min(1_000_000 * 2 ** Math.min(attempts + 1, 20), ASKING_AGAIN_MAX)
  return { attempts: attempts + 1, askAt: now + wait }
}

export const PARTNER_PAYMENT_STATES = ['sending', 'paid', 'refused'] as const

/**
 * A payment of a customer of ours to somebody at a partner.
 *
 *     sending ──the partner took it──► paid
 *       └──the partner refused it──► refused
 *
 * As long as no answer is known it stays `sending`, with the money held: the partner is asked what became of the number, and the payment is
 * sent again under it when the partner has not taken it.
 */
export interface PartnerPayment extends PartnerAsking {
  readonly id: number
  readonly payer: number
  readonly partner: string
  readonly reference: string
  readonly payeeName: string
  readonly amountMinor: bigint
  readonly hold: number
  readonly state: (typeof PARTNER_PAYMENT_STATES)[number]
  /** The partner's reason. */
  readonly refusal: string | null
  readonly theirNumber: string | null
  /** What the partner gave back of it. */
  readonly refundedMinor: bigint
  readonly createdAt: number
  readonly endedAt: number | null
}

/** What a partner paid here for a customer of its own. */
export interface PartnerReceipt {
  readonly id: number
  readonly partner: string
  /** The partner's number; one number is one payment. */
  readonly paymentNumber: string
  readonly reference: string
  readonly owner: Payer
  readonly amountMinor: bigint
  readonly feeMinor: bigint
  /** What goes back of both, promises counted. */
  readonly refundedMinor: bigint
  readonly feeReturnedMinor: bigint
  readonly receivedAt: number
}

/**
 * What the owner of a receipt gives back of it. It goes through the same states as a payment, the other way: the money is held until the
 * partner's answer is known.
 */
export interface PartnerRefund extends PartnerAsking {
  /** What the partner knows it by. */
  readonly id: number
  readonly receipt: number
  /** The owner's own number, unique per receipt. */
  readonly refundNumber: string
  readonly partner: string
  /** The partner's number of the payment. */
  readonly paymentNumber: string
  readonly amountMinor: bigint
  /** What of it we bear, since our fee goes back in proportion. */
  readonly feeReturnedMinor: bigint
  /** The owner's money; null when the fee is all of it. */
  readonly hold: number | null
  /** Ours; null when no fee goes back. */
  readonly feeHold: number | null
  readonly reason: string | null
  readonly state: PartnerPayment['state']
  readonly refusal: string | null
  readonly theirNumber: string | null
  readonly createdAt: number
  readonly endedAt: number | null
}

/** What a partner gave back of a payment of a customer of ours. */
export interface PartnerRefundReceipt {
  readonly id: number
  readonly partner: string
  /** The partner's number; one number is one refund. */
  readonly refundNumber: string
  readonly payment: number
  readonly amountMinor: bigint
  readonly receivedAt: number
}

export const SETTLEMENT_DIRECTIONS = ['paid', 'received', 'netted'] as const

/** Money between the two institutions themselves, which takes a position down; or what each owes the other, taken off both. */
export interface PartnerSettlement {
  readonly partner: string
  readonly settlementNumber: string
  readonly direction: (typeof SETTLEMENT_DIRECTIONS)[number]
  readonly amountMinor: bigint
  readonly settledAt: number
}

export function partnerKey(partner: string, number: string): string {
  return `${partner}:${number}`
}
