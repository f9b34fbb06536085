import { hash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { HomeData } from './home-data.ts'
import { homePage } from './home-page.ts'
import { PAGE_POLICY } from './home-style.ts'

const data: HomeData = {
  institution: 'Yunhe Pay',
  running: true,
  storage: 'PostgreSQL 18.4, embedded',
  version: '0.1.0',
  money: [{ currency: 'CNY', amount: '89,181.00' }],
  kind: 'wallet_platform',
  payments: 12n,
  batch: { number: 42, count: 3, at: '2026-11-22T23:47:35.413030Z', hash: 'ab'.repeat(32) },
  accountingDay: '2026-11-23',
  checkpoint: { state: 'current', batch: 40, day: '2026-11-22' },
  demo: true,
  clockShifted: false,
  reads: 'from a replica at batch 41, 0.2 s behind',
}

describe('the home page', () => {
  test('shows the totals and the last batch', () => {
    const { text } = homePage(data)
    for (const shown of [
      '89,181.00',
      'CNY',
      '12',
      '42',
      '3 changes',
      'ab'.repeat(32),
      '2026-11-23',
      'Running',
      '0.2 s behind',
    ]) {
      expect(text).toContain(shown)
    }
    expect(homePage({ ...data, reads: undefined }).text).not.toContain('Reads of the ledger')
  })

  test('says of a batch that changed nothing of the journal what it was', () => {
    const batch = (count: number) => homePage({ ...data, batch: { ...data.batch, count } }).text
    expect(batch(0)).toContain('nothing new in the journal at 2026')
    expect(batch(1)).toContain('1 change at 2026')
  })

  test('says how far the journal was verified, and when that failed', () => {
    expect(homePage(data).text).toMatch(
      /Verified up to batch<\/dt><dd>40<small>at the close of the last day, day 2026-11-22/,
    )
    const none = { state: 'failed', batch: undefined, day: undefined } as const
    expect(homePage({ ...data, checkpoint: none }).text).toMatch(/<dd>–<small>the last try failed/)
    expect(homePage({ ...data, checkpoint: { ...none, state: 'unsound' } }).text).toContain('something was found')
  })

  test('speaks of the demo in a demo world only', () => {
    expect(homePage(data).text).toContain('demo payment-code')
    expect(homePage({ ...data, demo: false }).text).not.toMatch(/demo/i)
  })

  test('escapes whatever a name or the database may say', () => {
    const evil = `<script>alert("1")</script>&'`
    const { text } = homePage({ ...data, institution: evil, storage: evil, accountingDay: evil, version: evil })
    expect(text).not.toContain('<script')
    expect(text).toContain('&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;&#39;')
  })

  test('needs no script, and its policy allows exactly the style that it has', () => {
    const { text } = homePage(data)
    expect(text).not.toMatch(/<script|\son\w+=|javascript:|style="/)
    const style = /<style>([\s\S]*?)<\/style>/.exec(text)?.[1] ?? ''
    expect(PAGE_POLICY).toContain(`style-src 'sha256-${hash('sha256', style, 'base64')}'`)
    expect(PAGE_POLICY).toContain("default-src 'none'")
  })
})
