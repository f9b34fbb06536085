import { generateKeyPairSync } from 'node:crypto'
import { expect, it } from 'vitest'
import { signIsoMessage, verifyIsoMessage } from '../src/index.ts'

const bytes = Buffer.from('<Document>128.50</Document>')
const bank = generateKeyPairSync('ed25519')
const other = generateKeyPairSync('ed25519')
const keys = (id: string) => (id === 'bank/1' ? bank.publicKey : undefined)
const signed = await signIsoMessage(bytes, { id: 'bank/1', privateKey: bank.privateKey })

it('holds over the exact bytes, and says which key', async () => {
  expect(await verifyIsoMessage(bytes, signed, keys)).toEqual({ ok: true, value: 'bank/1' })
  expect(signed).toMatch(/^[A-Za-z0-9_-]+\.\.[A-Za-z0-9_-]{86}$/)
})

it('breaks with any byte, another key, and a key that nobody knows', async () => {
  const changed = Buffer.from(bytes)
  changed[10] = 0x39
  expect(await verifyIsoMessage(changed, signed, keys)).toEqual({ ok: false, error: 'signature_wrong' })
  expect(await verifyIsoMessage(bytes, signed, () => other.publicKey)).toEqual({ ok: false, error: 'signature_wrong' })
  expect(await verifyIsoMessage(bytes, signed, () => undefined)).toEqual({ ok: false, error: 'key_unknown' })
})

it.each([
  '',
  'a.b',
  signed.replace('..', '.x.'),
  `${signed}.`,
  `${Buffer.from('{"alg":"none"}').toString('base64url')}..`,
  `${Buffer.from('{"alg":"HS256","kid":"bank/1","b64":false,"crit":["b64"]}').toString('base64url')}..AAAA`,
  `${Buffer.from('{"alg":"EdDSA","kid":"bank/1"}').toString('base64url')}..${signed.split('..')[1]}`,
  `!..${signed.split('..')[1]}`,
])('takes no other form: %s', async (text) => {
  expect(await verifyIsoMessage(bytes, text, keys)).toEqual({ ok: false, error: 'signature_malformed' })
})
