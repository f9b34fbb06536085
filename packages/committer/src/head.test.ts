import { hash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { type BatchSeal, sealHash } from './head.ts'

const seal: BatchSeal = {
  number: 258,
  previousHash: Buffer.alloc(32, 0xaa),
  root: Buffer.alloc(32, 0xbb),
  count: 3,
  at: 1_800_000_000_000_001,
  accountingDay: '2026-11-22',
  lastCounter: 4096,
  outcomes: null,
}

describe('the hash of a batch', () => {
  it('is SHA-256 over the published form, byte for byte', () => {
    const form = [
      '01',
      '0000000000000102',
      '00000003',
      '0006651728988001',
      Buffer.from('2026-11-22').toString('hex'),
      '0000000000001000',
      'aa'.repeat(32),
      'bb'.repeat(32),
    ].join('')
    expect(sealHash(seal).toString('hex')).toBe(hash('sha256', Buffer.from(form, 'hex'), 'hex'))
  })

  it('has another form, with their digest at the end, when something is remembered of its commands', () => {
    const outcomes = Buffer.alloc(32, 0xcc)
    const form = `02${'0000000000000102'}${'00000003'}${'0006651728988001'}${Buffer.from('2026-11-22').toString('hex')}`
    const rest = `${'0000000000001000'}${'aa'.repeat(32)}${'bb'.repeat(32)}${'cc'.repeat(32)}`
    expect(sealHash({ ...seal, outcomes }).toString('hex')).toBe(hash('sha256', Buffer.from(form + rest, 'hex'), 'hex'))
  })

  it.each([
    { number: 259 },
    { previousHash: Buffer.alloc(32, 0xab) },
    { root: Buffer.alloc(32, 0xbc) },
    { count: 4 },
    { at: 1_800_000_000_000_002 },
    { accountingDay: '2026-11-23' },
    { lastCounter: 4097 },
    { outcomes: Buffer.alloc(32) },
  ] satisfies Partial<BatchSeal>[])('is another one when %o changes', (change) => {
    expect(sealHash({ ...seal, ...change }).equals(sealHash(seal))).toBe(false)
  })
})
