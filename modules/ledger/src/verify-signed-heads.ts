import type { KeyObject } from 'node:crypto'
import { microsToIso } from '@huitong/kernel'
import type { InstitutionDatabase } from '@huitong/pg'
import { historyRoots, readHistoryTree } from './history-store.ts'
import { HistoryTree } from './history-tree.ts'
import { type SignedHead, verifySignedHead } from './signed-head.ts'
import type { FindingList } from './verify-finding.ts'
import { readHashes } from './verify-journal-store.ts'

export interface SignedHeads {
  readonly heads: Iterable<SignedHead> | AsyncIterable<SignedHead>
  readonly publicKey: KeyObject
  /** Name under which the institution signs; its schema. */
  readonly institution: string
  /** Those of batches before a checkpoint too: of heads that came from elsewhere, each is to be looked at. */
  readonly all?: boolean
}

/** Signatures checked between two reads: about a tenth of a second. */
const CHUNK = 1000

/**
 * Holds signed heads against the batches that stand in the ledger now. Whoever builds a chain anew, hashes and all, cannot sign it.
 * Heads signed meanwhile are welcome: they were committed before they were signed.
 * `history` is of the batches before a checkpoint; their heads are left out unless all are asked for. Returns how many were looked at.
 */
export async function checkSignedHeads(
  db: Pick<InstitutionDatabase, 'read'>,
  signed: SignedHeads,
  findings: FindingList,
  history: HistoryTree,
): Promise<number> {
  let count = 0
  let chunk: SignedHead[] = []
  let tree = signed.all === true ? new HistoryTree() : history
  const after = tree.size
  async function flush(): Promise<void> {
    const heads = chunk
    chunk = []
    const { seals, roots } = await db.read(async ({ sql }) => {
      const seals = await readHashes(
        sql,
        heads.map((head) => head.number),
      )
      const numbers = heads
        .filter((head) => head.historyRoot !== null && seals.has(head.number))
        .map((head) => head.number)
        .toSorted((a, b) => a - b)
      const [first] = numbers
      // Heads stand in their order in the file of the server; any other file may go back.
      if (first !== undefined && first < tree.size) tree = await readHistoryTree(sql, first)
      return { seals, roots: await historyRoots(sql, tree, numbers) }
    })
    for (const head of heads) {
      const batch = head.number
      const seal = seals.get(batch)
      if (head.institution !== signed.institution) {
        findings.add('signed_head_of_other', { batch, expected: signed.institution, found: head.institution })
      } else if (!verifySignedHead(signed.publicKey, head)) findings.add('signed_head_forged', { batch })
      else if (seal === undefined) findings.add('signed_head_beyond_end', { batch, expected: head.hash })
      else {
        for (const [what, expected, found] of [
          ['hash', head.hash, seal.hash],
          ['at', microsToIso(head.at), microsToIso(seal.at)],
          ['accounting_day', head.accountingDay, seal.accountingDay],
          ['history_root', head.historyRoot, head.historyRoot === null ? null : (roots.get(batch) ?? 'none')],
        ] as const) {
          if (expected === found) continue
          findings.add('signed_head_differs', { batch, what, expected: String(expected), found: String(found) })
          break
        }
      }
    }
  }
  for await (const head of signed.heads) {
    // That of the checkpoint's own batch costs no more and is looked at: it may be the last one that was signed.
    if (head.number < after) continue
    count += 1
    if (chunk.push(head) === CHUNK) await flush()
  }
  if (chunk.length > 0) await flush()
  return count
}
