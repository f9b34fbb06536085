import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { err, invariant, ok, type Result } from '@huitong/kernel'
import type { Sql } from '@huitong/pg'
import { type ArchiveManifest, ArchiveWriter, archiveName, hashOfArchive } from './archive-file.ts'
import {
  archivablePartitions,
  copyOut,
  dropPartition,
  readArchives,
  restorePartition,
  type Stretch,
} from './archive-store.ts'
import type { Archives } from './archives.ts'
import { batchHashes } from './history-store.ts'
import { firstRows } from './verify-journal.ts'
import { readBatches } from './verify-journal-store.ts'

const PIECE_BATCHES = 4000

/**
 * Moves every whole partition of the journal that ended before a day into files, oldest first. A file is whole, on the disk and read back
 * before its partition goes, and both its going and the note of it are one transaction: one that is killed leaves the partition or the file.
 * `sql` is a connection as the owner of the tables, without a transaction.
 */
export async function archiveTransfers(
  sql: Sql,
  institution: string,
  before: string,
  directory: string,
): Promise<readonly ArchiveManifest[]> {
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const done: ArchiveManifest[] = []
  for (const partition of await archivablePartitions(sql, before)) {
    const manifest = await writeStretch(sql, institution, partition, directory)
    const found = await hashOfArchive(join(directory, manifest.file))
    invariant(found === manifest.sha256, `the file ${manifest.file} is not what was written to it`)
    await dropPartition(sql, partition, manifest)
    done.push(manifest)
  }
  return done
}

async function writeStretch(sql: Sql, institution: string, { first, end }: Stretch, directory: string) {
  const file = `${archiveName(institution, { first, end })}.transfers`
  const writer = await ArchiveWriter.create(join(directory, file))
  try {
    let transfers = 0
    for (let after = Math.max(first, 1) - 1; after < end - 1; ) {
      const batches = firstRows(await readBatches(sql, after, end - 1, PIECE_BATCHES))
      const last = batches.at(-1)
      if (last === undefined) break
      const content = await bytesOf(await copyOut(sql, after, last.number))
      const rows = rowsIn(content)
      await writer.add(last.number, rows, content)
      transfers += rows
      after = last.number
    }
    const [lastHash] = await batchHashes(sql, end - 2, end - 1)
    return await writer.finish({ institution, first, end, transfers, lastHash: lastHash?.toString('hex') ?? '', file })
  } catch (error) {
    await writer.abandon()
    throw error
  }
}

async function bytesOf(stream: Readable): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) if (Buffer.isBuffer(chunk)) chunks.push(chunk)
  return Buffer.concat(chunks)
}

const HEADER_BYTES = 19
const TRAILER_BYTES = 2

/** All rows of a copy of transfers have the same width. */
function rowsIn(content: Buffer): number {
  const body = content.length - HEADER_BYTES - content.readInt32BE(HEADER_BYTES - 4) - TRAILER_BYTES
  const columns = body === 0 ? 0 : content.readInt16BE(HEADER_BYTES)
  const rows = body === 0 ? 0 : body / (2 + columns * 12)
  invariant(Number.isInteger(rows), 'a copy of transfers has rows of one width')
  return rows
}

/** Brings an archived stretch back into the journal, as the owner of the tables. Returns how many transfers came back. */
export async function restoreArchive(
  sql: Sql,
  archives: Archives,
  manifest: ArchiveManifest,
): Promise<Result<number, string>> {
  const noted = (await readArchives(sql)).find((one) => one.first === manifest.first && one.end === manifest.end)
  if (noted === undefined) return err(`Batches ${manifest.first} to ${manifest.end - 1} are not archived.`)
  if ((await archives.hash(manifest)) !== noted.sha256)
    return err(`The file ${manifest.file} is not the one that was written.`)
  const name = `ledger_transfers_${manifest.first}_${manifest.end}`
  return ok(await restorePartition(sql, manifest, name, archives.pieces(manifest)))
}
