import { createHash } from 'node:crypto'
import { leafHash, merkleRoot } from '@huitong/committer'
import { describe, expect, it } from 'vitest'
import { HistoryTree, historyPath, partHash, peakLevels } from './history-tree.ts'
import { pathOver, rootOver } from './merkle-path.ts'

function batch(number: number): Buffer {
  return createHash('sha256').update(`batch ${number}`).digest()
}

const batches = Array.from({ length: 300 }, (_, index) => batch(index + 1))

/** The published way to check a path (RFC 9162 §2.1.3.2), written apart from the way in which it is made. */
function climb(leaf: Uint8Array, index: number, size: number, path: readonly Uint8Array[]): string | undefined {
  const sha = (...parts: Uint8Array[]) => createHash('sha256').update(Buffer.concat(parts)).digest()
  let [hash, at, last] = [sha(Buffer.of(0), leaf), index, size - 1]
  for (const sibling of path) {
    if (last === 0) return undefined
    if (at % 2 === 1 || at === last) {
      hash = sha(Buffer.of(1), sibling, hash)
      while (at % 2 === 0 && at > 0) [at, last] = [at / 2, Math.floor(last / 2)]
    } else hash = sha(Buffer.of(1), hash, sibling)
    ;[at, last] = [Math.floor(at / 2), Math.floor(last / 2)]
  }
  return last === 0 ? hash.toString('hex') : undefined
}

describe('the history tree', () => {
  it('has at every size the root that the published form says', () => {
    const tree = new HistoryTree()
    expect(tree.root()).toEqual(merkleRoot([]))
    for (const [index, hash] of batches.entries()) {
      tree.add(hash)
      if (index < 70 || index % 37 === 0) expect(tree.root()).toEqual(merkleRoot(batches.slice(0, index + 1)))
    }
  })

  it('has this root over the hashes of three batches, so that others can test theirs', () => {
    const tree = new HistoryTree()
    for (const byte of [0x11, 0x22, 0x33]) tree.add(Buffer.alloc(32, byte))
    expect(tree.root().toString('hex')).toBe('9bee4401962e94b921336a7910a5a9718836ffcbc545dde0a3f34d858beb5752')
  })

  it('goes on from its complete parts as if it had never been put down', () => {
    const tree = new HistoryTree()
    for (const hash of batches.slice(0, 100)) tree.add(hash)
    const resumed = HistoryTree.resume(100, tree.peaks)
    for (const hash of batches.slice(100, 131)) {
      tree.add(hash)
      resumed.add(hash)
    }
    expect(resumed.root()).toEqual(tree.root())
    expect(peakLevels(100)).toEqual([6, 5, 2])
  })

  it('proves each batch in trees of many sizes, also when some parts are known only as a whole', () => {
    for (const size of [1, 2, 3, 7, 8, 9, 64, 65, 100, 257]) {
      const root = merkleRoot(batches.slice(0, size)).toString('hex')
      for (let number = 1; number <= size; number += size > 60 ? 13 : 1) {
        const own = Math.floor((number - 1) / 8)
        const known = (level: number, index: number): Buffer | undefined => {
          // Parts of 8 batches are kept; batches only of the proved one's part and behind the last part.
          if (level === 3) return rootOver(batches.slice(index * 8, index * 8 + 8).map((one) => leafHash(one)))
          const part = Math.floor(index / 8)
          return level === 0 && (part === own || part === Math.floor(size / 8)) ? leafHash(batch(index + 1)) : undefined
        }
        expect(partHash(known, size, 9, 0).toString('hex')).toBe(root)
        const path = historyPath(known, size, number)
        expect(path.length).toBeLessThanOrEqual(Math.ceil(Math.log2(size)))
        expect(climb(batch(number), number - 1, size, path)).toBe(root)
      }
    }
  })
})

describe('the path of a leaf in its batch', () => {
  it('leads to the root for every leaf of every small tree', () => {
    for (let size = 1; size <= 20; size += 1) {
      const leaves = batches.slice(0, size)
      const hashes = leaves.map((leaf) => leafHash(leaf))
      expect(rootOver(hashes)).toEqual(merkleRoot(leaves))
      for (let leaf = 0; leaf < size; leaf += 1) {
        expect(climb(batch(leaf + 1), leaf, size, pathOver(hashes, leaf))).toBe(merkleRoot(leaves).toString('hex'))
      }
    }
  })
})
