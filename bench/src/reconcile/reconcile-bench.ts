import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { committerMigrations, startCommitter, WorkingSet } from '@huitong/committer'
import { CNY, seededChance, systemClock } from '@huitong/kernel'
import { createBooks, createLedgerCommands, ledgerHeadStore, ledgerMigrations, type PostingLeg } from '@huitong/ledger'
import { migrate, openDatabase, startEmbedded } from '@huitong/pg'
import { METADATA_KEYS, reconcileStatement, reconciliationMigrations } from '@huitong/reconciliation'
import type { Bench, BenchOptions } from '../bench-options.ts'

const LINES = 1_000_000
/** One of so many references is damaged on its way. */
const DAMAGED_EVERY = 100
const SCHEMA = 'bench'
const LEGS = 100
const AT_ONCE = 64
const DAY = '2026-11-22'

/**
 * A million lines of a bank's statement, one in a hundred with a damaged reference and one with a cent too much, against a million entries of
 * the ledger: read, matched and stored. The baseline is what the database alone takes to join the two by reference, when all are right.
 */
async function reconcileBench({ json }: BenchOptions): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), 'huitong-bench-'))
  const server = await startEmbedded({ dataDir })
  const database = openDatabase(server.connection)
  try {
    await migrate(database, SCHEMA, [ledgerMigrations, committerMigrations, reconciliationMigrations])
    const db = database.institution(SCHEMA)
    const set = new WorkingSet()
    const books = createBooks(set)
    const commands = createLedgerCommands(set, books)
    const committer = await startCommitter({
      ...{ set, heads: ledgerHeadStore(DAY), connect: () => database.dedicated(SCHEMA), holder: 'bench' },
      clock: systemClock(),
    })
    const accountOf = async (subject: '1002' | '2003') => {
      const input = { slot: 0, subject, currency: CNY, owner: null, floorMinor: null }
      const outcome = await committer.submit({ kind: commands.openAccount, input })
      if (outcome.status !== 'done') throw new Error(JSON.stringify(outcome))
      return outcome.answer.account
    }
    const [bank, transit] = [await accountOf('1002'), await accountOf('2003')]
    const chance = seededChance(1)
    const amounts = Array.from({ length: LINES }, () => BigInt(1 + chance.below(50_000_00)))
    const nameOf = (index: number) =>
      `PAY${String((index * 7_919 + 104_729) % 1_000_000_007).padStart(10, '0')}${index % 97}`
    const post = async (from: number) => {
      const legs = Array.from({ length: LEGS }, (_, leg): PostingLeg => {
        const index = from + leg
        return {
          ...{ type: 'transfer', debit: bank, credit: transit, amountMinor: amounts[index] ?? 1n, currency: CNY },
          ...{ code: 'adjustment', reference: null, expiresAt: null },
          metadata: new Map([['reference', nameOf(index)]]),
        }
      })
      const outcome = await committer.submit({ kind: commands.post, input: { legs, raw: false } })
      if (outcome.status !== 'done') throw new Error(JSON.stringify(outcome))
    }
    for (let from = 0; from < LINES; from += LEGS * AT_ONCE) {
      const starts = Array.from({ length: AT_ONCE }, (_, index) => from + index * LEGS).filter((start) => start < LINES)
      await Promise.all(starts.map(post))
    }
    await committer.stop()
    process.stderr.write(`${LINES} entries are in the ledger\n`)

    const rows = ['day,amount,reference']
    for (let index = 0; index < LINES; index += 1) {
      const name = nameOf(index)
      const damaged = index % DAMAGED_EVERY === 7 ? `${name.slice(0, 6)}#${name.slice(7)}` : name
      const minor = (amounts[index] ?? 1n) + (index === LINES / 2 ? 1n : 0n)
      rows.push(`${DAY},${minor / 100n}.${String(minor % 100n).padStart(2, '0')},${damaged}`)
    }
    const bytes = Buffer.from(rows.join('\n'), 'utf8')

    const joined = await timed(() =>
      db.read(
        ({ sql }) => sql`
          select count(*) from ledger_metadata m join ledger_metadata n on n.value = m.value and n.key = m.key and n.object = m.object`,
      ),
    )
    const done = await timed(() =>
      reconcileStatement(
        { db, clock: systemClock() },
        { account: bank, format: 'csv', bytes, windowDays: 3, metadataKeys: METADATA_KEYS, by: 'bench' },
      ),
    )
    if (!done.value.ok) throw new Error(JSON.stringify(done.value.error))
    const { lines, matched, differing } = done.value.value
    if (matched !== LINES - 1 || differing !== 1) throw new Error(`${matched} of ${lines} agree, ${differing} differ`)
    const row = {
      ...{ name: 'million-lines', seconds: Number(done.seconds.toFixed(2)), per_s: Math.round(LINES / done.seconds) },
      ...{ baseline: 'join-in-database', baseline_seconds: Number(joined.seconds.toFixed(2)) },
      ratio: Number((done.seconds / joined.seconds).toFixed(2)),
    }
    const line = `${row.name}  ${row.seconds} s, ${row.ratio} times ${row.baseline} (${row.baseline_seconds} s); all but one line agree`
    process.stdout.write(`${json ? JSON.stringify(row) : line}\n`)
  } finally {
    await database.close()
    await server.stop()
    await rm(dataDir, { recursive: true, force: true })
  }
}

async function timed<T>(work: () => Promise<T>): Promise<{ readonly value: T; readonly seconds: number }> {
  const began = performance.now()
  const value = await work()
  return { value, seconds: (performance.now() - began) / 1000 }
}

export const RECONCILE_BENCH: Bench = {
  about: 'a statement of a million lines against the ledger',
  rows: ['million-lines'],
  run: reconcileBench,
}
