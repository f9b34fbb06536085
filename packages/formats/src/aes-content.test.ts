import { describe, expect, test } from 'vitest'
import { decryptContent, encryptContent, importAesKey } from './aes-content.ts'

function key(bytes: Uint8Array) {
  const imported = importAesKey(Buffer.from(bytes).toString('base64'))
  if (!imported.ok) throw new Error('the key was refused')
  return imported.value
}

describe('content encryption', () => {
  // RFC 4493 §4 gives the AES-128 of a block of zeros under this key; from a zero vector that is CBC's first block.
  test('agrees with a published cipher block', () => {
    const published = key(Buffer.from('2b7e151628aed2a6abf7158809cf4f3c', 'hex'))
    const cipher = Buffer.from(encryptContent('\0'.repeat(16), published), 'base64')
    expect(cipher.subarray(0, 16).toString('hex')).toBe('7df76b0c1ab899b33e42f047b91b546f')
    expect(cipher).toHaveLength(32)
  })

  test.each([16, 24, 32])('reads back with a key of %i bytes', (length) => {
    const secret = key(new Uint8Array(length).fill(7))
    for (const text of ['', '{"a":"茶👍"}', 'x'.repeat(1_000)]) {
      expect(decryptContent(encryptContent(text, secret), secret)).toEqual({ ok: true, value: text })
    }
  })

  test('another key, a changed text or no ciphertext at all is undecipherable', () => {
    const secret = key(new Uint8Array(16).fill(7))
    const cipher = encryptContent('{"amount":"1.00"}', secret)
    const refused = { ok: false, error: 'undecipherable' }
    expect(decryptContent(cipher, key(new Uint8Array(16).fill(8)))).toEqual(refused)
    for (const text of ['', '{"a":1}', cipher.slice(0, -4), `${cipher}\n`, cipher.slice(4)]) {
      expect(decryptContent(text, secret)).toEqual(refused)
    }
  })

  test.each(['', 'short', 'AAAA', `${Buffer.alloc(16).toString('base64')} `, Buffer.alloc(20).toString('base64')])(
    '%j is no key',
    (text) => {
      expect(importAesKey(text)).toEqual({ ok: false, error: 'malformed_key' })
    },
  )
})
