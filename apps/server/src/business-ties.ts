import { BANK_TIES } from '@huitong/bank'
import { CHANNEL_TIES } from '@huitong/channels'
import { CLEARING_TIES } from '@huitong/clearing'
import { ESCROW_TIES } from '@huitong/escrow'
import { FAMILY_TIES } from '@huitong/family'
import type { BusinessTie } from '@huitong/ledger'
import { PAYMENT_TIES } from '@huitong/payments'
import { LIMIT_TIES } from '@huitong/pricing'
import { RECONCILIATION_TIES } from '@huitong/reconciliation'

/** What `verify` ties to the ledger beside the ledger itself: of every module that keeps something about money. */
export const BUSINESS_TIES: readonly BusinessTie[] = [
  ...[...LIMIT_TIES, ...PAYMENT_TIES, ...ESCROW_TIES, ...FAMILY_TIES],
  ...[...BANK_TIES, ...CHANNEL_TIES, ...CLEARING_TIES, ...RECONCILIATION_TIES],
]
