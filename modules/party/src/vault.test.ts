import { seededChance } from '@huitong/kernel'
import { expect, test } from 'vitest'
import { createVault } from './vault.ts'

const chance = seededChance(7)
const first = { version: 1, secret: chance.bytes(32) }
const second = { version: 2, secret: chance.bytes(32) }
const index = chance.bytes(32)
const vault = createVault([first], index, chance)

test('what was sealed is opened with the same key and field', () => {
  const person = vault.newPerson()
  expect(vault.open(person.key, 'phone', person.seal('phone', '云'))).toBe('云')
})

test('the same text is sealed differently each time', () => {
  const person = vault.newPerson()
  expect(Buffer.from(person.seal('phone', 'a')).equals(person.seal('phone', 'a'))).toBe(false)
})

test("another person's key, another field and a changed byte open nothing", () => {
  const [person, stranger] = [vault.newPerson(), vault.newPerson()]
  const sealed = person.seal('phone', '15912345620')
  expect(() => vault.open(stranger.key, 'phone', sealed)).toThrow()
  expect(() => vault.open(person.key, 'email', sealed)).toThrow()
  for (const position of [0, 14, sealed.length - 1]) {
    const changed = Uint8Array.from(sealed, (byte, at) => (at === position ? byte ^ 1 : byte))
    expect(() => vault.open(person.key, 'phone', changed)).toThrow()
  }
  expect(() => vault.open(person.key, 'phone', sealed.subarray(0, 20))).toThrow()
})

test('a new master secret wraps new keys and old ones stay readable', () => {
  const person = vault.newPerson()
  const rotated = createVault([first, second], index, chance)
  expect(rotated.open(person.key, 'phone', person.seal('phone', 'x'))).toBe('x')
  const newer = rotated.newPerson()
  expect(newer.key.masterKeyVersion).toBe(2)
  expect(() => vault.open(newer.key, 'phone', newer.seal('phone', 'x'))).toThrow('version 2')
})

test('index hashes depend on the purpose and on the secret', () => {
  const other = createVault([first], chance.bytes(32), chance)
  const hashes = [vault.index('phone', '1'), vault.index('payment-code', '1'), other.index('phone', '1')]
  expect(new Set(hashes).size).toBe(3)
  expect(vault.index('phone', '1')).toBe(hashes[0])
})

test('secrets of another length are refused', () => {
  expect(() => createVault([{ version: 1, secret: new Uint8Array(16) }], index, chance)).toThrow()
  expect(() => createVault([], index, chance)).toThrow()
})
