import { createSecretKey } from 'node:crypto'
import type { InstitutionDatabase } from '@huitong/pg'
import { liabilitySalt } from './liability-statement.ts'
import { CHUNK_LEAVES, LEAF_LEVEL, NODE_LEVEL, PLACE_BYTES, PLACE_LEVEL } from './liability-tree.ts'
import { type SumNode, sumLeaf, sumRoot, unpackNodes } from './sum-tree.ts'
import type { FindingList } from './verify-finding.ts'
import { newestStatedTrees, type StatedTree, strayPieces, treePieces } from './verify-liability-store.ts'

type Db = Pick<InstitutionDatabase, 'read'>

const PIECES_AT_ONCE = 64
const HASH_BYTES = 32

/**
 * Whether owners would get proofs that hold: the tree below the newest statement of each currency must come to the root that was signed, and
 * the place of each account to a leaf of that account.
 */
export async function checkLiabilityTrees(db: Db, findings: FindingList): Promise<void> {
  for (const tree of await db.read(newestStatedTrees)) {
    const fault = await faultOf(db, tree)
    if (fault === undefined) continue
    const { batch, currency } = tree
    findings.add('liability_differs', { batch, what: `tree in ${currency}`, expected: 'the signed root', found: fault })
  }
  for (const batch of await db.read((tx) => strayPieces(tx, [PLACE_LEVEL, LEAF_LEVEL, NODE_LEVEL]))) {
    findings.add('liability_differs', { batch, what: 'piece of a tree', found: 'of no statement' })
  }
}

async function faultOf(db: Db, tree: StatedTree): Promise<string | undefined> {
  const nodes: SumNode[] = []
  for await (const { first, data } of pieces(db, tree, NODE_LEVEL)) {
    if (first !== nodes.length) return 'nodes that are not in their place'
    nodes.push(...unpackNodes(data))
  }
  const root = sumRoot(nodes)
  if (!root.hash.equals(tree.root) || root.sum !== tree.totalMinor) return 'another root'
  if (tree.count > nodes.length * CHUNK_LEAVES) return 'fewer leaves'
  const leaves = Buffer.alloc(tree.count * HASH_BYTES)
  let count = 0
  for await (const { first, data } of pieces(db, tree, LEAF_LEVEL)) {
    const some = unpackNodes(data)
    const node = nodes[first / CHUNK_LEAVES]
    const above = sumRoot(some)
    if (first !== count || node === undefined || !above.hash.equals(node.hash) || above.sum !== node.sum)
      return 'leaves of another node'
    for (const [index, leaf] of some.entries()) leaves.set(leaf.hash, (first + index) * HASH_BYTES)
    count += some.length
  }
  if (count !== tree.count) return `${count} leaves`
  return await faultOfPlaces(db, tree, leaves)
}

async function faultOfPlaces(db: Db, tree: StatedTree, leaves: Buffer): Promise<string | undefined> {
  const key = createSecretKey(tree.secret)
  let places = 0
  for await (const { first, data } of pieces(db, tree, PLACE_LEVEL)) {
    if (data.length === 0 || data.length % PLACE_BYTES !== 0) return `half a place at ${first}`
    if (Number(data.readBigUInt64BE(0)) !== first) return `an account that is not found at ${first}`
    for (let at = 0; at < data.length; at += PLACE_BYTES) {
      const account = Number(data.readBigUInt64BE(at))
      const position = data.readUInt32BE(at + 8)
      const salt = liabilitySalt(key, account, tree.currency)
      const leaf = sumLeaf(account, data.readBigUInt64BE(at + 12), salt)
      const stored = leaves.subarray(position * HASH_BYTES, (position + 1) * HASH_BYTES)
      if (!leaf.hash.equals(stored)) return `another leaf of account ${account}`
      places += 1
    }
  }
  return places === tree.count ? undefined : `${places} accounts`
}

async function* pieces(db: Db, tree: StatedTree, level: number) {
  for (let after = -1; ; ) {
    const page = await db.read((tx) => treePieces(tx, tree, level, after, PIECES_AT_ONCE))
    yield* page
    const last = page.at(-1)
    if (last === undefined || page.length < PIECES_AT_ONCE) return
    after = last.first
  }
}
