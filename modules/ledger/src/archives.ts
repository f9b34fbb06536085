import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { ok, type Result } from '@huitong/kernel'
import { type ArchiveManifest, hashOfArchive, openPiece, readManifest } from './archive-file.ts'
import type { Stretch } from './archive-store.ts'

/** The archives of an institution in a folder, with the files to which they belong. */
export async function openArchives(directory: string, institution: string): Promise<Result<Archives, string>> {
  const manifests: ArchiveManifest[] = []
  for (const name of await readdir(directory)) {
    if (!name.endsWith('.transfers.json')) continue
    const manifest = await readManifest(join(directory, name))
    if (!manifest.ok) return manifest
    if (manifest.value.institution === institution) manifests.push(manifest.value)
  }
  return ok(new Archives(directory, manifests))
}

export interface ArchivedPiece {
  readonly lastBatch: number
  readonly open: () => Promise<Readable>
}

export class Archives {
  readonly #directory: string
  readonly manifests: readonly ArchiveManifest[]

  constructor(directory: string, manifests: readonly ArchiveManifest[]) {
    this.#directory = directory
    this.manifests = manifests
  }

  /** The stretch that is archived in the database and has a file here. */
  of({ first, end }: Stretch): ArchiveManifest | undefined {
    return this.manifests.find((one) => one.first === first && one.end === end)
  }

  async hash({ file }: ArchiveManifest): Promise<string> {
    return await hashOfArchive(join(this.#directory, file))
  }

  /** The piece that begins behind this batch. */
  pieceAfter(manifest: ArchiveManifest, after: number): ArchivedPiece | undefined {
    const piece = manifest.pieces.find((one) => one.lastBatch > after)
    return piece === undefined
      ? undefined
      : { lastBatch: piece.lastBatch, open: () => openPiece(this.#directory, manifest, piece) }
  }

  async *pieces(manifest: ArchiveManifest): AsyncGenerator<Readable> {
    for (const piece of manifest.pieces) yield await openPiece(this.#directory, manifest, piece)
  }
}
