import { createSecretKey } from 'node:crypto'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Chance } from '@huitong/kernel'
import { liabilitySalt } from './liability-statement.ts'
import { packNodes, type SumNode, sumLeaf, sumRoot } from './sum-tree.ts'

/** What is owed to one owner; below zero counts as zero. */
export interface Owed {
  readonly account: number
  readonly minor: bigint
}

/** A piece of a tree as it is stored. */
export interface TreeChunk {
  readonly level: number
  readonly first: number
  readonly data: Buffer
}

/** Leaves in a piece; a whole piece is a node of level 10. */
export const CHUNK_LEAVES = 1024
export const LEAF_LEVEL = 0
export const NODE_LEVEL = 10
/** Where an account's leaf is: account (8), position (4), balance (8), by account. */
export const PLACE_LEVEL = -1
export const PLACE_BYTES = 20

export interface LiabilityTree {
  readonly root: SumNode
  readonly chunks: readonly TreeChunk[]
}

/**
 * Makes the sum tree of one currency, `owed` in the order of accounts. Leaves stand in an order drawn by chance: a proof shows the balance
 * of the neighbour, and so it is that of nobody in particular. It gives the event loop back between pieces, since it may run
 * beside payments.
 */
export async function liabilityTree(
  owed: readonly Owed[],
  currency: string,
  secret: Uint8Array,
  chance: Chance,
): Promise<LiabilityTree> {
  const saltKey = createSecretKey(secret)
  const order = await shuffled(owed.length, chance)
  const positions = new Uint32Array(owed.length)
  for (const [position, index] of order.entries()) positions[index] = position
  const chunks: TreeChunk[] = []
  const nodes: SumNode[] = []
  for (let first = 0; first < order.length; first += CHUNK_LEAVES) {
    const leaves: SumNode[] = []
    for (const index of order.subarray(first, first + CHUNK_LEAVES)) {
      const one = owed[index]
      if (one !== undefined)
        leaves.push(sumLeaf(one.account, counted(one), liabilitySalt(saltKey, one.account, currency)))
    }
    nodes.push(sumRoot(leaves))
    chunks.push({ level: LEAF_LEVEL, first, data: packNodes(leaves) })
    chunks.push(placesOf(owed, positions, first))
    await nextTurn()
  }
  for (let first = 0; first < nodes.length; first += CHUNK_LEAVES) {
    chunks.push({ level: NODE_LEVEL, first, data: packNodes(nodes.slice(first, first + CHUNK_LEAVES)) })
  }
  return { root: sumRoot(nodes), chunks }
}

function counted({ minor }: Owed): bigint {
  return minor < 0n ? 0n : minor
}

function placesOf(owed: readonly Owed[], positions: Uint32Array, first: number): TreeChunk {
  const part = owed.slice(first, first + CHUNK_LEAVES)
  const data = Buffer.alloc(part.length * PLACE_BYTES)
  for (const [index, one] of part.entries()) {
    data.writeBigUInt64BE(BigInt(one.account), index * PLACE_BYTES)
    data.writeUInt32BE(positions[first + index] ?? 0, index * PLACE_BYTES + 8)
    data.writeBigUInt64BE(counted(one), index * PLACE_BYTES + 12)
  }
  return { level: PLACE_LEVEL, first: part[0]?.account ?? 0, data }
}

/** 0 to count − 1 in an order of which each is as likely as any other. */
async function shuffled(count: number, chance: Chance): Promise<Uint32Array> {
  const order = Uint32Array.from({ length: count }, (_, index) => index)
  for (let index = count - 1; index > 0; index -= 1) {
    const other = chance.below(index + 1)
    const kept = order[index] ?? 0
    order[index] = order[other] ?? 0
    order[other] = kept
    if (index % CHUNK_LEAVES === 0) await nextTurn()
  }
  return order
}
