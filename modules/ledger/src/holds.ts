import type { WorkingSet } from '@huitong/committer'
import { ok, type Result, slotOf } from '@huitong/kernel'
import type { Hold } from './hold.ts'
import {
  type Capture,
  decideCapture,
  decideExtension,
  decideHold,
  decideIncrease,
  decideRelease,
} from './hold-decide.ts'
import { holdTable } from './hold-store.ts'
import type { LedgerRefusal } from './ledger-refusals.ts'
import { isYearEnd, type Transfer } from './transfer.ts'
import type { Sides } from './transfer-decide.ts'
import type {
  CaptureRequest,
  ExtensionRequest,
  HoldRequest,
  IncreaseRequest,
  ReleaseRequest,
} from './transfer-request.ts'
import { CODE_RESERVED, payerOf, type TransferEntry, type Workbench } from './workbench.ts'

/** Promises of money, as a part of the books. */
export interface Holds {
  needHold(id: number): void
  hold(id: number): Hold | undefined
  placeHold(request: HoldRequest): Result<Transfer, LedgerRefusal>
  /** Promises more by a hold that is pending. */
  increase(request: IncreaseRequest): Result<Transfer, LedgerRefusal>
  /** Moves the expiry of a pending hold to a later time. */
  extendHold(request: ExtensionRequest): Result<Hold, LedgerRefusal>
  capture(request: CaptureRequest): Result<Transfer, LedgerRefusal>
  release(request: ReleaseRequest): Result<Transfer, LedgerRefusal>
}

type ChangeEntry = Pick<TransferEntry, 'kind' | 'amountMinor' | 'code' | 'reference' | 'effectiveOn' | 'entry'>

export function createHolds(set: WorkingSet, bench: Workbench): Holds {
  const holds = set.table(holdTable)

  function sidesOf(hold: Hold | undefined): Sides {
    return hold === undefined ? NO_SIDES : { debit: bench.side(hold.debit), credit: bench.side(hold.credit) }
  }

  /** Captures, increases and releases: transfers that name the hold which they change. */
  function change(
    id: number,
    decide: (hold: Hold | undefined, sides: Sides) => Result<Capture, LedgerRefusal>,
    entry: (hold: Hold) => ChangeEntry,
  ): Result<Transfer, LedgerRefusal> {
    const hold = holds.get(id)
    const sides = sidesOf(hold)
    const decided = decide(hold, sides)
    if (!decided.ok) return decided
    const after = decided.value
    holds.put(id, after.hold)
    return ok(
      bench.record(
        {
          id: set.newId(slotOf(after.hold.debit)),
          debit: after.hold.debit,
          credit: after.hold.credit,
          releasedMinor: after.releasedMinor,
          hold: id,
          holdExpiresAt: null,
          reverses: null,
          ...entry(after.hold),
        },
        sides,
        after.after,
      ),
    )
  }

  return {
    needHold: (id) => {
      holds.need(id)
      const hold = holds.peek(id)
      if (hold !== undefined) for (const account of [hold.debit, hold.credit]) bench.needAccount(account)
    },
    hold: (id) => holds.get(id),

    placeHold: (request) => {
      const { debit, credit, amountMinor, currency, code, reference, expiresAt } = request
      if (isYearEnd(code)) return CODE_RESERVED
      const sides = { debit: bench.side(debit), credit: bench.side(credit) }
      const movement = { debitId: debit, creditId: credit, amountMinor, currency, code }
      const decided = decideHold(movement, sides, expiresAt, set.batch.at)
      if (!decided.ok) return decided
      const id = set.newId(slotOf(payerOf(sides.debit, debit, credit)))
      const hold: Hold = {
        id,
        debit,
        credit,
        amountMinor,
        remainingMinor: amountMinor,
        state: 'pending',
        expiresAt,
        code,
        reference,
      }
      holds.add(id, hold)
      const entry = {
        id,
        kind: 'held',
        debit,
        credit,
        amountMinor,
        releasedMinor: 0n,
        hold: id,
        holdExpiresAt: expiresAt,
        code,
        reference,
        effectiveOn: null,
        reverses: null,
        entry: request.entry ?? null,
      } as const
      return ok(bench.record(entry, sides, decided.value))
    },

    increase: (request) =>
      change(
        request.hold,
        (hold, sides) => decideIncrease(hold, request.amountMinor, sides, set.batch.at),
        (hold) => ({ ...promised(hold, request), kind: 'increased', amountMinor: request.amountMinor }),
      ),

    extendHold: ({ hold: id, expiresAt }) => {
      const hold = holds.get(id)
      const decided = decideExtension(hold, expiresAt, sidesOf(hold), set.batch.at)
      if (!decided.ok) return decided
      const after = decided.value
      holds.put(id, after)
      const data = JSON.stringify({ expires_at: String(expiresAt), hold: String(id) })
      bench.event('hold_extended', after.debit, data)
      return ok(after)
    },

    capture: (request) => {
      if (request.code !== undefined && isYearEnd(request.code)) return CODE_RESERVED
      const captured = holds.get(request.hold)
      const effective =
        captured === undefined ? ok(null) : bench.effectiveDay(request.effectiveOn, captured.debit, captured.credit)
      if (!effective.ok) return effective
      return change(
        request.hold,
        (hold, sides) => decideCapture(hold, request.amountMinor, request.final, sides, set.batch.at),
        (hold) => ({
          kind: 'captured',
          amountMinor: request.amountMinor,
          code: request.code ?? hold.code,
          reference: request.reference === undefined ? hold.reference : request.reference,
          effectiveOn: effective.value,
          entry: request.entry ?? null,
        }),
      )
    },

    release: (request) =>
      change(
        request.hold,
        (hold, sides) => decideRelease(hold, request.reason, sides, set.batch.at),
        (hold) => ({
          ...promised(hold, request),
          kind: request.reason === 'void' ? 'voided' : 'expired',
          amountMinor: 0n,
        }),
      ),
  }
}

/** What a transfer that moves nothing has from its hold. */
function promised(hold: Hold, request: Pick<IncreaseRequest, 'entry'>) {
  return { code: hold.code, reference: hold.reference, effectiveOn: null, entry: request.entry ?? null }
}

const NO_SIDES = { debit: undefined, credit: undefined }
