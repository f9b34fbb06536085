import type { WorkingSet } from '@huitong/committer'
import { canonicalJson, err, MAX_MINOR, ok, type Result } from '@huitong/kernel'
import type { Account } from './account.ts'
import type { LedgerEventKind } from './journal-form.ts'
import type { LedgerRefusal } from './ledger-refusals.ts'
import { maySummarise, mayWait, type PostingPolicy } from './posting-policy.ts'
import {
  bufferedLog,
  bufferTable,
  POLICY_BOOK,
  type PolicyBook,
  pairKey,
  policyTable,
  summarisedOf,
} from './posting-policy-store.ts'
import type { Transfer } from './transfer.ts'
import type { TransferRequest } from './transfer-request.ts'

/** Postings that wait for the summary of their day. */
export interface PostingBuffers {
  setPolicy(account: number, policy: PostingPolicy): Result<Account, LedgerRefusal>
  /** Posts at once or, where the policy of an account says so and the posting allows it, buffers. */
  transferByPolicy(request: TransferRequest): Result<{ readonly id: number }, LedgerRefusal>
  /** Posts what is buffered between an account and others, or all: one transfer for each pair. The first refusal is told. */
  flush(account: number | null): LedgerRefusal | undefined
}

interface PlainBooks {
  account(id: number): Account | undefined
  currencyOf(id: number): Account['currency']
  transfer(request: TransferRequest): Result<Transfer, LedgerRefusal>
  record(kind: LedgerEventKind, account: number, data: string): void
}

export function createPostingBuffers(set: WorkingSet, books: PlainBooks): PostingBuffers {
  const policies = set.table(policyTable)
  const buffers = set.table(bufferTable)
  const buffered = set.log(bufferedLog)
  const book = (): PolicyBook => policies.get(POLICY_BOOK) ?? NO_POLICIES

  function flush(account: number | null): LedgerRefusal | undefined {
    const pairs = book().pairs.filter((pair) => account === null || pair.split(' ').includes(String(account)))
    for (const pair of pairs) buffers.need(pair)
    for (const pair of pairs) {
      const buffer = buffers.get(pair)
      if (buffer === undefined || buffer.count === 0) continue
      const { debit, credit, amountMinor } = buffer
      const posted = books.transfer({
        ...{ debit, credit, amountMinor, currency: books.currencyOf(debit), code: 'daily_summary', reference: null },
      })
      if (!posted.ok) return posted.error
      buffers.put(pair, { debit, credit, amountMinor: 0n, count: 0 })
    }
    return undefined
  }

  return {
    flush,

    setPolicy: (id, policy) => {
      const account = books.account(id)
      if (account === undefined) return err({ code: 'account_unknown' })
      if (account.state === 'closed') return err({ code: 'account_already_closed' })
      if (policy === 'summarised' && !maySummarise(account)) return err({ code: 'policy_not_allowed' })
      const before = book()
      if ((before.policies.get(id) ?? 'immediate') === policy) return ok(account)
      // What waits is posted now: from here on the account's balance is whole.
      const refused = policy === 'immediate' ? flush(id) : undefined
      if (refused !== undefined) return err(refused)
      const after = new Map<number, PostingPolicy>(before.policies).set(id, policy)
      policies.put(POLICY_BOOK, { policies: after, summarised: summarisedOf(after), pairs: before.pairs })
      books.record('posting_policy_set', id, canonicalJson({ policy }))
      return ok(account)
    },

    transferByPolicy: (request) => {
      const { summarised, pairs, policies: all } = book()
      const { debit, credit, amountMinor, code, reference } = request
      if (!summarised.has(credit) && !summarised.has(debit)) return books.transfer(request)
      // After the close a batch goes on with its old day, and that day's summary is posted already.
      if (set.nextAccountingDay !== set.batch.accountingDay) return books.transfer(request)
      if (!mayWait(request, books.account(debit), books.account(credit))) return books.transfer(request)
      const pair = pairKey(debit, credit)
      const before = buffers.get(pair) ?? { debit, credit, amountMinor: 0n, count: 0 }
      if (before.amountMinor + amountMinor > MAX_MINOR) return books.transfer(request)
      if (!pairs.includes(pair)) policies.put(POLICY_BOOK, { policies: all, summarised, pairs: [...pairs, pair] })
      buffers.put(pair, { debit, credit, amountMinor: before.amountMinor + amountMinor, count: before.count + 1 })
      const id = set.newId(0)
      buffered.add({ position: set.nextPosition(), id, debit, credit, amountMinor, code, reference })
      return ok({ id })
    },
  }
}

const NO_POLICIES: PolicyBook = { policies: new Map(), summarised: new Set(), pairs: [] }
