import { describe, expect, test } from 'vitest'
import { LIFECYCLE, LIFECYCLE_ACTIONS, lifecycleVerdict } from './lifecycle.ts'

const STATUSES = ['active', 'frozen', 'deceased', 'closed', 'erased'] as const

describe('every state and action', () => {
  test.each([
    // active, frozen, deceased, closed, erased
    ['close', ['may', 'may_not', 'may_not', 'already', 'may_not']],
    ['wake', ['may', 'may_not', 'may_not', 'may_not', 'may_not']],
    ['freeze', ['may', 'already', 'may_not', 'may_not', 'may_not']],
    ['unfreeze', ['already', 'may', 'may_not', 'may_not', 'may_not']],
    ['record_death', ['may', 'may', 'already', 'may_not', 'may_not']],
    ['withdraw_death', ['already', 'may_not', 'may', 'may_not', 'may_not']],
    ['pay_estate', ['may_not', 'may_not', 'may', 'already', 'may_not']],
  ] as const)('%s', (action, verdicts) =>
    expect(STATUSES.map((status) => lifecycleVerdict(status, action))).toEqual(verdicts),
  )

  test('has an actor, and what lets money go again takes two of staff', () => {
    expect(LIFECYCLE_ACTIONS.map((action) => [action, LIFECYCLE[action].actor])).toEqual([
      ['close', 'customer'],
      ['wake', 'customer'],
      ['freeze', 'staff'],
      ['unfreeze', 'two_staff'],
      ['record_death', 'two_staff'],
      ['withdraw_death', 'two_staff'],
      ['pay_estate', 'two_staff'],
    ])
  })
})
