import { describe, expect, it } from 'vitest'
import { CASE_ACTIONS, CASE_ACTORS, CASE_STATES, caseStep } from './case.ts'

/** One line a state and action; a column an actor: the state that follows, or the refusal. */
const TABLE = `
                  | assignee     | staff        | complainant | system
open take         | assigned     | assigned     | !found      | !found
open put_back     | !not_taken   | !not_taken   | !found      | !found
open wait         | !not_taken   | !not_taken   | !found      | !found
open resume       | !not_taken   | !not_taken   | !found      | !found
open note         | open         | open         | open        | !found
open resolve      | !not_taken   | !not_taken   | !found      | !found
open withdraw     | !found       | !found       | resolved    | !found
open settle       | !found       | !found       | !found      | resolved
assigned take     | !taken       | !taken       | !found      | !found
assigned put_back | open         | !assignee    | !found      | !found
assigned wait     | waiting      | !assignee    | !found      | !found
assigned resume   | !not_waiting | !not_waiting | !found      | !found
assigned note     | assigned     | assigned     | assigned    | !found
assigned resolve  | resolved     | !assignee    | !found      | !found
assigned withdraw | !found       | !found       | resolved    | !found
assigned settle   | !found       | !found       | !found      | resolved
waiting take      | !taken       | !taken       | !found      | !found
waiting put_back  | open         | !assignee    | !found      | !found
waiting wait      | waiting      | !assignee    | !found      | !found
waiting resume    | assigned     | !assignee    | !found      | !found
waiting note      | waiting      | waiting      | waiting     | !found
waiting resolve   | resolved     | !assignee    | !found      | !found
waiting withdraw  | !found       | !found       | resolved    | !found
waiting settle    | !found       | !found       | !found      | resolved
resolved take     | !over        | !over        | !found      | !found
resolved put_back | !over        | !over        | !found      | !found
resolved wait     | !over        | !over        | !found      | !found
resolved resume   | !over        | !over        | !found      | !found
resolved note     | !over        | !over        | !over       | !found
resolved resolve  | !over        | !over        | !found      | !found
resolved withdraw | !found       | !found       | !over       | !found
resolved settle   | !found       | !found       | !found      | !over
`
const REFUSALS: Readonly<Record<string, string>> = {
  '!found': 'case_not_found',
  '!not_taken': 'case_not_taken',
  '!taken': 'case_taken',
  '!not_waiting': 'case_not_waiting',
  '!assignee': 'not_assignee',
  '!over': 'case_resolved',
}

const [, ...lines] = TABLE.trim().split('\n')
const cells = new Map(
  lines.flatMap((line) => {
    const [name = '', ...row] = line.split('|').map((cell) => cell.trim())
    return row.map((cell, index) => [`${name} ${CASE_ACTORS[index]}`, cell] as const)
  }),
)

describe('every action on a case, by everybody', () => {
  it('is tabled here', () => {
    expect(cells.size).toBe(CASE_STATES.length * CASE_ACTIONS.length * CASE_ACTORS.length)
  })
  for (const state of CASE_STATES) {
    for (const action of CASE_ACTIONS) {
      for (const actor of CASE_ACTORS) {
        const cell = cells.get(`${state} ${action} ${actor}`) ?? ''
        it(`${action} by ${actor} of one that is ${state}: ${cell}`, () => {
          const found = caseStep(state, action, actor)
          expect('to' in found ? found.to : found.refuse).toBe(REFUSALS[cell] ?? cell)
        })
      }
    }
  }
})
