import { manualClock } from '@huitong/kernel'
import { expect, it } from 'vitest'
import { createPartnerCircuit } from './partner-circuit.ts'

const SECOND = 1_000_000
const HERE = 'https://partner.example'

function silentFor(calls: number) {
  const clock = manualClock(1)
  const circuit = createPartnerCircuit(clock)
  for (let call = 0; call < calls; call += 1) circuit.silent(HERE)
  return { clock, circuit }
}

it('a call or two without an answer change nothing', () => {
  const { circuit } = silentFor(2)
  expect([circuit.mayCall(HERE), circuit.mayCall(HERE), circuit.rests(HERE)]).toEqual([true, true, false])
})

it('three in a row do, for this address alone', () => {
  const { circuit } = silentFor(3)
  expect([circuit.mayCall(HERE), circuit.rests(HERE)]).toEqual([false, true])
  expect([circuit.mayCall('https://other.example'), circuit.rests('https://other.example')]).toEqual([true, false])
})

it('one call at a time tries again, and the rest doubles when nobody is there', () => {
  const { clock, circuit } = silentFor(3)
  clock.advance(SECOND)
  expect([circuit.mayCall(HERE), circuit.mayCall(HERE), circuit.rests(HERE)]).toEqual([true, false, true])
  circuit.silent(HERE)
  clock.advance(SECOND)
  expect(circuit.mayCall(HERE)).toBe(false)
  clock.advance(SECOND)
  expect(circuit.mayCall(HERE)).toBe(true)
})

it('rests no longer than five minutes', () => {
  const { clock, circuit } = silentFor(60)
  clock.advance(300 * SECOND - 1)
  expect(circuit.mayCall(HERE)).toBe(false)
  clock.advance(1)
  expect(circuit.mayCall(HERE)).toBe(true)
})

it('an answer ends it', () => {
  const { circuit } = silentFor(9)
  circuit.answered(HERE)
  expect([circuit.mayCall(HERE), circuit.rests(HERE)]).toEqual([true, false])
})
