import { committerMigrations } from '@huitong/committer'
import { createInstitution } from '@huitong/testing'
import { describe, expect, it } from 'vitest'
import { ledgerHeadStore } from '../src/head-store.ts'
import { ledgerMigrations } from '../src/migrations.ts'

const heads = ledgerHeadStore('2026-11-22')

async function home() {
  const institution = await createInstitution([committerMigrations, ledgerMigrations])
  return { old: (await institution.dedicated()).sql, fresh: (await institution.dedicated()).sql }
}

describe('taking the head again after a lost connection', () => {
  it('waits for a batch of ours that PostgreSQL is still committing, and then sees it', async () => {
    const { old, fresh } = await home()
    const { generation } = await heads.take(old, 'test')
    await old`begin`
    await old`update ledger_head set number = number + 1 where generation = ${generation}`
    let seen = false
    const retaken = heads.retake(fresh, 'test', generation).then((head) => {
      seen = true
      return head
    })
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(seen).toBe(false)
    await old`commit`
    expect(await retaken).toMatchObject({ number: 1, generation: generation + 1 })
  })

  it('keeps a batch of ours that comes late from committing', async () => {
    const { old, fresh } = await home()
    const head = await heads.take(old, 'test')
    await heads.retake(fresh, 'test', head.generation)
    const hash = Buffer.alloc(32)
    const seal = {
      number: 1,
      previousHash: hash,
      root: hash,
      count: 0,
      at: head.at + 1,
      accountingDay: '2026-11-22',
      lastCounter: 0,
      outcomes: null,
    }
    const late = heads.advance(old, head, { ...head, number: 1, hash, at: head.at + 1 }, seal, [])
    await expect(late).rejects.toMatchObject({ code: '22012' })
  })

  it('is refused when another process holds it', async () => {
    const { old, fresh } = await home()
    const { generation } = await heads.take(old, 'first')
    await heads.take(fresh, 'second')
    expect(await heads.retake(old, 'first', generation)).toBeUndefined()
  })
})
