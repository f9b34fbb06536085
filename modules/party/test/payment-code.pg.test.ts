import { testDatabase } from '@huitong/testing'
import { beforeAll, describe, expect, test } from 'vitest'
import { PAYMENT_CODE_LIFE } from '../src/index.ts'
import { answerOf, type PartyWorld, startPartyWorld, told } from './party-world.ts'

let world: PartyWorld
let customerId: number

beforeAll(async () => {
  world = await startPartyWorld({ liveCodesMax: 3 })
  customerId = await world.newCustomer('Payer', '15900000001')
})

function redeem(codeHash: string) {
  return world.committer.submit({ kind: world.commands.redeem, input: codeHash })
}

describe('payment codes', () => {
  test('work once', async () => {
    const { digits, codeHash } = await world.issueCode(customerId)
    expect(digits).toMatch(/^(2[5-9]|30)[0-9]{16}$/)
    expect(answerOf(await redeem(codeHash))).toBe(customerId)
    expect(told(await redeem(codeHash))).toBe('code_used')
  })

  test('are used by one of a hundred who try at once', async () => {
    const { codeHash } = await world.issueCode(customerId)
    const codes = (await Promise.all(Array.from({ length: 100 }, () => redeem(codeHash)))).map(told)
    expect(codes.filter((code) => code === 'done')).toHaveLength(1)
    expect(codes.filter((code) => code === 'code_used')).toHaveLength(99)
  })

  test('are worthless from the end of their minute on', async () => {
    const early = await world.issueCode(customerId)
    const late = await world.issueCode(customerId)
    world.clock.set(answerOf(early.outcome).expiresAt - 1)
    expect(told(await redeem(early.codeHash))).toBe('done')
    world.clock.set(answerOf(late.outcome).expiresAt)
    expect(told(await redeem(late.codeHash))).toBe('code_expired')
  })

  test('that nobody issued are unknown', async () => {
    expect(told(await redeem(world.vault.index('payment-code', '251234567890123456')))).toBe('code_unknown')
  })

  test('are only issued to customers who exist', async () => {
    expect(told((await world.issueCode(987_654_321)).outcome)).toBe('customer_unknown')
  })

  test('are limited in number while unused, and using one makes room', async () => {
    const payer = await world.newCustomer('Greedy', '15900000002')
    const issued = [await world.issueCode(payer), await world.issueCode(payer), await world.issueCode(payer)]
    expect(issued.map((each) => told(each.outcome))).toEqual(['done', 'done', 'done'])
    expect(told((await world.issueCode(payer)).outcome)).toBe('too_many_live_codes')
    answerOf(await redeem(issued[1]?.codeHash ?? ''))
    expect(told((await world.issueCode(payer)).outcome)).toBe('done')
    expect(told((await world.issueCode(payer)).outcome)).toBe('too_many_live_codes')
    // A batch is at least a microsecond later than the one before, even while the clock stands still.
    world.clock.advance(PAYMENT_CODE_LIFE + 1_000)
    expect(told((await world.issueCode(payer)).outcome)).toBe('done')
  })

  test('cannot get past the limit by coming at once', async () => {
    const payer = await world.newCustomer('Hasty', '15900000003')
    const outcomes = await Promise.all(Array.from({ length: 12 }, () => world.issueCode(payer)))
    expect(outcomes.filter((each) => told(each.outcome) === 'done')).toHaveLength(3)
  })

  test('leave no digits and no plain hash in the database', async () => {
    world.clock.advance(PAYMENT_CODE_LIFE)
    const { digits, codeHash } = await world.issueCode(customerId)
    const table = `${world.institution.schema}.party_payment_codes`
    const rows = await testDatabase().owner.unsafe(`select to_jsonb(t)::text as row from ${table} t`)
    const text = rows.map((row) => String(row.row)).join('\n')
    expect(text).toContain(codeHash)
    expect(text).not.toContain(digits)
    const { createHash } = await import('node:crypto')
    expect(text).not.toContain(createHash('sha256').update(digits).digest('hex'))
  })
})
