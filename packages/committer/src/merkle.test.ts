import { hash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { leafHash, merkleRoot } from './merkle.ts'

/** The leaves and roots that Certificate Transparency's reference tests publish for RFC 6962 §2.1. */
const LEAVES = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f']
const ROOTS = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
]

/** RFC 6962 as it is written: split at the largest power of two below the count, and go down both halves. */
function rootByDefinition(leaves: readonly Uint8Array[]): Buffer {
  const [first] = leaves
  if (first === undefined) return hash('sha256', '', 'buffer')
  if (leaves.length === 1) return hash('sha256', Buffer.concat([Buffer.from([0]), first]), 'buffer')
  let split = 1
  while (split * 2 < leaves.length) split *= 2
  const halves = [rootByDefinition(leaves.slice(0, split)), rootByDefinition(leaves.slice(split))]
  return hash('sha256', Buffer.concat([Buffer.from([1]), ...halves]), 'buffer')
}

describe('the Merkle tree of a batch', () => {
  it.each(ROOTS.map((root, size) => ({ size, root })))('of $size leaves has the published root', ({ size, root }) => {
    const leaves = LEAVES.slice(0, size).map((leaf) => Buffer.from(leaf, 'hex'))
    expect(merkleRoot(leaves).toString('hex')).toBe(root)
  })

  it('is the tree of the definition at every size up to 70', () => {
    const leaves = Array.from({ length: 70 }, (_, index) => Buffer.from(`leaf ${index}`))
    for (let size = 0; size <= leaves.length; size += 1) {
      const some = leaves.slice(0, size)
      expect(merkleRoot(some).toString('hex'), `size ${size}`).toBe(rootByDefinition(some).toString('hex'))
    }
  })

  it('does not take two leaves for the node above them', () => {
    const [left, right] = [leafHash(Buffer.from('a')), leafHash(Buffer.from('b'))]
    const node = merkleRoot([Buffer.from('a'), Buffer.from('b')])
    expect(leafHash(Buffer.concat([left, right])).equals(node)).toBe(false)
  })

  it('tells the order of its leaves and where one ends', () => {
    const root = (...leaves: string[]) => merkleRoot(leaves.map((leaf) => Buffer.from(leaf))).toString('hex')
    const roots = [root('a', 'b', 'c'), root('b', 'a', 'c'), root('ab', 'c'), root('a', 'bc'), root('a', 'b', 'c', '')]
    expect(new Set(roots).size).toBe(roots.length)
  })

  it('leaves the bytes that it was given as they were', () => {
    const leaves = [Buffer.from('a'), Buffer.from('b'), Buffer.from('c')]
    merkleRoot(leaves)
    expect(leaves.map(String)).toEqual(['a', 'b', 'c'])
  })
})
