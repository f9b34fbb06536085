import { CNY } from '@huitong/kernel'
import { describe, expect, it } from 'vitest'
import { tradeAnswerCodec } from './trade-answer.ts'
import { beginTrade } from './trade-decide.ts'
import { tradeView } from './views.ts'

const details = { application: '2021000000000001', notify_url: 'http://shop.example/n?a=1', body: '茶 "green"' }
const terms = { merchant: 1024, orderNumber: 'A1', subject: 'Tea', details, totalMinor: 8888n }
const begun = beginTrade(2048, 3072, terms, 100, 10)
if (!begun.ok) throw new Error(begun.error.code)
const answer = { trade: tradeView(begun.value), changed: true }

describe('a remembered answer', () => {
  it('comes back as it was given, with amounts as text', () => {
    const text = tradeAnswerCodec.encode(answer)
    expect(tradeAnswerCodec.decode(text)).toEqual(answer)
    expect(answer.trade).toMatchObject({ total: '88.88', paid: '0.00', currency: CNY, paidAt: null, details })
  })

  it.each([
    ['an amount that became a number', (text: string) => text.replace('"88.88"', '88.88')],
    ['an unknown state', (text: string) => text.replace('awaiting_payment', 'waiting')],
    ['a missing field', (text: string) => text.replace('"buyer":3072,', '')],
    ['a detail that is none', (text: string) => text.replace('"notify_url":"', '"notify_url":1,"x":"')],
  ])('is not read with %s', (_, change) => {
    const text = tradeAnswerCodec.encode(answer)
    const changed = change(text)
    expect(changed).not.toBe(text)
    expect(() => tradeAnswerCodec.decode(changed)).toThrow()
  })
})
