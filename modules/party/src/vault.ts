import { createHmac, createSecretKey, type KeyObject } from 'node:crypto'
import { type Chance, deriveKey, invariant, KEY_BYTES, type MasterSecret, seal, unseal } from '@huitong/kernel'

/*
 * Envelope encryption of personal data. Every person has a data key; the data key is stored wrapped by a master key that is
 * never in the database. Destroying one wrapped key makes one person's data unreadable everywhere, in backups too, and changing the
 * master key rewraps keys and touches no data.
 */

export interface WrappedKey {
  readonly masterKeyVersion: number
  readonly wrapped: Uint8Array
}

type IndexPurpose = 'phone' | 'payment-code' | 'identity-document' | 'red-packet' | 'bank-card' | 'agreement-code'

export interface Vault {
  /** Draws a data key for a new person. `seal` encrypts under it, `wrapped` is what is stored. */
  newPerson(): { readonly key: WrappedKey; readonly seal: (field: string, text: string) => Uint8Array }
  /** Encrypts another field of a person whose key is stored already. */
  seal(key: WrappedKey, field: string, text: string): Uint8Array
  /** Reads a field that was sealed under this key. Throws when either was changed or belongs to something else. */
  open(key: WrappedKey, field: string, sealed: Uint8Array): string
  /** Keyed SHA-256, hexadecimal: finds equal values without storing them. Each purpose has a key of its own. */
  index(purpose: IndexPurpose, text: string): string
}

/**
 * @param masterSecrets every version that stored keys may be wrapped by; the last one wraps new keys
 * @param indexSecret 32 bytes; it cannot be changed without computing the hashes anew
 * @param chance the operating system's, or keys can be guessed
 */
export function createVault(masterSecrets: readonly MasterSecret[], indexSecret: Uint8Array, chance: Chance): Vault {
  const wrappingKeys = new Map(masterSecrets.map(({ version, secret }) => [version, derive(secret, 'person-key-wrap')]))
  const newest = masterSecrets.at(-1)?.version
  invariant(newest !== undefined, 'a vault has at least one master secret')
  const indexKeys = {
    phone: indexKey('phone-index'),
    'payment-code': indexKey('code-index'),
    'identity-document': indexKey('identity-document-index'),
    'red-packet': indexKey('red-packet-link'),
    'bank-card': indexKey('bank-card-index'),
    'agreement-code': indexKey('agreement-code'),
  }

  // As a key object: made of bytes anew for each hash, a key costs 25 µs, eight times as much as the hash. Payment codes pay that.
  function indexKey(purpose: string): KeyObject {
    return createSecretKey(derive(indexSecret, purpose))
  }

  function wrappingKey(version: number): Uint8Array {
    const key = wrappingKeys.get(version)
    invariant(key !== undefined, `master key version ${version} was not handed in`)
    return key
  }

  function dataKeyOf({ masterKeyVersion, wrapped }: WrappedKey): Uint8Array {
    return unseal(wrappingKey(masterKeyVersion), 'person-key', wrapped)
  }

  return {
    newPerson: () => {
      const dataKey = chance.bytes(KEY_BYTES)
      const wrapped = seal(wrappingKey(newest), 'person-key', dataKey, chance)
      return {
        key: { masterKeyVersion: newest, wrapped },
        seal: (field, text) => seal(dataKey, field, Buffer.from(text, 'utf8'), chance),
      }
    },
    seal: (key, field, text) => seal(dataKeyOf(key), field, Buffer.from(text, 'utf8'), chance),
    open: (key, field, sealed) => {
      const dataKey = dataKeyOf(key)
      return unseal(dataKey, field, sealed).toString('utf8')
    },
    index: (purpose, text) => createHmac('sha256', indexKeys[purpose]).update(text, 'utf8').digest('hex'),
  }
}

function derive(secret: Uint8Array, purpose: string): Uint8Array {
  return deriveKey(secret, `huitong party ${purpose}`)
}
