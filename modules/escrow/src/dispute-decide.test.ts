import { describe, expect, it } from 'vitest'
import {
  decideAccept,
  decideDispute,
  decideEscalate,
  decideEvidence,
  decideOffer,
  decideWithdraw,
} from './dispute-decide.ts'
import type { Escrow } from './escrow.ts'
import { DAY, DISPUTES_MAX, EVIDENCE_MAX, OFFERS_MAX } from './escrow-rules.ts'
import { decideApproval, decideProposal, decideRejection } from './judgement-decide.ts'
import { decideLapse } from './lapse-decide.ts'
import { type Actor, TIME } from './step.ts'
import { decideOpening, decidePay, decideShip, type EscrowTerms, type StepResult } from './trade-decide.ts'

const NOW = Date.UTC(2026, 10, 22) * 1000
const buyer: Actor = { kind: 'buyer', id: 'customer:2' }
const merchant: Actor = { kind: 'merchant', id: 'application:1' }
const staff: Actor = { kind: 'staff', id: 'staff:1' }
const other: Actor = { kind: 'staff', id: 'staff:2' }

const terms: EscrowTerms = {
  ...{ merchant: 1, orderNumber: 'A1', buyer: 2, subject: 'Tea', totalMinor: 10_001n, expiresAt: null },
}
const parcel = { carrier: 'SF', trackingNumber: 'SF1', amountMinor: null }

function after(result: StepResult): Escrow {
  if (!result.ok) throw new Error(result.error.code)
  return result.value.escrow
}

const code = (result: StepResult) => (result.ok ? 'ok' : result.error.code)
const one = (refundMinor: bigint) => ({ dispute: 1, refundMinor })

const paid = after(decidePay(after(decideOpening(terms, 1024, merchant, NOW)), buyer, 6000, NOW))
const shipped = after(decideShip(paid, merchant, parcel, NOW))
const asked = after(decideDispute(shipped, buyer, { shipment: 1, claimMinor: 1_001n, reason: 'Stale' }, NOW))
const answered = after(decideOffer(asked, merchant, one(300n), NOW))
const judging = after(decideEscalate(answered, buyer, 1, NOW))
const proposed = after(decideProposal(judging, staff, { ...one(400n), reason: 'Half true' }, NOW))
const ended = after(decideAccept(answered, buyer, one(300n), NOW))
const samples: Readonly<Record<string, Escrow>> = { none: shipped, asked, answered, judging, proposed, ended }
const ACTORS: Readonly<Record<string, Actor>> = { buyer, merchant, staff, other, time: TIME }

// What the other side would accept: its last offer.
const STANDING: Readonly<Record<string, bigint>> = { asked: 1_001n, answered: 300n }

const ACTIONS: Readonly<Record<string, (escrow: Escrow, actor: Actor, name: string) => StepResult>> = {
  offer: (escrow, actor) => decideOffer(escrow, actor, one(500n), NOW),
  accept: (escrow, actor, name) => decideAccept(escrow, actor, one(STANDING[name] ?? 0n), NOW),
  withdraw: (escrow, actor) => decideWithdraw(escrow, actor, 1, NOW),
  escalate: (escrow, actor) => decideEscalate(escrow, actor, 1, NOW),
  evidence: (escrow, actor) => decideEvidence(escrow, actor, 1, NOW),
  propose: (escrow, actor) => decideProposal(escrow, actor, { ...one(400n), reason: 'So' }, NOW),
  approve: (escrow, actor) => decideApproval(escrow, actor, one(400n), NOW),
  reject: (escrow, actor) => decideRejection(escrow, actor, 1, NOW),
}

const A = 'dispute_not_found'
const E = 'dispute_ended'
const J = 'dispute_being_judged'
const N = 'dispute_not_being_judged'
const T = 'not_your_turn'

// For each action and actor that may take it at all, the outcome in each sample, in their order.
const TABLE: readonly (readonly [action: string, actor: string, ...outcomes: string[]])[] = [
  //                     none  asked  answered judging proposed ended
  ['offer', 'buyer', A, T, 'ok', J, J, E],
  ['offer', 'merchant', A, 'ok', T, J, J, E],
  ['accept', 'buyer', A, T, 'ok', J, J, E],
  ['accept', 'merchant', A, 'ok', T, J, J, E],
  ['withdraw', 'buyer', A, 'ok', 'ok', 'ok', 'ok', E],
  ['escalate', 'buyer', A, 'ok', 'ok', J, J, E],
  ['escalate', 'merchant', A, 'ok', 'ok', J, J, E],
  ['evidence', 'buyer', A, 'ok', 'ok', 'ok', 'ok', E],
  ['evidence', 'merchant', A, 'ok', 'ok', 'ok', 'ok', E],
  ['propose', 'staff', A, N, N, 'ok', 'judgement_pending', E],
  ['propose', 'other', A, N, N, 'ok', 'judgement_pending', E],
  ['approve', 'staff', A, N, N, 'judgement_missing', 'proposer_cannot_approve', E],
  ['approve', 'other', A, N, N, 'judgement_missing', 'ok', E],
  ['reject', 'staff', A, N, N, 'judgement_missing', 'ok', E],
  ['reject', 'other', A, N, N, 'judgement_missing', 'ok', E],
]

describe('every action on every dispute by every actor', () => {
  const cases: [string, string, string, string][] = []
  for (const [index, name] of Object.keys(samples).entries()) {
    for (const action of Object.keys(ACTIONS)) {
      for (const actor of Object.keys(ACTORS)) {
        const row = TABLE.find(([verb, who]) => verb === action && who === actor)
        cases.push([name, action, actor, row?.[index + 2] ?? 'actor_not_allowed'])
      }
    }
  }

  it('is in the table', () => {
    expect(cases).toHaveLength(6 * 8 * 5)
    expect(cases.filter(([, , , outcome]) => outcome !== 'actor_not_allowed')).toHaveLength(6 * TABLE.length)
  })

  it.each(cases)('%s: %s by %s: %s', (name, action, actor, outcome) => {
    const [decide, who, escrow] = [ACTIONS[action], ACTORS[actor], samples[name]]
    if (decide === undefined || who === undefined || escrow === undefined) throw new Error('not in the table')
    expect(code(decide(escrow, who, name))).toBe(outcome)
  })
})

describe('what is frozen', () => {
  it('is the claim and no more, until the dispute ends', () => {
    expect(asked.trade).toMatchObject({ openMinor: 9_000n, disputedMinor: 1_001n, releasedMinor: 0n })
    expect(ended.trade).toMatchObject({
      openMinor: 9_000n,
      disputedMinor: 0n,
      releasedMinor: 701n,
      returnedMinor: 300n,
    })
    expect(ended.disputes[0]).toMatchObject({ state: 'ended', outcome: 'agreed', refundedMinor: 300n })
  })

  it('is split to the cent with the fee on what the merchant gets', () => {
    const judged = after(decideApproval(proposed, other, one(400n), NOW))
    expect(judged.trade).toMatchObject({ releasedMinor: 601n, returnedMinor: 400n, feeMinor: 4n })
    expect(judged.disputes[0]).toMatchObject({ outcome: 'judged', approvedBy: 'staff:2' })
    expect(judged.disputes[0]?.proposal?.by).toBe('staff:1')
  })

  it('waits for a confirmation again when the buyer withdraws, with three days left at least', () => {
    const late = NOW + 9 * DAY
    const withdrawn = after(decideWithdraw(asked, buyer, 1, late))
    expect(withdrawn.trade).toMatchObject({ openMinor: 10_001n, disputedMinor: 0n })
    expect(withdrawn.shipments[0]?.confirmBy).toBe(NOW + 12 * DAY)
    expect(after(decideWithdraw(asked, buyer, 1, NOW)).shipments[0]?.confirmBy).toBe(NOW + 10 * DAY)
  })
})

describe('offers', () => {
  it.each<[string, StepResult, string]>([
    ['above the claim', decideOffer(asked, merchant, one(1_002n), NOW), 'offer_above_claim'],
    ['below nothing', decideOffer(asked, merchant, one(-1n), NOW), 'offer_above_claim'],
    ['of nothing, which refuses', decideOffer(asked, merchant, one(0n), NOW), 'ok'],
    ['accepted as something else', decideAccept(answered, buyer, one(301n), NOW), 'offer_changed'],
    ['too late', decideOffer(asked, merchant, one(1n), NOW + 3 * DAY), 'answer_overdue'],
    ['accepted too late', decideAccept(answered, buyer, one(300n), NOW + 3 * DAY), 'answer_overdue'],
    ['withdrawn late, which hurts nobody', decideWithdraw(answered, buyer, 1, NOW + 3 * DAY), 'ok'],
    [
      'judged above the claim',
      decideProposal(judging, staff, { ...one(1_002n), reason: 'So' }, NOW),
      'offer_above_claim',
    ],
    ['judged too late', decideProposal(judging, staff, { ...one(1n), reason: 'So' }, NOW + 30 * DAY), 'answer_overdue'],
    ['approved as something else', decideApproval(proposed, other, one(401n), NOW), 'judgement_changed'],
  ])('%s', (_, result, outcome) => {
    expect(code(result)).toBe(outcome)
  })

  it('go to and fro a bounded number of times', () => {
    let escrow = asked
    for (let count = 1; count < OFFERS_MAX; count += 1) {
      escrow = after(decideOffer(escrow, count % 2 === 1 ? merchant : buyer, one(500n), NOW))
    }
    expect(code(decideOffer(escrow, buyer, one(1n), NOW))).toBe('too_many_offers')
    expect(code(decideEscalate(escrow, buyer, 1, NOW))).toBe('ok')
  })

  it('and evidence are bounded by side, and disputes by trade', () => {
    let escrow = asked
    for (let count = 0; count < EVIDENCE_MAX; count += 1) escrow = after(decideEvidence(escrow, buyer, 1, NOW))
    expect(code(decideEvidence(escrow, buyer, 1, NOW))).toBe('evidence_full')
    expect(code(decideEvidence(escrow, merchant, 1, NOW))).toBe('ok')
    let many = shipped
    for (let count = 0; count < DISPUTES_MAX; count += 1) {
      many = after(decideDispute(many, buyer, { shipment: 1, claimMinor: 1n, reason: 'Stale' }, NOW))
    }
    expect(code(decideDispute(many, buyer, { shipment: 1, claimMinor: 1n, reason: 'Stale' }, NOW))).toBe(
      'too_many_disputes',
    )
  })
})

describe('silence', () => {
  it.each([
    ['of the merchant grants the claim', asked, 3, 'lapsed', 1_001n],
    ['of the buyer accepts what the merchant offered', answered, 3, 'lapsed', 300n],
    ['of staff grants what the buyer asked for last', judging, 30, 'unjudged', 1_001n],
    ['of the second pair of eyes approves nothing', proposed, 30, 'unjudged', 1_001n],
  ] as const)('%s', (_, escrow, days, outcome, refundedMinor) => {
    const lapsed = after(decideLapse(escrow, NOW + days * DAY))
    expect(lapsed.disputes[0]).toMatchObject({ state: 'ended', outcome, refundedMinor, approvedBy: null })
    expect(lapsed.trade.returnedMinor).toBe(refundedMinor)
  })
})
