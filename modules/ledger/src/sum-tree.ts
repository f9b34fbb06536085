import { hash } from 'node:crypto'
import { invariant } from '@huitong/kernel'

/**
 * A Merkle tree that adds up: each node carries the sum of what is below it, and the sums of both children are inside its hash, so
 * that nobody can show one sum above and others below. All numbers are big endian and not negative.
 *
 * - leaf: SHA-256(0x00 ‖ account (8) ‖ balance (8) ‖ salt (32)); its sum is the balance;
 * - node: SHA-256(0x01 ‖ left hash (32) ‖ left sum (16) ‖ right hash (32) ‖ right sum (16)); its sum is that of both;
 * - neighbours are paired level by level, an odd last one goes up as it is.
 */
export interface SumNode {
  readonly hash: Buffer
  readonly sum: bigint
}

const HASH_BYTES = 32
const SUM_BYTES = 16
const SUM_NODE_BYTES = HASH_BYTES + SUM_BYTES

export function sumLeaf(account: number, balanceMinor: bigint, salt: Uint8Array): SumNode {
  invariant(balanceMinor >= 0n, 'a leaf of a sum tree is not negative')
  const bytes = Buffer.alloc(1 + 8 + 8 + HASH_BYTES)
  bytes.writeBigUInt64BE(BigInt(account), 1)
  bytes.writeBigUInt64BE(balanceMinor, 9)
  bytes.set(salt, 17)
  return { hash: hash('sha256', bytes, 'buffer'), sum: balanceMinor }
}

function sumNode(left: SumNode, right: SumNode): SumNode {
  const bytes = Buffer.alloc(1 + 2 * SUM_NODE_BYTES)
  bytes[0] = 1
  writeNode(bytes, left, 1)
  writeNode(bytes, right, 1 + SUM_NODE_BYTES)
  return { hash: hash('sha256', bytes, 'buffer'), sum: left.sum + right.sum }
}

function writeNode(bytes: Buffer, { hash: digest, sum }: SumNode, at: number): void {
  bytes.set(digest, at)
  bytes.writeBigUInt64BE(sum >> 64n, at + HASH_BYTES)
  bytes.writeBigUInt64BE(BigInt.asUintN(64, sum), at + HASH_BYTES + 8)
}

export function packNodes(nodes: readonly SumNode[]): Buffer {
  const bytes = Buffer.alloc(nodes.length * SUM_NODE_BYTES)
  for (const [index, node] of nodes.entries()) writeNode(bytes, node, index * SUM_NODE_BYTES)
  return bytes
}

export function unpackNodes(bytes: Buffer): readonly SumNode[] {
  return Array.from({ length: bytes.length / SUM_NODE_BYTES }, (_, index) => {
    const at = index * SUM_NODE_BYTES
    const high = bytes.readBigUInt64BE(at + HASH_BYTES)
    return {
      hash: bytes.subarray(at, at + HASH_BYTES),
      sum: (high << 64n) + bytes.readBigUInt64BE(at + HASH_BYTES + 8),
    }
  })
}

/** One level up. */
function sumsAbove(nodes: readonly SumNode[]): readonly SumNode[] {
  const above: SumNode[] = []
  for (let index = 0; index < nodes.length; index += 2) {
    const left = nodes[index]
    const right = nodes[index + 1]
    invariant(left !== undefined, 'a level of a sum tree has no holes')
    above.push(right === undefined ? left : sumNode(left, right))
  }
  return above
}

/** The node over all of these; of none, a node that says so. */
export function sumRoot(nodes: readonly SumNode[]): SumNode {
  let level = nodes
  while (level.length > 1) level = sumsAbove(level)
  return level[0] ?? { hash: hash('sha256', '', 'buffer'), sum: 0n }
}

/** The siblings on the way from a leaf up to the root. */
export function sumPath(nodes: readonly SumNode[], leaf: number): readonly SumNode[] {
  const path: SumNode[] = []
  let level = nodes
  for (let index = leaf; level.length > 1; index = Math.floor(index / 2)) {
    const sibling = level[index ^ 1]
    if (sibling !== undefined) path.push(sibling)
    level = sumsAbove(level)
  }
  return path
}
