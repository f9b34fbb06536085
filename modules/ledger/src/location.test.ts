import { InvariantError } from '@huitong/kernel'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { batchOf, locationOf, POSITIONS_PER_BATCH, positionOf } from './location.ts'

const batches = fc.integer({ min: 0, max: 137_000_000_000 })
const positions = fc.integer({ min: 0, max: POSITIONS_PER_BATCH - 1 })

describe('a location', () => {
  it('gives its batch and position back and is a safe integer', () => {
    fc.assert(
      fc.property(batches, positions, (batch, position) => {
        const location = locationOf(batch, position)
        expect(Number.isSafeInteger(location)).toBe(true)
        expect([batchOf(location), positionOf(location)]).toEqual([batch, position])
      }),
    )
  })

  it('is stored for ever, so its form never changes', () => {
    expect(locationOf(3, 5)).toBe(196_613)
  })

  it('grows in the order of the journal', () => {
    expect(locationOf(8, 0)).toBeGreaterThan(locationOf(7, POSITIONS_PER_BATCH - 1))
  })

  it('cannot be past the end of its batch', () => {
    expect(() => locationOf(1, POSITIONS_PER_BATCH)).toThrow(InvariantError)
  })
})
