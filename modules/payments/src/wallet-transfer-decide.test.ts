import { CNY } from '@huitong/kernel'
import { describe, expect, it } from 'vitest'
import { TRANSFER_MINOR_MAX } from './limits.ts'
import type { WalletTransfer } from './wallet-transfer.ts'
import { decideTransfer } from './wallet-transfer-decide.ts'

const before: WalletTransfer = {
  id: 1024,
  payer: { kind: 'customer', id: 1 },
  transferNumber: 'T1',
  payee: 2,
  currency: CNY,
  amountMinor: 100n,
  title: null,
  remark: null,
  createdAt: 1,
}

describe('a transfer between wallets', () => {
  it.each([
    // payer, payee, amount, known before, outcome
    ['customer', 1, 2, 9n, undefined, 'amount_out_of_range'],
    ['customer', 1, 1, 0n, undefined, 'amount_out_of_range'],
    ['customer', 1, 2, TRANSFER_MINOR_MAX + 1n, undefined, 'amount_out_of_range'],
    ['customer', 1, 1, 100n, before, 'payer_is_payee'],
    ['customer', 1, 2, 101n, before, 'transfer_inconsistent'],
    ['customer', 1, 3, 100n, before, 'transfer_inconsistent'],
    ['customer', 1, 2, 100n, before, 'ok'],
    ['customer', 1, 2, 10n, undefined, 'ok'],
    ['customer', 1, 2, TRANSFER_MINOR_MAX, undefined, 'ok'],
    // A merchant and a customer may have equal ids without being the same.
    ['merchant', 2, 2, 100n, undefined, 'ok'],
  ] as const)('from %s %i to %i over %s fen', (kind, id, payee, amountMinor, known, outcome) => {
    const terms = { payer: { kind, id }, transferNumber: 'T1', payee, amountMinor, title: null, remark: null }
    const result = decideTransfer(terms, known)
    expect(result.ok ? 'ok' : result.error.code).toBe(outcome)
  })
})
