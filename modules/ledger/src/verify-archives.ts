import type { InstitutionDatabase } from '@huitong/pg'
import { readArchives } from './archive-store.ts'
import type { ArchivedPiece, Archives } from './archives.ts'
import type { FindingList } from './verify-finding.ts'

/** Nothing can be said of a ledger whose archived transfers are not at hand: balances are made of them. */
export class ArchiveMissing extends Error {
  override readonly name = 'ArchiveMissing'

  constructor(first: number, end: number) {
    super(`Batches ${first} to ${end - 1} are archived; name the folder with their files with --archive.`)
  }
}

/** Where the replay reads on. */
interface Stretches {
  /** The last batch of the next chunk, and the file that has its transfers when they are archived. */
  next(after: number, end: number): readonly [end: number, piece?: ArchivedPiece]
}

/** Of stretches that reach beyond the batch `after`: holds the files against what was noted when they were written. What they contain, the hashes of the batches tell. */
export async function archivedStretches(
  db: Pick<InstitutionDatabase, 'read'>,
  archives: Archives | undefined,
  findings: FindingList,
  after: number,
): Promise<Stretches> {
  const stretches = (await db.read(({ sql }) => readArchives(sql))).filter(({ end }) => end - 1 > after)
  const files = await Promise.all(
    stretches.map(async ({ first, end, sha256 }) => {
      const manifest = archives?.of({ first, end })
      if (archives === undefined || manifest === undefined) throw new ArchiveMissing(first, end)
      const found = await archives.hash(manifest)
      if (found !== sha256) findings.add('archive_differs', { batch: first, expected: sha256, found })
      return { first, end, pieceAfter: (after: number) => archives.pieceAfter(manifest, after) }
    }),
  )
  return {
    next: (after, end) => {
      const here = files.find((one) => after + 1 >= one.first && after + 1 < one.end)
      if (here !== undefined) {
        const piece = here.pieceAfter(after)
        if (piece === undefined) throw new ArchiveMissing(after + 1, here.end)
        return [Math.min(end, piece.lastBatch), piece]
      }
      const later = files.find((one) => one.first > after + 1)
      return [later === undefined ? end : Math.min(end, later.first - 1)]
    },
  }
}
