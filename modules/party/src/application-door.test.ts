import { generateKeyPairSync } from 'node:crypto'
import { systemChance } from '@huitong/kernel'
import { expect, test } from 'vitest'
import {
  apiKeyHashOf,
  drawApiKey,
  readApplicationRegistration,
  readNotifyUrl,
  readPublicKey,
} from './application-door.ts'

const pair = generateKeyPairSync('rsa', { modulusLength: 2048 })
const pem = pair.publicKey.export({ type: 'spki', format: 'pem' }).toString()
const der = pair.publicKey.export({ type: 'spki', format: 'der' })

test('a public key is read as PEM and as bare base64, to the same bytes', () => {
  for (const text of [pem, der.toString('base64'), `\n${pem}\n`]) {
    const read = readPublicKey(text)
    expect(read.ok && Buffer.from(read.value).equals(der)).toBe(true)
  }
})

test('what is no RSA public key of a sound length is refused', () => {
  const small = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey.export({ type: 'spki', format: 'pem' })
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ type: 'spki', format: 'pem' })
  const secret = pair.privateKey.export({ type: 'pkcs8', format: 'pem' })
  expect(readPublicKey(small.toString())).toEqual({ ok: false, error: 'key_length' })
  expect(readPublicKey(ec.toString())).toEqual({ ok: false, error: 'key_not_rsa' })
  expect(readPublicKey(secret.toString())).toEqual({ ok: false, error: 'key_malformed' })
  for (const text of ['', 'hello', '-----BEGIN PUBLIC KEY-----', 'A'.repeat(9000), '\u0000']) {
    expect(readPublicKey(text)).toEqual({ ok: false, error: 'key_malformed' })
  }
})

test('an API key is found by its hash, and other texts have none', () => {
  const { apiKey, apiKeyHash } = drawApiKey(systemChance())
  expect(apiKeyHashOf(apiKey)).toBe(apiKeyHash)
  for (const text of ['', 'hk_', apiKey.slice(0, -1), `${apiKey}x`, apiKey.replace('hk_', 'hs_')]) {
    expect(apiKeyHashOf(text)).toBeUndefined()
  }
})

test('notifications go to http addresses without credentials', () => {
  expect(readNotifyUrl('https://shop.example/notify?x=1').ok).toBe(true)
  for (const url of [
    '',
    'shop.example',
    'ftp://shop.example',
    'javascript:alert(1)',
    'https://user:pass@shop.example',
    `https://${'a'.repeat(300)}`,
  ]) {
    expect(readNotifyUrl(url)).toMatchObject({ ok: false, error: { field: 'notifyUrl' } })
  }
})

test('a bad registration names the first field that is wrong', () => {
  const good = { merchantId: 1, name: 'Shop', publicKey: pem }
  expect(readApplicationRegistration(good).ok).toBe(true)
  expect(readApplicationRegistration({ ...good, name: '  ' })).toMatchObject({
    error: { field: 'name', rule: 'empty' },
  })
  expect(readApplicationRegistration({ ...good, name: 'a\u0000b' })).toMatchObject({
    error: { rule: 'unstorable_character' },
  })
  expect(readApplicationRegistration({ ...good, publicKey: 'x' })).toMatchObject({ error: { field: 'publicKey' } })
  expect(readApplicationRegistration({ ...good, notifyUrl: 'x' })).toMatchObject({ error: { field: 'notifyUrl' } })
})
