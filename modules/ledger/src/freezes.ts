import type { WorkingSet } from '@huitong/committer'
import { invariant, ok, type Result, slotOf } from '@huitong/kernel'
import type { Account } from './account.ts'
import type { Freeze, FreezeCause } from './freeze.ts'
import { decideDeduction, decideFreeze, decideFreezeExpiry, decideLift } from './freeze-decide.ts'
import { freezeQueueTable, freezeTable } from './freeze-store.ts'
import type { LedgerRefusal } from './ledger-refusals.ts'
import { withFreeze } from './restraints.ts'
import { isCreditNormal } from './subjects.ts'
import type { Transfer } from './transfer.ts'
import type { Side } from './transfer-decide.ts'
import type { TransferRequest } from './transfer-request.ts'
import type { Workbench } from './workbench.ts'

export interface FreezeRequest {
  readonly account: number
  readonly cause: FreezeCause
  /** What must stay in the account; null freezes it wholly. */
  readonly amountMinor: bigint | null
  /** Nothing may come in either; only for a whole freeze. */
  readonly blocksIncoming: boolean
  readonly reference: string
  /** µs, or null. */
  readonly expiresAt: number | null
}

export interface DeductionRequest {
  readonly freeze: number
  /** Who gets the money. */
  readonly to: number
  readonly amountMinor: bigint
  readonly currency: TransferRequest['currency']
  readonly reference: number | null
}

/** Freezes, as a part of the books. */
export interface Freezes {
  needFreeze(id: number): void
  /** Announces that one more freeze is placed on the account. */
  needFreezesOf(account: number): void
  freeze(id: number): Freeze | undefined
  placeFreeze(request: FreezeRequest): Result<Freeze, LedgerRefusal>
  liftFreeze(request: { readonly freeze: number; readonly authority: FreezeCause }): Result<Freeze, LedgerRefusal>
  expireFreeze(id: number): Result<Freeze, LedgerRefusal>
  /** Takes money that a judicial freeze keeps, past that freeze and all that go after it. */
  deduct(request: DeductionRequest): Result<Transfer, LedgerRefusal>
}

export function createFreezes(set: WorkingSet, bench: Workbench): Freezes {
  const freezes = set.table(freezeTable)
  const queues = set.table(freezeQueueTable)

  function end(freeze: Freeze, kind: 'freeze_lifted' | 'freeze_expired', data: object): Freeze {
    const account = accountOf(freeze)
    freezes.put(freeze.id, freeze)
    const queue = queues.get(account.id) ?? []
    queues.put(
      account.id,
      queue.filter((id) => id !== freeze.id),
    )
    bench.putAccount({ ...account, restraints: withFreeze(account.restraints, freeze, -1) })
    bench.event(kind, account.id, JSON.stringify({ ...data, freeze: String(freeze.id) }))
    return freeze
  }

  function accountOf(freeze: Freeze): Account {
    // The queue and the account are asked for together, so that a freeze costs one more reading and not two.
    queues.need(freeze.account)
    bench.needAccount(freeze.account)
    const account = bench.account(freeze.account)
    invariant(account !== undefined, `the account ${freeze.account} of a freeze exists`)
    return account
  }

  return {
    needFreeze: (id) => freezes.need(id),
    needFreezesOf: (account) => queues.need(account),
    freeze: (id) => freezes.get(id),

    placeFreeze: (request) => {
      const decided = decideFreeze(bench.account(request.account), request, set.batch.at)
      if (!decided.ok) return decided
      const account = decided.value
      const { cause, amountMinor, blocksIncoming, reference, expiresAt } = request
      invariant(amountMinor === null || !blocksIncoming, 'a freeze of an amount lets money in')
      const id = set.newId(slotOf(account.id))
      const freeze: Freeze = {
        ...{ id, account: account.id, cause, amountMinor, remainingMinor: amountMinor },
        ...{ blocksIncoming, reference, expiresAt, state: 'active' },
      }
      freezes.add(id, freeze)
      queues.put(account.id, [...(queues.get(account.id) ?? []), id])
      bench.putAccount({ ...account, restraints: withFreeze(account.restraints, freeze, 1) })
      const amount = amountMinor === null ? null : String(amountMinor)
      const data = {
        amount_minor: amount,
        blocks_incoming: blocksIncoming,
        cause,
        expires_at: expiresAt === null ? null : String(expiresAt),
      }
      bench.event('freeze_placed', account.id, JSON.stringify({ ...data, freeze: String(id), reference }))
      return ok(freeze)
    },

    liftFreeze: ({ freeze: id, authority }) => {
      const decided = decideLift(freezes.get(id), authority)
      return decided.ok ? ok(end(decided.value, 'freeze_lifted', { authority })) : decided
    },

    expireFreeze: (id) => {
      const decided = decideFreezeExpiry(freezes.get(id), set.batch.at)
      return decided.ok ? ok(end(decided.value, 'freeze_expired', {})) : decided
    },

    deduct: ({ freeze: id, to, amountMinor, currency, reference }) => {
      const before = freezes.get(id)
      const account = before === undefined ? undefined : accountOf(before)
      const queue = account === undefined ? [] : (queues.get(account.id) ?? [])
      for (const other of queue) freezes.need(other)
      const active = queue.flatMap((other) => freezes.get(other) ?? [])
      const balance = account === undefined ? undefined : bench.balance(account.id)
      const decided = decideDeduction(before, amountMinor, account, balance, active)
      if (!decided.ok) return decided
      invariant(account !== undefined && before !== undefined, 'a decided deduction has its account')
      const [debit, credit] = isCreditNormal(account.subject) ? [account.id, to] : [to, account.id]
      const posting = { debit, credit, amountMinor, currency, code: 'judicial_deduction', reference } as const
      return bench.post(
        posting,
        (of) => (of.account.id === account.id ? thawed(of) : of),
        () => {
          const after = decided.value
          freezes.put(id, after)
          if (after.state === 'used') {
            queues.put(
              account.id,
              queue.filter((other) => other !== id),
            )
          }
          if (after.remainingMinor !== null) {
            const without = withFreeze(account.restraints, before, -1)
            bench.putAccount({ ...account, restraints: withFreeze(without, after, 1) })
          }
          bench.event(
            'freeze_deducted',
            account.id,
            JSON.stringify({ amount_minor: String(amountMinor), freeze: String(id) }),
          )
        },
      )
    },
  }
}

/** The account as the one sees it who may pass all its freezes: its floor, its ceiling and its credit line stay. */
function thawed({ account, balance }: Side): Side {
  const state = account.state === 'closed' ? 'closed' : 'open'
  const ceilingMinor = account.restraints?.ceilingMinor ?? null
  const restraints = ceilingMinor === null ? null : { frozenMinor: 0n, outFreezes: 0, inFreezes: 0, ceilingMinor }
  return { account: { ...account, state, restraints }, balance }
}
