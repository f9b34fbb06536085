import { type AccountReplay, CREDITS_PENDING, DEBITS_PENDING } from './verify-accounts.ts'
import type { FindingList } from './verify-finding.ts'
import type { HoldRowSeen } from './verify-holds.ts'

/** Every account's promised amounts must be the sum of its open holds, by the rows as of the last batch of the replay. */
export function checkPending(
  accounts: AccountReplay,
  openRows: ReadonlyMap<number, HoldRowSeen>,
  findings: FindingList,
): void {
  const debits = new Map<number, bigint>()
  const credits = new Map<number, bigint>()
  for (const { debit, credit, remainingMinor } of openRows.values()) {
    debits.set(debit, (debits.get(debit) ?? 0n) + remainingMinor)
    credits.set(credit, (credits.get(credit) ?? 0n) + remainingMinor)
  }
  for (const [account, place] of accounts.all()) {
    for (const [what, field, sums] of [
      ['debits_pending', DEBITS_PENDING, debits],
      ['credits_pending', CREDITS_PENDING, credits],
    ] as const) {
      const expected = accounts.counter(place, field)
      const found = sums.get(account) ?? 0n
      if (expected === found) continue
      findings.add('pending_differs_from_holds', { account, what, expected: String(expected), found: String(found) })
    }
  }
}
