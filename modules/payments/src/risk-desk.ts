import type { WorkingSet } from '@huitong/committer'
import { slotOf } from '@huitong/kernel'
import type { PaymentTables } from './payment-tables.ts'
import { assertRiskCheck, HOLD_LIFE, isOpen, PROOF_LIFE, type RiskCheck, type RiskCheckState } from './risk-check.ts'
import { riskCheckEvent } from './risk-check-events.ts'
import type { RiskVerdict } from './risk-port.ts'

/** What a check is about. */
export type RiskSubject = Pick<
  RiskCheck,
  'kind' | 'subject' | 'customer' | 'payee' | 'amountMinor' | 'way' | 'transferNumber' | 'title' | 'remark'
>

/** Opens and ends checks of payments. Money is moved by whoever asks. */
export interface RiskDesk {
  check(id: number | null): RiskCheck | undefined
  /** A payment waits for its payer to prove more, `until` at the latest (µs). `before` is its last check, which goes on if it is open. */
  challenge(about: RiskSubject, verdict: RiskVerdict, until: number, before: RiskCheck | undefined): RiskCheck
  /** A payment waits for staff, with its money held. */
  hold(about: RiskSubject, verdict: RiskVerdict, hold: number, before: RiskCheck | undefined): RiskCheck
  end(check: RiskCheck, state: Exclude<RiskCheckState, 'awaiting_proof' | 'held'>, by: string): RiskCheck
  /** The payment was made: what was still asked of it is passed. */
  passed(before: RiskCheck | undefined): void
}

export function createRiskDesk(set: WorkingSet, { riskChecks }: Pick<PaymentTables, 'riskChecks'>): RiskDesk {
  function store(check: RiskCheck, isNew = false): RiskCheck {
    if (isNew) riskChecks.add(check.id, assertRiskCheck(check))
    else riskChecks.put(check.id, assertRiskCheck(check))
    set.emit(riskCheckEvent(check, set.batch.at))
    return check
  }

  function end(check: RiskCheck, state: RiskCheckState, by: string): RiskCheck {
    return store({ ...check, state, endedAt: set.batch.at, endedBy: by })
  }

  /** The check that goes on, if it does; one whose time is over is ended. */
  function goingOn(before: RiskCheck | undefined): RiskCheck | undefined {
    if (before?.state !== 'awaiting_proof') return undefined
    if (before.dueAt > set.batch.at) return before
    end(before, 'lapsed', 'time')
    return undefined
  }

  function opened(
    about: RiskSubject,
    verdict: RiskVerdict,
    standing: Pick<RiskCheck, 'state' | 'proof' | 'hold' | 'dueAt'>,
  ): RiskCheck {
    const id = set.newId(slotOf(about.customer))
    const judged = { judgedBy: verdict.by, reasons: verdict.reasons }
    const dates = { createdAt: set.batch.at, endedAt: null, endedBy: null }
    return store({ ...about, ...standing, ...judged, ...dates, id }, true)
  }

  return {
    check: (id) => (id === null ? undefined : riskChecks.get(id)),

    challenge: (about, verdict, until, before) => {
      const present = goingOn(before)
      const proof = verdict.proof ?? 'contract'
      if (present?.proof === proof) return present
      if (present !== undefined) return store({ ...present, proof, judgedBy: verdict.by, reasons: verdict.reasons })
      const dueAt = Math.min(until, set.batch.at + PROOF_LIFE)
      return opened(about, verdict, { state: 'awaiting_proof', proof, hold: null, dueAt })
    },

    hold: (about, verdict, hold, before) => {
      const present = goingOn(before)
      const dueAt = set.batch.at + HOLD_LIFE
      if (present === undefined) return opened(about, verdict, { state: 'held', proof: null, hold, dueAt })
      return store({ ...present, state: 'held', hold, dueAt, judgedBy: verdict.by, reasons: verdict.reasons })
    },

    end,
    passed: (before) => {
      if (before !== undefined && isOpen(before)) end(before, 'passed', 'payer')
    },
  }
}
