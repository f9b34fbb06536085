import type { CurrencyCode } from '@huitong/kernel'

export const PAYER_KINDS = ['customer', 'merchant'] as const
export type PayerKind = (typeof PAYER_KINDS)[number]

export interface Payer {
  readonly kind: PayerKind
  readonly id: number
}

/** Money from a wallet or a merchant's account to a wallet. It is made whole or not at all, so it has no states. */
export interface WalletTransfer {
  readonly id: number
  readonly payer: Payer
  /** The payer's own number (`out_biz_no`), unique per payer. */
  readonly transferNumber: string
  /** A customer. */
  readonly payee: number
  readonly currency: CurrencyCode
  readonly amountMinor: bigint
  readonly title: string | null
  readonly remark: string | null
  readonly createdAt: number
}

export function transferKey(payer: Payer, transferNumber: string): string {
  return `${payer.kind}:${payer.id}\u0000${transferNumber}`
}
