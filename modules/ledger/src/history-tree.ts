import { hash } from 'node:crypto'
import { leafHash } from '@huitong/committer'
import { invariant } from '@huitong/kernel'
import { nodeHash } from './merkle-path.ts'

/**
 * The history tree: the tree of RFC 6962 §2.1 over the hashes of all batches, batch 1 first. The chain of batches proves an old
 * batch by all batches after it; this tree proves it by as many hashes as the count of batches has binary digits. Its root is in
 * every signed head.
 */
export class HistoryTree {
  readonly #peaks: { readonly level: number; readonly hash: Buffer }[] = []
  #size = 0

  /** How many batches are in it, which is the number of the last one. */
  get size(): number {
    return this.#size
  }

  /** Continues a tree of `size` batches whose complete parts have these roots, the largest first. */
  static resume(size: number, peaks: readonly Buffer[]): HistoryTree {
    const tree = new HistoryTree()
    const levels = peakLevels(size)
    invariant(levels.length === peaks.length, `a history of ${size} batches has ${levels.length} complete parts`)
    for (const [index, level] of levels.entries()) {
      const peak = peaks[index]
      invariant(peak !== undefined, 'a complete part has a root')
      tree.#peaks.push({ level, hash: peak })
    }
    tree.#size = size
    return tree
  }

  /** Roots of the complete parts, the largest first; what `resume` needs. */
  get peaks(): readonly Buffer[] {
    return this.#peaks.map((peak) => peak.hash)
  }

  add(batchHash: Uint8Array): void {
    let peak = { level: 0, hash: leafHash(batchHash) }
    for (let last = this.#peaks.at(-1); last?.level === peak.level; last = this.#peaks.at(-1)) {
      this.#peaks.pop()
      peak = { level: peak.level + 1, hash: nodeHash(last.hash, peak.hash) }
    }
    this.#peaks.push(peak)
    this.#size += 1
  }

  root(): Buffer {
    let root: Buffer | undefined
    for (const { hash: peak } of this.#peaks.toReversed()) root = root === undefined ? peak : nodeHash(peak, root)
    return root ?? hash('sha256', '', 'buffer')
  }
}

/** Levels of the complete parts of a tree, the largest first: the binary digits of its size. */
export function peakLevels(size: number): readonly number[] {
  const levels: number[] = []
  for (let level = 52; level >= 0; level -= 1) if (Math.floor(size / 2 ** level) % 2 === 1) levels.push(level)
  return levels
}

/** Hashes of complete parts of the tree that are at hand; undefined of one that must be made from its halves. */
export type KnownNodes = (level: number, index: number) => Buffer | undefined

/** Hash of the part of a tree of `size` batches that stands at a place; at its right edge a part may be incomplete. */
export function partHash(known: KnownNodes, size: number, level: number, index: number): Buffer {
  const from = index * 2 ** level
  invariant(from < size, `there is no part ${index} of level ${level} among ${size} batches`)
  if (level === 0 || from + 2 ** level <= size) {
    const found = known(level, index)
    if (found !== undefined) return found
  }
  invariant(level > 0, `the hash of batch ${index + 1} is not at hand`)
  const left = partHash(known, size, level - 1, index * 2)
  return from + 2 ** (level - 1) >= size ? left : nodeHash(left, partHash(known, size, level - 1, index * 2 + 1))
}

/** The path of a batch in the history tree of `size` batches, from the batch up. */
export function historyPath(known: KnownNodes, size: number, number: number): readonly Buffer[] {
  const path: Buffer[] = []
  for (let level = 0, index = number - 1; 2 ** level < size; level += 1, index = Math.floor(index / 2)) {
    const sibling = index % 2 === 0 ? index + 1 : index - 1
    if (sibling * 2 ** level < size) path.push(partHash(known, size, level, sibling))
  }
  return path
}
