import type { WorkingSet } from '@huitong/committer'
import { err, invariant, type Micros, ok, type Result } from '@huitong/kernel'
import { codeHolderTable } from './code-holder-store.ts'
import type { Customers } from './customer-decide.ts'
import type { PartyRefusal } from './party-refusals.ts'
import { codeFault, LIVE_CODES_MAX, type PaymentCode } from './payment-code.ts'
import { paymentCodeTable } from './payment-code-store.ts'

export interface CodeIssue {
  readonly customerId: number
  /** From `drawPaymentCode`. */
  readonly codeHash: string
  readonly lifeMicros: Micros
}

export interface PaymentCodes {
  needCodeIssue(request: CodeIssue): void
  /** Refuses `customer_unknown`, `customer_not_active`, `code_taken`, `too_many_live_codes`. */
  issuePaymentCode(request: CodeIssue): Result<PaymentCode, PartyRefusal>
  needPaymentCode(codeHash: string): void
  /** Uses up the code and says whose it is. Refuses `code_unknown`, `code_used`, `code_expired`. */
  redeemPaymentCode(codeHash: string): Result<number, PartyRefusal>
  needCodesOf(customerId: number): void
  /** Uses up all codes that the customer could still show. Returns how many. */
  revokePaymentCodes(customerId: number): number
}

export function createPaymentCodes(set: WorkingSet, customers: Customers, liveCodesMax = LIVE_CODES_MAX): PaymentCodes {
  const codes = set.table(paymentCodeTable)
  const holders = set.table(codeHolderTable)

  return {
    needCodeIssue: (request) => {
      customers.needCustomer(request.customerId)
      codes.need(request.codeHash)
      holders.need(request.customerId)
    },
    issuePaymentCode: ({ customerId, codeHash, lifeMicros }) => {
      invariant(Number.isSafeInteger(lifeMicros) && lifeMicros > 0, 'a payment code lives for some time')
      const customer = customers.customer(customerId)
      if (customer === undefined) return err({ code: 'customer_unknown' })
      if (customer.status !== 'active') return err({ code: 'customer_not_active' })
      if (codes.get(codeHash) !== undefined) return err({ code: 'code_taken' })
      const now = set.batch.at
      let recent = (holders.get(customerId) ?? []).filter((code) => code.expiresAt > now)
      // Only a full list makes it worth looking up which of its codes were used meanwhile; all at once, or each waits for the one before.
      if (recent.length >= liveCodesMax) for (const code of recent) codes.need(code.codeHash)
      if (recent.length >= liveCodesMax) recent = recent.filter((code) => codes.get(code.codeHash)?.usedAt === null)
      if (recent.length >= liveCodesMax) return err({ code: 'too_many_live_codes' })
      const code: PaymentCode = { customerId, issuedAt: now, expiresAt: now + lifeMicros, usedAt: null }
      codes.put(codeHash, code)
      holders.put(customerId, [...recent, { codeHash, expiresAt: code.expiresAt }])
      return ok(code)
    },

    needPaymentCode: (codeHash) => codes.need(codeHash),
    redeemPaymentCode: (codeHash) => {
      const code = codes.get(codeHash)
      const now = set.batch.at
      const fault = codeFault(code, now)
      if (fault !== undefined) return err({ code: fault })
      invariant(code !== undefined, 'a code without a fault is there')
      codes.put(codeHash, { ...code, usedAt: now })
      return ok(code.customerId)
    },

    needCodesOf: (customerId) => holders.need(customerId),
    revokePaymentCodes: (customerId) => {
      const now = set.batch.at
      const recent = (holders.get(customerId) ?? []).filter((code) => code.expiresAt > now)
      for (const { codeHash } of recent) codes.need(codeHash)
      let revoked = 0
      for (const { codeHash } of recent) {
        const code = codes.get(codeHash)
        if (code === undefined || code.usedAt !== null) continue
        codes.put(codeHash, { ...code, usedAt: now })
        revoked += 1
      }
      return revoked
    },
  }
}
