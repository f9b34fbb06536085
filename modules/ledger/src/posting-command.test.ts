import { WorkingSet } from '@huitong/committer'
import { CNY } from '@huitong/kernel'
import { describe, expect, it } from 'vitest'
import { createBooks } from './books.ts'
import { createMetadataBook } from './metadata-book.ts'
import { type PostingInput, type PostingLeg, postingDifference, postingKind } from './posting-command.ts'

const set = new WorkingSet()
const books = createBooks(set)
const post = postingKind(books, createMetadataBook(set, books), () => set.batch.number)

const transfer: PostingLeg = {
  ...{ type: 'transfer', debit: 1024, credit: 2048, amountMinor: 150n, currency: CNY },
  ...{ code: 'adjustment', reference: null, expiresAt: null },
}
const capture: PostingLeg = { type: 'capture', hold: 3072, amountMinor: 150n, final: true }
const increase: PostingLeg = { type: 'increase', hold: 3072, amountMinor: 150n }
const release: PostingLeg = { type: 'void', hold: 3072 }

function form(...legs: PostingLeg[]): string {
  return post.form({ legs, raw: true })
}

describe('the form of a posting', () => {
  const others: readonly PostingLeg[] = [
    { ...transfer, type: 'hold' },
    { ...transfer, debit: 4096 },
    { ...transfer, credit: 4096 },
    { ...transfer, amountMinor: 151n },
    { ...transfer, code: 'payment' },
    { ...transfer, reference: 1 },
    { ...transfer, expiresAt: 1 },
    capture,
    { ...capture, hold: 4096 },
    { ...capture, amountMinor: 151n },
    { ...capture, final: false },
    increase,
    { ...increase, hold: 4096 },
    { ...increase, amountMinor: 151n },
    { ...increase, currency: CNY },
    release,
    { ...release, hold: 4096 },
  ]
  it('is another one for every field of every leg that is another', () => {
    const forms = [transfer, ...others].map((leg) => form(leg))
    expect(new Set(forms).size).toBe(forms.length)
  })

  it('is another one for another order or number of legs, and for staff', () => {
    const forms = [
      form(transfer, release),
      form(release, transfer),
      form(transfer),
      post.form({ legs: [transfer], raw: false }),
    ]
    expect(new Set(forms).size).toBe(forms.length)
  })

  it('names the fields in which two postings differ', () => {
    expect(postingDifference(form(transfer), form({ ...transfer, amountMinor: 1n }))).toEqual(['legs[0].amount'])
    expect(postingDifference(form(transfer, capture), form(transfer, { ...capture, final: false, hold: 1 }))).toEqual([
      'legs[1].hold',
      'legs[1].final',
    ])
    expect(postingDifference(form(increase), form({ ...increase, amountMinor: 1n, currency: CNY }))).toEqual([
      'legs[0].amount',
      'legs[0].currency',
    ])
    expect(postingDifference(form(increase), form(capture))).toEqual(['legs[0].type'])
    expect(postingDifference(form(release), form(transfer))).toEqual(['legs[0].type'])
    expect(postingDifference(form(release), form(release, release))).toEqual(['legs'])
  })
})

describe('the answer to a posting', () => {
  it('is remembered as text and read back', () => {
    for (const transfers of [[1024], [1024, 2048, 3072]]) {
      const answer = { batch: 7, transfers }
      expect(post.decode(post.encode(answer))).toEqual(answer)
    }
  })
})

describe('a posting', () => {
  it('asks for the accounts and holds of all its legs at once', () => {
    const input: PostingInput = { legs: [transfer, capture], raw: true }
    expect(set.hasWanted).toBe(false)
    post.need(input)
    expect(set.tables.filter((table) => table.hasWanted).map((table) => table.name)).toEqual([
      'ledger_accounts',
      'ledger_balances',
      'ledger_holds',
    ])
  })
})
