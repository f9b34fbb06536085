import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import type { Result } from '@huitong/kernel'
import { describe, expect, test } from 'vitest'
import { importPrivateKey, importPublicKey, isRsaAlgorithm, rsaSign, rsaVerify } from './rsa.ts'

const pair = generateKeyPairSync('rsa', { modulusLength: 2048 })
const other = generateKeyPairSync('rsa', { modulusLength: 2048 })

function pem(key: KeyObject, type: 'pkcs1' | 'pkcs8' | 'spki'): string {
  const text = type === 'pkcs8' ? key.export({ type, format: 'pem' }) : key.export({ type, format: 'pem' })
  return String(text)
}

function body(text: string): string {
  return text.replace(/-----[A-Z ]+-----/g, '').replace(/\n/g, '')
}

function imported(result: Result<KeyObject, 'malformed_key'>): KeyObject {
  if (!result.ok) throw new Error('the key was refused')
  return result.value
}

const pkcs8 = pem(pair.privateKey, 'pkcs8')
const pkcs1 = pem(pair.privateKey, 'pkcs1')
const spki = pem(pair.publicKey, 'spki')
const publicPkcs1 = pem(pair.publicKey, 'pkcs1')

describe('keys', () => {
  test.each([
    ['PKCS#8 PEM', pkcs8],
    ['PKCS#1 PEM', pkcs1],
    ['a bare PKCS#8 body', body(pkcs8)],
    ['a bare PKCS#1 body', body(pkcs1)],
    ['a PKCS#8 body under the PKCS#1 header', pkcs8.replaceAll('PRIVATE', 'RSA PRIVATE')],
    ['Windows line ends and surrounding space', `\r\n ${pkcs8.replaceAll('\n', '\r\n')}\t`],
  ])('a private key is read from %s', (_, text) => {
    expect(imported(importPrivateKey(text)).equals(pair.privateKey)).toBe(true)
  })

  test.each([
    ['SPKI PEM', spki],
    ['a bare SPKI body', body(spki)],
    ['PKCS#1 PEM', publicPkcs1],
    ['a bare PKCS#1 body', body(publicPkcs1)],
  ])('a public key is read from %s', (_, text) => {
    expect(imported(importPublicKey(text)).equals(pair.publicKey)).toBe(true)
  })

  const short = generateKeyPairSync('rsa', { modulusLength: 1024 })
  const curve = generateKeyPairSync('ed25519')
  const locked = pair.privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-128-cbc', passphrase: 'x' })
  test.each([
    ['', 'nothing'],
    ['hello', 'no base64'],
    ['aGVsbG8=', 'base64 of something else'],
    [pkcs8.slice(0, 400), 'half a key'],
    [pem(short.privateKey, 'pkcs8'), '1024 bits'],
    [pem(curve.privateKey, 'pkcs8'), 'another algorithm'],
    [String(locked), 'an encrypted key'],
    [spki, 'a public key'],
  ])('as a private key %j is refused (%s)', (text) => {
    expect(importPrivateKey(text)).toEqual({ ok: false, error: 'malformed_key' })
  })

  test('as a public key, a private or a short one is refused', () => {
    expect(importPublicKey(pkcs8).ok).toBe(false)
    expect(importPublicKey(pkcs1).ok).toBe(false)
    expect(importPublicKey(pem(short.publicKey, 'spki')).ok).toBe(false)
  })
})

describe('signatures', () => {
  test.each(['RSA2', 'RSA'] as const)('%s fits its own text, key and algorithm only', async (algorithm) => {
    const text = 'a=1&b=茶 a+b'
    const signature = await rsaSign(algorithm, text, pair.privateKey)
    expect(await rsaVerify(algorithm, text, signature, pair.publicKey)).toBe(true)
    expect(await rsaVerify(algorithm, Buffer.from(text), signature, pair.publicKey)).toBe(true)
    expect(await rsaVerify(algorithm, `${text} `, signature, pair.publicKey)).toBe(false)
    expect(await rsaVerify(algorithm, text, signature, other.publicKey)).toBe(false)
    expect(await rsaVerify(algorithm === 'RSA' ? 'RSA2' : 'RSA', text, signature, pair.publicKey)).toBe(false)
  })

  test('text that is no canonical base64 fits nothing', async () => {
    const signature = await rsaSign('RSA2', 'a', pair.privateKey)
    for (const wrong of ['', '=', 'x', `${signature}\n`, ` ${signature}`, signature.replace(/=+$/, ''), '茶', 'AAAA']) {
      expect(await rsaVerify('RSA2', 'a', wrong, pair.publicKey)).toBe(false)
    }
  })

  test('signing with a public key is an error and no signature', async () => {
    await expect(rsaSign('RSA2', 'a', pair.publicKey)).rejects.toThrow()
  })

  test('the platform has two algorithms', () => {
    expect(['RSA2', 'RSA', 'rsa2', 'SM2', 'toString'].map(isRsaAlgorithm)).toEqual([true, true, false, false, false])
  })
})
