import type { Payer } from './wallet-transfer.ts'

/*
 * Payments between two institutions. All that one payment commits lies in the payer's institution: the customer's money goes to what is owed
 * to the partner, under an agreed limit, and the partner advances it to the payee under the limit of its own. They settle afterwards.
 */

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

export const PARTNER_PAYMENT_STATES = ['sending', 'paid', 'refused'] as const

/**
 * A payment of a customer of ours to somebody at a partner.
 *
 *     sending ──the partner took it──► paid
 *       └──the partner refused it──► refused
 *
 * As long as no answer is known it stays `sending`, with the money held, and is sent again under the same number.
 */
export interface PartnerPayment {
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
  readonly receivedAt: number
}

export const SETTLEMENT_DIRECTIONS = ['paid', 'received'] as const

/** Money between the two institutions themselves, which takes a position down. */
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
