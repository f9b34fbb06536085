import { expect, test } from 'vitest'
import { Auditor } from './auditor.ts'
import type { AuditedBalance } from './auditor-books.ts'

function fresh(): Auditor {
  const auditor = new Auditor()
  auditor.opened('cash', { normal: 'debit', floorMinor: null })
  auditor.opened('alice', { normal: 'credit', floorMinor: 0n })
  auditor.opened('shop', { normal: 'credit', floorMinor: null })
  auditor.asked('fund', [{ kind: 'transfer', debit: 'cash', credit: 'alice', amountMinor: 100n }])
  auditor.answered('fund', 'accepted', '1')
  return auditor
}

function balance(dp: bigint, cp: bigint, dh = 0n, ch = 0n): AuditedBalance {
  return { debitsPosted: dp, creditsPosted: cp, debitsPending: dh, creditsPending: ch }
}

test('balances follow transfers, holds, partial posts, voids and expiries that were accepted, and nothing else', () => {
  const auditor = fresh()
  const hold = (name: string, amountMinor: bigint) =>
    auditor.asked(name, [{ kind: 'hold', hold: name, debit: 'alice', credit: 'shop', amountMinor }])
  for (const name of ['h1', 'h2', 'h3', 'h4']) {
    hold(name, 10n)
    auditor.answered(name, name === 'h4' ? 'refused' : 'accepted', name)
  }
  auditor.asked('post', [{ kind: 'post', hold: 'h1', amountMinor: 7n }])
  auditor.answered('post', 'accepted', '')
  auditor.expired('h2')
  const found = new Map([
    ['cash', balance(100n, 0n)],
    ['alice', balance(7n, 100n, 10n)],
    ['shop', balance(0n, 7n, 0n, 10n)],
  ])
  expect(auditor.compare(found)).toEqual([])
  found.set('shop', balance(0n, 8n, 0n, 10n))
  expect(auditor.compare(found)).toEqual([
    'account shop shows debits 0+0 credits 8+10 and must show debits 0+0 credits 7+10',
  ])
})

test('balances follow increases, parts of holds, reversals in parts, and nothing that was only frozen', () => {
  const auditor = fresh()
  const say = (key: string, request: Parameters<Auditor['asked']>[1][number]) => {
    auditor.asked(key, [request])
    auditor.answered(key, 'accepted', key)
  }
  say('hold', { kind: 'hold', hold: 'h', debit: 'alice', credit: 'shop', amountMinor: 10n })
  say('more', { kind: 'increase', hold: 'h', amountMinor: 20n })
  say('part', { kind: 'post', hold: 'h', amountMinor: 12n, keepsRest: true })
  say('pay', { kind: 'transfer', transfer: 't', debit: 'alice', credit: 'shop', amountMinor: 30n })
  say('back', { kind: 'reverse', transfer: 't', amountMinor: 25n })
  say('freeze', { kind: 'freeze', freeze: 'f', account: 'alice' })
  const found = new Map([
    ['cash', balance(100n, 0n)],
    ['alice', balance(42n, 125n, 18n)],
    ['shop', balance(25n, 42n, 0n, 18n)],
  ])
  expect(auditor.compare(found)).toEqual([])
  say('lift', { kind: 'lift', freeze: 'f' })
  say('rest', { kind: 'post', hold: 'h', amountMinor: 18n, keepsRest: true })
  found.set('alice', balance(60n, 125n)).set('shop', balance(25n, 60n))
  expect(auditor.compare(found)).toEqual([])
  say('too late', { kind: 'increase', hold: 'h', amountMinor: 1n })
  say('too much', { kind: 'reverse', transfer: 't', amountMinor: 6n })
  say('twice', { kind: 'lift', freeze: 'f' })
  expect(auditor.compare(found).slice(0, 3)).toEqual([
    'key too late: hold h was increased after it had been posted',
    'key too much: more of transfer t was taken back than it moved',
    'key twice: freeze f was lifted and was not active',
  ])
})

test('a repeated key may not be answered differently and counts once', () => {
  const auditor = fresh()
  auditor.answered('fund', 'accepted', '1')
  expect(auditor.balanceOf('alice')).toEqual(balance(0n, 100n))
  auditor.answered('fund', 'refused', '1')
  expect(auditor.compare(new Map())[0]).toBe('key fund was answered "accepted 1" and later "refused 1"')
})

test('an unanswered key makes balances unknown until it is asked for again', () => {
  const auditor = fresh()
  auditor.asked('lost', [{ kind: 'transfer', debit: 'alice', credit: 'shop', amountMinor: 1n }])
  expect(auditor.unknownKeys()).toEqual(['lost'])
  expect(auditor.compare(new Map())[0]).toContain('lost has no answer yet')
  auditor.answered('lost', 'refused', 'never happened')
  expect(auditor.unknownKeys()).toEqual([])
})

test('what should never have been accepted is named', () => {
  const auditor = fresh()
  auditor.asked('over', [{ kind: 'transfer', debit: 'alice', credit: 'shop', amountMinor: 101n }])
  auditor.answered('over', 'accepted', '')
  auditor.asked('none', [{ kind: 'transfer', debit: 'alice', credit: 'nobody', amountMinor: 0n }])
  auditor.answered('none', 'accepted', '')
  auditor.asked('ghost', [{ kind: 'post', hold: 'ghost', amountMinor: 1n }])
  auditor.answered('ghost', 'accepted', '')
  const problems = auditor.compare(new Map())
  expect(problems).toContain('account alice was let below its floor: -1 < 0')
  expect(problems).toContain('key none: an amount of 0 was accepted')
  expect(problems).toContain('key none: account nobody moved and was never opened')
  expect(problems).toContain('key ghost: hold ghost was posted and never made')
})
