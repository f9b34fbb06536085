import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { promisify } from 'node:util'
import { gunzip, gzip } from 'node:zlib'
import { err, ok, type Result } from '@huitong/kernel'
import type { Stretch } from './archive-store.ts'
import { TRANSFER_COLUMNS } from './verify-rows.ts'

const compress = promisify(gzip)
const decompress = promisify(gunzip)

/** Batches that stand together in a file: one gzip member, whose content is a binary copy of PostgreSQL. */
export interface ArchivePiece {
  readonly lastBatch: number
  readonly rows: number
  readonly offset: number
  readonly bytes: number
}

/** What says of a file of transfers all that is needed to read it; it stands beside it as JSON. */
export interface ArchiveManifest {
  readonly version: 1
  readonly institution: string
  readonly first: number
  readonly end: number
  readonly transfers: number
  /** Hash of the last batch before `end`, hexadecimal: what the next batch names. */
  readonly lastHash: string
  readonly columns: readonly string[]
  readonly file: string
  /** Of the file, hexadecimal. */
  readonly sha256: string
  readonly pieces: readonly ArchivePiece[]
}

/** In the order in which they are copied. */
const ARCHIVE_COLUMNS: readonly string[] = Object.keys(TRANSFER_COLUMNS)

export function archiveName(institution: string, { first, end }: Stretch): string {
  return `${institution}-${first}-${end}`
}

/** A file that grows piece by piece and appears under its name only when it is whole and on the disk. */
export class ArchiveWriter {
  readonly #path: string
  readonly #pieces: ArchivePiece[] = []
  readonly #hash = createHash('sha256')
  readonly #file
  #offset = 0

  private constructor(path: string, file: Awaited<ReturnType<typeof open>>) {
    this.#path = path
    this.#file = file
  }

  static async create(path: string): Promise<ArchiveWriter> {
    return new ArchiveWriter(path, await open(`${path}.part`, 'w', 0o600))
  }

  async add(lastBatch: number, rows: number, content: Buffer): Promise<void> {
    const member = await compress(content)
    await this.#file.writeFile(member)
    this.#hash.update(member)
    this.#pieces.push({ lastBatch, rows, offset: this.#offset, bytes: member.length })
    this.#offset += member.length
  }

  async finish(
    about: Pick<ArchiveManifest, 'institution' | 'first' | 'end' | 'transfers' | 'lastHash' | 'file'>,
  ): Promise<ArchiveManifest> {
    await this.#file.sync()
    await this.#file.close()
    const sha256 = this.#hash.digest('hex')
    const manifest: ArchiveManifest = { version: 1, ...about, columns: ARCHIVE_COLUMNS, sha256, pieces: this.#pieces }
    const json = await open(`${this.#path}.json.part`, 'w', 0o600)
    await json.writeFile(`${JSON.stringify(manifest, null, 2)}\n`)
    await json.sync()
    await json.close()
    await rename(`${this.#path}.part`, this.#path)
    await rename(`${this.#path}.json.part`, `${this.#path}.json`)
    return manifest
  }

  async abandon(): Promise<void> {
    await this.#file.close()
  }
}

export async function hashOfArchive(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path)) hash.update(chunk)
  return hash.digest('hex')
}

/** Reads a manifest of ours; another file is told as such. */
export async function readManifest(path: string): Promise<Result<ArchiveManifest, string>> {
  const parsed: unknown = JSON.parse(await readFile(path, 'utf8'))
  return isManifest(parsed) ? ok(parsed) : err(`${path} is no manifest of an archive.`)
}

function isManifest(value: unknown): value is ArchiveManifest {
  if (typeof value !== 'object' || value === null) return false
  const fields = new Map(Object.entries(value))
  const columns: unknown = fields.get('columns')
  return (
    fields.get('version') === 1 &&
    Array.isArray(fields.get('pieces')) &&
    Array.isArray(columns) &&
    columns.join() === ARCHIVE_COLUMNS.join() &&
    ['institution', 'sha256', 'lastHash', 'file'].every((name) => typeof fields.get(name) === 'string') &&
    ['first', 'end', 'transfers'].every((name) => Number.isSafeInteger(fields.get(name)))
  )
}

/** The content of a piece. */
export async function openPiece(directory: string, { file }: ArchiveManifest, piece: ArchivePiece): Promise<Readable> {
  const handle = await open(join(directory, file), 'r')
  try {
    const member = Buffer.alloc(piece.bytes)
    await handle.read(member, 0, piece.bytes, piece.offset)
    return Readable.from([await decompress(member)])
  } finally {
    await handle.close()
  }
}
