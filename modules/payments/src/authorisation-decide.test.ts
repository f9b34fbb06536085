import { CNY } from '@huitong/kernel'
import { describe, expect, it } from 'vitest'
import type { Authorisation } from './authorisation.ts'
import {
  decideAuthorisationCancel,
  decideAuthorisationExpiry,
  decideAuthorisationTerms,
  decideCapture,
  decideRelease,
} from './authorisation-decide.ts'
import { AUTHORISATION_LIFE_MAX, PAYMENT_MINOR_MAX } from './limits.ts'

const NOW = 1_000
const OVER = 2_000

const fresh: Authorisation = {
  ...{ id: 1024, merchant: 1, authorisationNumber: 'A', requestNumber: 'R', payer: 2, title: 'Deposit', details: {} },
  ...{ currency: CNY, amountMinor: 1_000n, capturedMinor: 0n, releasedMinor: 0n, state: 'authorised' },
  ...{ endingCause: null, hold: 3, createdAt: 0, expiresAt: OVER, endedAt: null },
}

type Decision = ReturnType<typeof decideCapture>

function after(decision: Decision): Authorisation {
  if (!decision.ok) throw new Error(decision.error.code)
  return decision.value
}

const code = (decision: { ok: boolean; error?: { code: string } }) => (decision.ok ? 'ok' : decision.error?.code)

const samples: Readonly<Record<string, Authorisation>> = {
  fresh,
  part: after(decideRelease(after(decideCapture(fresh, 300n, false, NOW)), 200n, NOW)),
  used: after(decideCapture(fresh, 300n, true, NOW)),
  cancelled: after(decideAuthorisationCancel(fresh, NOW)),
  expired: after(decideAuthorisationExpiry(fresh, OVER)),
}

const ACTIONS: Readonly<Record<string, (of: Authorisation, now: number) => Decision>> = {
  'capture 500': (of, now) => decideCapture(of, 500n, false, now),
  'capture 500 and end': (of, now) => decideCapture(of, 500n, true, now),
  'capture 501': (of, now) => decideCapture(of, 501n, false, now),
  'capture 0': (of, now) => decideCapture(of, 0n, true, now),
  'release 500': (of, now) => decideRelease(of, 500n, now),
  'release 501': (of, now) => decideRelease(of, 501n, now),
  'release -1': (of, now) => decideRelease(of, -1n, now),
  cancel: decideAuthorisationCancel,
  expire: decideAuthorisationExpiry,
}

const [F, C, X, A] = ['authorisation_finished', 'authorisation_closed', 'exceeds_authorisation', 'amount_out_of_range']

describe('every action on every authorisation', () => {
  it.each([
    //                        fresh  part   used cancelled expired; and once its time is over: fresh
    ['capture 500', 'ok', 'ok', F, C, C, C],
    ['capture 500 and end', 'ok', 'ok', F, C, C, C],
    ['capture 501', 'ok', X, F, C, C, C],
    ['capture 0', A, A, F, C, C, C],
    ['release 500', 'ok', 'ok', F, C, C, C],
    ['release 501', 'ok', X, F, C, C, C],
    ['release -1', A, A, F, C, C, C],
    ['cancel', 'ok', 'ok', F, C, C, C],
    ['expire', 'trade_not_due', 'trade_not_due', F, F, F, 'ok'],
  ])('%s', (action, ...outcomes) => {
    const decide = ACTIONS[action]
    if (decide === undefined) throw new Error('not in the table')
    const found = Object.values(samples).map((of) => code(decide(of, NOW)))
    expect([...found, code(decide(fresh, OVER))]).toEqual(outcomes)
  })

  it('keeps what was promised in three parts that add up', () => {
    expect(samples.part).toMatchObject({ state: 'authorised', capturedMinor: 300n, releasedMinor: 200n })
    expect(samples.used).toMatchObject({
      state: 'ended',
      endingCause: 'used',
      capturedMinor: 300n,
      releasedMinor: 700n,
    })
    expect(samples.expired).toMatchObject({ state: 'ended', endingCause: 'expired', releasedMinor: 1_000n })
  })
})

describe('asking for an authorisation', () => {
  const { merchant, authorisationNumber, requestNumber, title, details, amountMinor } = fresh
  const terms = { merchant, authorisationNumber, requestNumber, title, details, amountMinor }
  it.each([
    ['for nothing', { amountMinor: 0n }, undefined, OVER, 'amount_out_of_range'],
    ['for more than a payment may be', { amountMinor: PAYMENT_MINOR_MAX + 1n }, undefined, OVER, 'amount_out_of_range'],
    ['that would be over', {}, undefined, NOW, 'expiry_in_past'],
    ['for longer than a year', {}, undefined, NOW + AUTHORISATION_LIFE_MAX + 1, 'expiry_in_past'],
    ['for the first time', {}, undefined, OVER, 'ok'],
    ['again in the same words', {}, fresh, OVER, 'ok'],
    ['again over another amount', { amountMinor: 1n }, fresh, OVER, 'authorisation_inconsistent'],
    ['again under another title', { title: 'Rent' }, fresh, OVER, 'authorisation_inconsistent'],
    ['again under another request number', { requestNumber: 'S' }, fresh, OVER, 'authorisation_inconsistent'],
  ])('%s', (_, change, before, expiresAt, outcome) => {
    expect(code(decideAuthorisationTerms({ ...terms, ...change }, before, expiresAt, NOW))).toBe(outcome)
  })
})
