import { hash } from 'node:crypto'

/**
 * The Merkle tree of a batch in the form of RFC 6962 §2.1: a leaf is SHA-256(0x00 ‖ bytes), a node SHA-256(0x01 ‖ left ‖ right),
 * split at the largest power of two below the count, and the empty tree is SHA-256 of nothing. The prefixes keep a node from
 * passing for a leaf; the form is a published one, so a third party's proof checker works on it.
 */
const LEAF = 0x00
const NODE = 0x01
const SIZE = 32

export function leafHash(bytes: Uint8Array): Buffer {
  return Buffer.from(leafDigest(bytes), 'latin1')
}

/** Root of the tree over the leaves' bytes, in order. */
export function merkleRoot(leaves: readonly Uint8Array[]): Buffer {
  return rootOf(leaves.map(leafDigest))
}

/**
 * A hash inside the tree, as text with one character a byte. A digest as a Buffer costs 1.3 µs, most of it for the Buffer; as text it costs
 * 0.4, and a batch of 4,000 transfers makes 8,000 of them.
 */
export type Digest = string

let scratch = Buffer.alloc(1 + 2 * SIZE)

export function leafDigest(bytes: Uint8Array): Digest {
  // One buffer serves all leaves of one length, which nearly all have.
  if (scratch.length !== bytes.length + 1) scratch = Buffer.alloc(bytes.length + 1)
  scratch[0] = LEAF
  scratch.set(bytes, 1)
  return hash('sha256', scratch, 'binary')
}

/** Root over the digests of leaves, in order. */
export function rootOf(leaves: readonly Digest[]): Buffer {
  const pair = Buffer.alloc(1 + 2 * SIZE)
  pair[0] = NODE
  let level = leaves
  // Pairing neighbours level by level and carrying an odd last one up gives the same tree as the recursive split.
  while (level.length > 1) {
    const above: Digest[] = []
    for (let index = 0; index < level.length; index += 2) {
      const left = level[index]
      const right = level[index + 1]
      if (left === undefined) break
      if (right === undefined) {
        above.push(left)
        break
      }
      pair.write(left, 1, SIZE, 'latin1')
      pair.write(right, 1 + SIZE, SIZE, 'latin1')
      above.push(hash('sha256', pair, 'binary'))
    }
    level = above
  }
  return Buffer.from(level[0] ?? hash('sha256', '', 'binary'), 'latin1')
}
