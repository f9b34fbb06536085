import { createHmac } from 'node:crypto'
import { type Chance, deriveKey, invariant, type MasterSecret, seal, unseal } from '@huitong/kernel'
import type { Subject } from './subject.ts'

/** What sign-in keeps sealed, or as keyed hashes: whoever steals a dump can compute none of the codes. */
export interface Secrets {
  seal(subject: Subject, plain: Uint8Array): { readonly sealed: Uint8Array; readonly keyVersion: number }
  open(subject: Subject, stored: { readonly sealed: Uint8Array; readonly keyVersion: number }): Uint8Array
  /** Keyed SHA-256 of a recovery code of this person. */
  recoveryHash(subject: Subject, code: string): Uint8Array
}

/**
 * @param masterSecrets every version that stored secrets may be sealed by; the last one seals new ones
 * @param indexSecret 32 bytes; it cannot be changed without losing the recovery codes
 */
export function createSecrets(
  masterSecrets: readonly MasterSecret[],
  indexSecret: Uint8Array,
  chance: Chance,
): Secrets {
  const keys = new Map(
    masterSecrets.map(({ version, secret }) => [version, deriveKey(secret, 'huitong identity code-secret')]),
  )
  const newest = masterSecrets.at(-1)?.version
  invariant(newest !== undefined, 'sign-in has at least one master secret')
  const recoveryKey = deriveKey(indexSecret, 'huitong identity recovery-code')

  function keyOf(version: number): Uint8Array {
    const key = keys.get(version)
    invariant(key !== undefined, `master key version ${version} was not handed in`)
    return key
  }

  // Whose it is gets authenticated too: a row that was copied to another person opens for nobody.
  const field = ({ kind, id }: Subject) => `code-secret of ${kind}:${id}`

  return {
    seal: (subject, plain) => ({ sealed: seal(keyOf(newest), field(subject), plain, chance), keyVersion: newest }),
    open: (subject, { sealed, keyVersion }) => unseal(keyOf(keyVersion), field(subject), sealed),
    recoveryHash: ({ kind, id }, code) =>
      createHmac('sha256', recoveryKey).update(`${kind}:${id}:${code}`, 'utf8').digest(),
  }
}
