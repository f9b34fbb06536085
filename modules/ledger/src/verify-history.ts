import { leafHash } from '@huitong/committer'
import type { InstitutionDatabase } from '@huitong/pg'
import { batchHashes, HISTORY_LEVELS, readNodes } from './history-store.ts'
import { rootOver } from './merkle-path.ts'
import type { FindingList } from './verify-finding.ts'

const [LOW, HIGH] = HISTORY_LEVELS
const FAN = 2 ** (HIGH - LOW)

/** The kept parts of the history tree must be made of the hashes of the batches; `after` and `end` are batches that are committed; parts that end before `after` are not looked at. */
export async function checkHistory(
  db: Pick<InstitutionDatabase, 'read'>,
  findings: FindingList,
  end: number,
  after: number,
): Promise<void> {
  for (let high = Math.floor(after / 2 ** HIGH); high * 2 ** HIGH < end; high += 1) {
    await db.read(async ({ sql }) => {
      const first = high * 2 ** HIGH
      const leaves = (await batchHashes(sql, first, Math.min(first + 2 ** HIGH, end))).map((hash) => leafHash(hash))
      const kept = await readNodes(sql, LOW, high * FAN, (high + 1) * FAN)
      const roots: Buffer[] = []
      for (let at = 0; at + 2 ** LOW <= leaves.length; at += 2 ** LOW)
        roots.push(rootOver(leaves.slice(at, at + 2 ** LOW)))
      for (const [index, root] of roots.entries()) compare(findings, LOW, high * FAN + index, root, kept)
      if (roots.length === FAN)
        compare(findings, HIGH, high, rootOver(roots), await readNodes(sql, HIGH, high, high + 1))
    })
  }
}

/** A part that is not kept yet is made when it is needed. */
function compare(
  findings: FindingList,
  level: number,
  index: number,
  root: Buffer,
  kept: ReadonlyMap<number, Buffer>,
): void {
  const found = kept.get(index)
  if (found === undefined || found.equals(root)) return
  const facts = { batch: (index + 1) * 2 ** level, what: `level ${level}` }
  findings.add('history_differs', { ...facts, expected: root.toString('hex'), found: found.toString('hex') })
}
