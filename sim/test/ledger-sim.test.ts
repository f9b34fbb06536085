import { expect, it } from 'vitest'
import { runLedgerSim } from '../src/ledger-sim.ts'

it('predicts every answer and balance of a run with faults', { timeout: 300_000 }, async () => {
  const lines: string[] = []
  const log = (line: string) => lines.push(line)
  const seed = Math.floor(Math.random() * 1_000_000) + 1
  const report = await runLedgerSim({ operations: 20_000, seed, accounts: 40, wave: 1000, faultEvery: 4, log })
  expect(report.differences, lines.join('\n')).toEqual([])
  expect(report.operations).toBe(20_000)
  expect(report.faults).toBe(5)
  expect((report.answers.get('done') ?? 0) / report.operations).toBeGreaterThan(0.6)
  // A run in which nothing was ever refused, or nothing granted, would prove little.
  for (const told of ['insufficient_funds', 'debit_account_frozen', 'exceeds_unreversed', 'entry_not_balanced']) {
    expect(report.answers.get(told) ?? 0, told).toBeGreaterThan(0)
  }
})
