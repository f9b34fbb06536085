import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { parseSignedHead, signedHeadLine, signHead, verifySignedHead } from '../src/signed-head.ts'

const { privateKey, publicKey } = generateKeyPairSync('ed25519')
const head = {
  institution: 'yunhe',
  number: 42,
  hash: Buffer.alloc(32, 0xab),
  at: 1_795_312_800_000_001,
  accountingDay: '2026-11-22',
}

describe('a signed head', () => {
  it('is read back from its line as it was written', () => {
    const signed = signHead(privateKey, head)
    const parsed = parseSignedHead(signedHeadLine(signed))
    expect(parsed).toEqual({ ok: true, value: signed })
    expect(verifySignedHead(publicKey, signed)).toBe(true)
  })

  it('is signed over the text that the format says, so that anybody can check it', () => {
    const signed = signHead(privateKey, head)
    const text = `huitong signed head 1\nyunhe\n42\n${'ab'.repeat(32)}\n2026-11-22T02:00:00.000001Z\n2026-11-22\n`
    const at = JSON.parse(signedHeadLine(signed)).at
    const signedText = text.replace('2026-11-22T02:00:00.000001Z', at)
    const key = createPublicKey(publicKey.export({ type: 'spki', format: 'pem' }))
    expect(verify(null, Buffer.from(signedText), key, Buffer.from(signed.signature, 'base64'))).toBe(true)
  })

  it('of form 2 is signed over the root of the history too', () => {
    const signed = signHead(privateKey, { ...head, historyRoot: Buffer.alloc(32, 0x11) })
    const line = signedHeadLine(signed)
    expect(parseSignedHead(line)).toEqual({ ok: true, value: signed })
    const { at } = JSON.parse(line)
    const text = `huitong signed head 2\nyunhe\n42\n${'ab'.repeat(32)}\n${at}\n2026-11-22\n${'11'.repeat(32)}\n`
    expect(verify(null, Buffer.from(text), publicKey, Buffer.from(signed.signature, 'base64'))).toBe(true)
    expect(verifySignedHead(publicKey, { ...signed, historyRoot: '12'.repeat(32) })).toBe(false)
    expect(verifySignedHead(publicKey, { ...signed, historyRoot: null })).toBe(false)
    expect(parseSignedHead(line.replace('"version":2', '"version":1'))).toEqual({ ok: false, error: 'malformed' })
  })

  it('fails when any field of it is changed or another key signed it', () => {
    const signed = signHead(privateKey, head)
    for (const changed of [
      { ...signed, institution: 'taihu' },
      { ...signed, number: 43 },
      { ...signed, hash: 'cd'.repeat(32) },
      { ...signed, at: signed.at + 1 },
      { ...signed, accountingDay: '2026-11-23' },
      signHead(generateKeyPairSync('ed25519').privateKey, head),
    ]) {
      expect(verifySignedHead(publicKey, changed)).toBe(false)
    }
  })

  it.each([
    ['', 'not_json'],
    ['{', 'not_json'],
    ['{"version":1,"version":1}', 'not_json'],
    ['[]', 'malformed'],
    ['{"version":2}', 'malformed'],
    ['{"version":1}', 'malformed'],
  ])('refuses the line %s', (line, fault) => {
    expect(parseSignedHead(line)).toEqual({ ok: false, error: fault })
  })

  it.each([
    ['"number":42', '"number":"42"'],
    ['"number":42', '"number":4.2e1'],
    ['"number":42', '"number":-42'],
    ['"institution":"yunhe"', '"institution":"yunhe\\nx"'],
    ['"hash":"ab', '"hash":"AB'],
    ['.000001Z', 'Z'],
    ['=="', '"'],
  ])('refuses a line with %s written as %s', (before, after) => {
    const line = signedHeadLine(signHead(privateKey, head))
    expect(line).toContain(before)
    expect(parseSignedHead(line.replace(before, after))).toEqual({ ok: false, error: 'malformed' })
  })
})
