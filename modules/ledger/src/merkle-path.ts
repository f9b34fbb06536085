import { hash } from 'node:crypto'
import { invariant } from '@huitong/kernel'

const NODE = 0x01
const SIZE = 32

/** A node of the tree of RFC 6962 §2.1: SHA-256(0x01 ‖ left ‖ right). */
export function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  const pair = Buffer.allocUnsafe(1 + 2 * SIZE)
  pair[0] = NODE
  pair.set(left, 1)
  pair.set(right, 1 + SIZE)
  return hash('sha256', pair, 'buffer')
}

/** The level above: neighbours paired, an odd last one carried up. */
function above(level: readonly Buffer[]): Buffer[] {
  const next: Buffer[] = []
  for (let index = 0; index < level.length; index += 2) {
    const left = level[index]
    const right = level[index + 1]
    invariant(left !== undefined, 'a level of a Merkle tree has no holes')
    next.push(right === undefined ? left : nodeHash(left, right))
  }
  return next
}

/** Root over hashes of leaves, at least one. */
export function rootOver(leafHashes: readonly Buffer[]): Buffer {
  let level: readonly Buffer[] = leafHashes
  while (level.length > 1) level = above(level)
  const [root] = level
  invariant(root !== undefined, 'a tree of no leaves has no path')
  return root
}

/** The audit path of a leaf (RFC 6962 §2.1.1): the hashes that are met on the way from the leaf up to the root. */
export function pathOver(leafHashes: readonly Buffer[], leaf: number): readonly Buffer[] {
  invariant(leaf >= 0 && leaf < leafHashes.length, `there is no leaf ${leaf}`)
  const path: Buffer[] = []
  let level: readonly Buffer[] = leafHashes
  for (let index = leaf; level.length > 1; index = Math.floor(index / 2)) {
    const sibling = level[index ^ 1]
    if (sibling !== undefined) path.push(sibling)
    level = above(level)
  }
  return path
}
