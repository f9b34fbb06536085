import { describe, expect, it } from 'vitest'
import { readBeancount } from './beancount-reader.ts'
import { readHledger } from './hledger-reader.ts'
import { checkAssertions } from './plain-text-assertions.ts'
import type { PlainJournal } from './plain-text-journal.ts'
import { pairedLegs } from './plain-text-legs.ts'

function shown({ transactions }: PlainJournal): readonly string[] {
  return transactions.map(
    ({ date, description, postings }) =>
      `${date} ${description}: ${postings.map((one) => `${one.account} ${one.minor} ${one.currency}`).join(', ')}`,
  )
}

function refused({ refusals }: PlainJournal): readonly string[] {
  return refusals.map(({ line, code, detail }) => `${line} ${code}: ${detail}`)
}

describe('an hledger journal', () => {
  const journal = readHledger(`; a comment
# another
* a heading
account assets:bank   ; type: A
commodity CNY 1,000.00
D $1,000.00

comment
2020-01-01 not a transaction
  a  1
end comment

2026/3/1 * (INV 7) Rent ; March
    ; a comment of the transaction
    expenses:rent            CNY 3,000.00
    assets:bank                              ; the rest
2026-02-01 Opening
    assets:bank  10000.50 CNY = 10000.50 CNY
    assets:cash  $20
    equity:opening  -10000.50 CNY
    equity:opening  $-20.00
2026-03-02 ! Tea
    ! expenses:food:tea  5
    assets:cash          = $15
`)

  it('is read as transactions in the order of their days, with the amount that was left out', () => {
    expect(refused(journal)).toEqual([])
    expect(shown(journal)).toEqual([
      '2026-02-01 Opening: assets:bank 1000050 CNY, assets:cash 2000 USD, equity:opening -1000050 CNY, equity:opening -2000 USD',
      '2026-03-01 Rent: expenses:rent 300000 CNY, assets:bank -300000 CNY',
      '2026-03-02 Tea: expenses:food:tea 500 USD, assets:cash -500 USD',
    ])
    expect(checkAssertions(journal, new Set())).toEqual({ held: 2, failed: [] })
    expect(checkAssertions(journal, new Set([2])).failed).toMatchObject([
      { line: 24, detail: 'assets:cash was to have 15.00 USD and has 20.00 USD.' },
    ])
  })

  it('names each account once a currency, with its class', () => {
    expect(journal.accounts.map((one) => `${one.name} ${one.class} ${one.currency}`)).toEqual([
      'assets:bank asset CNY',
      'assets:cash asset USD',
      'equity:opening equity CNY',
      'equity:opening equity USD',
      'expenses:rent expense CNY',
      'expenses:food:tea expense USD',
    ])
  })

  it.each([
    ['2026-13-01 x\n  assets:a  1 CNY\n  assets:b', '1 malformed: 2026-13-01 is not a date.'],
    ['2026-01-01 x\n  assets:a  1 CNY', '1 malformed: A transaction has two postings at least.'],
    ['2026-01-01 x\n  assets:a\n  assets:b', '1 malformed: Only one posting of a transaction may have no amount.'],
    [
      '2026-01-01 x\n  assets:a  1 CNY\n  assets:b  -2 CNY',
      '1 not_balanced: The postings in CNY add up to -1.00, not to zero.',
    ],
    ['2026-01-01 x\n  assets:a  1 AAPL\n  assets:b', '1 not_supported: The commodity AAPL is not'],
    ['2026-01-01 x\n  assets:a  1\n  assets:b', '1 not_supported: 1 has no commodity'],
    [
      '2026-01-01 x\n  assets:a  0.001 CNY\n  assets:b',
      '1 not_supported: 0.001 is not an amount of CNY: too_many_decimals.',
    ],
    [
      '2026-01-01 x\n  assets:a  1 USD @ 7 CNY\n  assets:b',
      '1 not_supported: Line 2: costs and lots cannot be brought in.',
    ],
    ['2026-01-01 x\n  (assets:a)  1 USD\n  assets:b', '1 not_supported: Line 2: virtual postings move nothing'],
    ['2026-01-01=2026-01-02 x\n  assets:a  1 USD\n  assets:b', '1 not_supported: A second date is outside'],
    ['2026-01-01 x\n  stuff:a  1 USD\n  assets:b', '1 not_supported: stuff:a: accounts must be below'],
    ['~ monthly\n  expenses:rent  1 CNY\n  assets:a', '1 not_supported: ~ is outside of what can be brought in.'],
    ['include other.journal', '1 not_supported: include is outside of what can be brought in.'],
    ['P 2026-01-01 USD 7.1 CNY', '1 not_supported: P is outside of what can be brought in.'],
    ['2026-01-01 x\n  assets:a  1,00 CNY\n  assets:b', '1 malformed: 1,00 is not a number.'],
  ])('is refused by the line where it goes beyond: %j', (text, reason) => {
    const read = readHledger(`${text}\n\n2026-05-05 good\n  assets:a  1 CNY\n  assets:b\n`)
    expect(refused(read)).toEqual([expect.stringContaining(reason)])
    expect(shown(read)).toHaveLength(1)
  })
})

describe('a beancount file', () => {
  const file = readBeancount(`* Options
option "operating_currency" "CNY"
2026-01-01 open Assets:Bank CNY
2026-01-01 open Equity:Opening
2026-01-02 commodity CNY
  name: "Renminbi"
2026-01-03 * "Bank" "Opening" #start ^link
  source: "paper"
  Assets:Bank       1,000.00 CNY
  Equity:Opening
2026-01-04 txn "Tea"
  Expenses:Food      12.5 CNY ; with milk
  ! Assets:Bank     -12.5 CNY
2026-01-04 balance Assets:Bank  1000.00 CNY
2026-01-05 balance Assets  987.50 CNY
2026-01-05 balance Assets:Bank  1.00 CNY
2026-02-01 close Equity:Opening
`)

  it('is read with texts, comments, metadata, tags and links', () => {
    expect(refused(file)).toEqual([])
    expect(shown(file)).toEqual([
      '2026-01-03 Bank | Opening: Assets:Bank 100000 CNY, Equity:Opening -100000 CNY',
      '2026-01-04 Tea: Expenses:Food 1250 CNY, Assets:Bank -1250 CNY',
    ])
  })

  it('checks balances at the start of their days, with the accounts below', () => {
    expect(checkAssertions(file, new Set())).toMatchObject({
      held: 2,
      failed: [{ line: 16, detail: 'Assets:Bank was to have 1.00 CNY and has 987.50 CNY.' }],
    })
  })

  it.each([
    ['plugin "beancount.plugins.auto"', '1 not_supported: plugin is outside'],
    ['include "other.beancount"', '1 not_supported: include is outside'],
    ['2026-01-01 pad Assets:Bank Equity:Opening', '1 not_supported: pad is outside'],
    ['2026-01-01 * "x"\n  Assets:A  1 HOOL {5 USD}\n  Assets:B', '1 not_supported: Line 2: costs and prices'],
    ['2026-01-01 * "x"\n  Assets:A  one CNY\n  Assets:B', '1 malformed: one CNY is not a number and a currency.'],
    ['2026-01-01 balance Assets:A  1.0 ~ 0.1 CNY', '1 not_supported: A balance with a tolerance'],
  ])('is refused by the line where it goes beyond: %j', (text, reason) => {
    expect(refused(readBeancount(text))).toEqual([expect.stringContaining(reason)])
  })
})

describe('the postings of a transaction', () => {
  it('become movements between two accounts each, that add up to the same', () => {
    const [transaction] = readHledger(`2026-01-01 x
  assets:a   10 CNY
  assets:b   5 CNY
  income:c  -12 CNY
  income:d`).transactions
    if (transaction === undefined) throw new Error('nothing was read')
    expect(pairedLegs(transaction).map((leg) => `${leg.credit} → ${leg.debit} ${leg.minor}`)).toEqual([
      'income:c → assets:a 1000',
      'income:c → assets:b 200',
      'income:d → assets:b 300',
    ])
  })
})
