import { generateKeyPairSync, verify } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { STATEMENT_SIGNATURE, signStatement, verifyStatement } from './statement-signature.ts'

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
const TEXT = 'huitong checkpoint 1\nyunhe\n汇通\n'

describe('the signature of a statement', () => {
  it('is Ed25519 over the text in UTF-8, so that anybody can check it', () => {
    for (let count = 0; count < 32; count += 1) {
      const { privateKey, publicKey } = generateKeyPairSync('ed25519')
      const signature = signStatement(privateKey, TEXT)
      expect(verify(null, Buffer.from(TEXT), publicKey, Buffer.from(signature, 'base64'))).toBe(true)
      expect(verifyStatement(publicKey, TEXT, signature)).toBe(true)
      expect(verifyStatement(publicKey, `${TEXT} `, signature)).toBe(false)
      expect(verifyStatement(generateKeyPairSync('ed25519').publicKey, TEXT, signature)).toBe(false)
    }
  })

  it('has one form: with any other character at any place it is refused', () => {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519')
    const signature = signStatement(privateKey, TEXT)
    for (let at = 0; at < signature.length; at += 1) {
      for (const other of `${BASE64}=-_ \n`) {
        if (other === signature[at]) continue
        const changed = `${signature.slice(0, at)}${other}${signature.slice(at + 1)}`
        expect(verifyStatement(publicKey, TEXT, changed), `${at} ${other}`).toBe(false)
      }
    }
    for (const changed of ['', signature.slice(0, -1), signature.slice(0, -2), `${signature}\n`, ` ${signature}`]) {
      expect(verifyStatement(publicKey, TEXT, changed), changed).toBe(false)
    }
  })

  it('is read as bytes that say the same under fifteen more last characters, all of them refused', () => {
    for (let count = 0; count < 64; count += 1) {
      const { privateKey, publicKey } = generateKeyPairSync('ed25519')
      const signature = signStatement(privateKey, TEXT)
      const bytes = Buffer.from(signature, 'base64')
      const same = [...BASE64].map((last) => `${signature.slice(0, 85)}${last}==`)
      const read = same.filter((text) => Buffer.from(text, 'base64').equals(bytes))
      expect(read).toHaveLength(16)
      expect(read.filter((text) => verifyStatement(publicKey, TEXT, text))).toEqual([signature])
      expect(read.filter((text) => STATEMENT_SIGNATURE.test(text))).toEqual([signature])
    }
  })
})
