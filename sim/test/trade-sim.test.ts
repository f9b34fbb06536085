import { expect, it } from 'vitest'
import { runTradeSim } from '../src/trades/trade-sim.ts'

it('predicts every balance, fee, budget and limit of a history of payments over HTTP', {
  timeout: 300_000,
}, async () => {
  const lines: string[] = []
  const log = (line: string) => lines.push(line)
  const seed = Math.floor(Math.random() * 1_000_000) + 1
  const report = await runTradeSim({ operations: 600, seed, customers: 8, atOnce: 8, log })
  expect(report.differences, lines.join('\n')).toEqual([])
  // A history in which nothing was done, or nothing refused, would prove little.
  for (const name of ['pay', 'refund', 'step of escrow', 'transfer', 'open packet', 'claim coupon']) {
    expect(report.answers.get(name)?.get('done') ?? 0, name).toBeGreaterThan(0)
  }
  expect([...report.answers.values()].some((told) => told.size > 1)).toBe(true)
  expect(report.discountsMinor, 'coupons pay, too').toBeGreaterThan(0n)
})
