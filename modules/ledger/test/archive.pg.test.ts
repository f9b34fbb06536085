import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parsePublicId } from '@huitong/kernel'
import type { Sql } from '@huitong/pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { archiveTransfers, restoreArchive } from '../src/archive.ts'
import { ArchivedEntries } from '../src/archived.ts'
import { type Archives, openArchives } from '../src/archives.ts'
import { balancesAsOf } from '../src/as-of-store.ts'
import { readEntries } from '../src/entry-store.ts'
import { EXPORT_COLUMNS, type ExportRow, exportRows } from '../src/export.ts'
import { findEntry } from '../src/journal-entry-read-store.ts'
import { findAccount, statement } from '../src/ledger-read-store.ts'
import { findMetadata } from '../src/metadata-read-store.ts'
import { readTransferProof } from '../src/transfer-proof-store.ts'
import { verifyLedger } from '../src/verify.ts'
import { ArchiveMissing } from '../src/verify-archives.ts'
import { move } from './ledger-world.ts'
import { type History, institutionKey, writeHistory } from './verify-history.ts'

/** Partitions are made about every thousand batches, so this is the smallest size of which two are always there. */
const PARTITION = 512

let history: History
let folder: string
let owner: Sql
let before: readonly ExportRow[]

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'huitong-archive-'))
  history = await writeHistory(PARTITION)
  const { world } = history
  owner = (await world.institution.dedicated({})).sql
  while (world.committer.status().batch < PARTITION + 40) await history.post(move(history.alice, history.bob, 1n))
  await world.committer.submit({ kind: world.commands.closeDay, input: { next: '2026-12-01' } })
  for (let count = 0; count < 5; count += 1) await history.post(move(history.alice, history.bob, 1n))
  await history.sign()
  await world.committer.flush()
  before = await transfers()
}, 240_000)

afterAll(async () => {
  await history.world.committer.stop()
  await rm(folder, { recursive: true, force: true })
})

async function transfers(): Promise<readonly ExportRow[]> {
  const rows: ExportRow[] = []
  const query = { what: 'transfers', from: null, to: null } as const
  for await (const page of exportRows(history.world.institution.db, query)) rows.push(...page)
  return rows
}

async function archives(): Promise<Archives> {
  const opened = await openArchives(folder, history.world.institution.schema)
  if (!opened.ok) throw new Error(opened.error)
  return opened.value
}

async function verify(withArchives = true) {
  const signedHeads = { heads: history.signedHeads, publicKey: institutionKey.publicKey }
  const files = withArchives ? { archives: await archives() } : {}
  return await verifyLedger(history.world.institution.db, { signedHeads, ...files })
}

function archive(day: string) {
  return archiveTransfers(owner, history.world.institution.schema, day, folder)
}

describe('an old stretch of the journal', () => {
  it('stays where it is while its day may still be asked for', async () => {
    expect(await archive('2026-11-22')).toEqual([])
    expect(await readdir(folder)).toEqual([])
  })

  it('stays whole when it cannot be detached just now, with nothing but a file that the next try writes anew', async () => {
    const reader = (await history.world.institution.dedicated({})).sql
    await reader`begin`
    await reader`select count(*) from ledger_transfers`
    await expect(archive('2026-12-01')).rejects.toThrow(/lock timeout/)
    await reader`rollback`
    expect((await verify(false)).findings).toEqual([])
    expect(await transfers()).toEqual(before)
  }, 240_000)

  it('goes into a file, without which nothing is verified and with which everything is', async () => {
    const [done, ...others] = await archive('2026-12-01')
    expect(others).toEqual([])
    expect(done).toMatchObject({ first: 0, end: PARTITION })
    expect((await readdir(folder)).toSorted()).toEqual([done?.file, `${done?.file}.json`])
    await expect(verify(false)).rejects.toThrow(ArchiveMissing)
    const report = await verify()
    expect(report.findings).toEqual([])
    expect(report.transfers).toBe(before.length)
    expect(await archive('2026-12-01')).toEqual([])
  }, 240_000)

  it('lets the ledger work on, and tells readers of what is in it that it is archived', async () => {
    const { world, alice, bob, carol } = history
    await history.post(move(alice, bob, 1n))
    await world.committer.flush()
    expect((await verify()).findings).toEqual([])
    const { db } = world.institution
    const view = await db.read((tx) => findAccount(tx, alice))
    const last = { sequence: view?.balance.sequence ?? 0, location: view?.balance.lastEntry ?? 0 }
    const newest = await db.read((tx) => readEntries(tx, alice, last.sequence - 3, last.sequence, last))
    expect(newest).toHaveLength(4)
    await expect(db.read((tx) => readEntries(tx, alice, 1, 10, last))).rejects.toThrow(ArchivedEntries)
    await expect(db.read((tx) => balancesAsOf(tx, [alice], 100))).rejects.toThrow(ArchivedEntries)
    // Carol has not moved since, and her last entries are all in the file.
    const { batch } = world.committer.status()
    await expect(db.read((tx) => balancesAsOf(tx, [carol], batch))).rejects.toThrow(ArchivedEntries)
    expect((await db.read((tx) => balancesAsOf(tx, [alice], batch))).get(alice)).toEqual(view?.balance)
    const shown = await db.read((tx) => statement(tx, alice, last.location, 10_000))
    expect(shown.length).toBeGreaterThan(5)
    expect(shown.at(-1)?.previous).not.toBeNull()
    const old = before.find((row) => row[0] !== null)?.[EXPORT_COLUMNS.transfers.indexOf('id')]
    const id = parsePublicId('tran', String(old))
    if (!id.ok) throw new Error(`${old} is no transfer`)
    await expect(db.read((tx) => findEntry(tx, id.value))).rejects.toThrow(ArchivedEntries)
    await expect(db.read((tx) => findMetadata(tx, 'transfer', id.value))).rejects.toThrow(ArchivedEntries)
    const head = history.signedHeads.at(-1)
    if (head === undefined) throw new Error('no head was signed')
    await expect(db.read((tx) => readTransferProof(tx, id.value, head))).rejects.toThrow(ArchivedEntries)
    await expect(transfers()).rejects.toThrow(ArchivedEntries)
  }, 240_000)

  it('betrays a file that was changed', async () => {
    const [name = ''] = (await readdir(folder)).filter((one) => one.endsWith('.transfers.json'))
    const manifest = JSON.parse(await readFile(join(folder, name), 'utf8'))
    const genuine = await readFile(join(folder, manifest.file))
    // The last byte of a gzip member is of its length, which the reader checks.
    const changed = Buffer.from(genuine)
    changed[4] = (changed[4] ?? 0) ^ 1
    await writeFile(join(folder, manifest.file), changed)
    expect((await verify()).findings).toMatchObject([{ code: 'archive_differs', batch: 0 }])
    const opened = await archives()
    const [first] = opened.manifests
    if (first === undefined) throw new Error('nothing was archived')
    expect(await restoreArchive(owner, opened, first)).toMatchObject({ ok: false })
    await writeFile(join(folder, manifest.file), genuine)
  }, 240_000)

  it('comes back as it was', async () => {
    const opened = await archives()
    const [first] = opened.manifests
    if (first === undefined) throw new Error('nothing was archived')
    expect(await restoreArchive(owner, opened, first)).toEqual({ ok: true, value: first.transfers })
    expect((await transfers()).slice(0, before.length)).toEqual(before)
    expect((await verify(false)).findings).toEqual([])
    expect(await restoreArchive(owner, opened, first)).toMatchObject({ ok: false })
  }, 240_000)
})
