import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto'
import { expect, test } from 'vitest'
import { webhookHeaders, webhookPublicKey } from './standard-webhook.ts'

const { privateKey } = generateKeyPairSync('ed25519')

test('a delivery is checked with the public key as receivers get it, over id, time and body', () => {
  const body = '{"type":"ledger.events"}'
  const headers = webhookHeaders({ id: 'msg_1', timestamp: 1_795_312_800, body }, privateKey)
  expect(headers).toMatchObject({ 'webhook-id': 'msg_1', 'webhook-timestamp': '1795312800' })
  const [version, signature = ''] = (headers['webhook-signature'] ?? '').split(',')
  expect(version).toBe('v1a')
  const raw = Buffer.from(webhookPublicKey(privateKey).replace('whpk_', ''), 'base64')
  expect(raw).toHaveLength(32)
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: raw.toString('base64url') }, format: 'jwk' })
  const holds = (text: string) => verify(null, Buffer.from(text), key, Buffer.from(signature, 'base64'))
  expect(holds(`msg_1.1795312800.${body}`)).toBe(true)
  for (const other of [`msg_2.1795312800.${body}`, `msg_1.1795312801.${body}`, `msg_1.1795312800.${body} `]) {
    expect(holds(other)).toBe(false)
  }
})
