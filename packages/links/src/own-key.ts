import { createPublicKey, generateKeyPair } from 'node:crypto'
import { promisify } from 'node:util'
import type { Committer, IdempotencyKey } from '@huitong/committer'
import type { InstitutionDatabase } from '@huitong/pg'
import type { Links, LinkVault } from './links.ts'
import type { OwnKey } from './peer.ts'
import { selectKeyInUse, selectOwnKeys } from './peer-store.ts'

const generate = promisify(generateKeyPair)

/** A key as signatures are made with it. */
export interface SigningKeyText {
  readonly id: string
  /** PKCS #8. */
  readonly pem: string
}

function privateField(keyId: string): string {
  return `own-key ${keyId}`
}

/** A new key pair, ready for `addOwnKey`. */
export async function drawOwnKey(vault: LinkVault, keyId: string) {
  const { privateKey } = await generate('ed25519')
  const privatePem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  const publicKey = createPublicKey(privatePem).export({ type: 'spki', format: 'pem' }).toString()
  const sealed = vault.seal(privateField(keyId), Buffer.from(privatePem, 'utf8'))
  return { keyId, publicKey, privateSealed: Buffer.from(sealed).toString('base64') }
}

export function openOwnKey(vault: LinkVault, { keyId, privateSealed }: OwnKey): SigningKeyText {
  const pem = Buffer.from(vault.open(privateField(keyId), Buffer.from(privateSealed, 'base64'))).toString('utf8')
  return { id: keyId, pem }
}

export interface OwnKeyDeps {
  readonly db: InstitutionDatabase
  readonly committer: Committer
  readonly links: Links
  readonly vault: LinkVault
  readonly member: string
}

/** Our keys, the oldest first. */
export function listOwnKeys(db: InstitutionDatabase): Promise<readonly OwnKey[]> {
  return db.read(selectOwnKeys)
}

/** Makes the first key and puts it to use, unless there is one. */
export async function ensureOwnKey({ db, committer, links, vault, member }: OwnKeyDeps): Promise<OwnKey> {
  const found = await db.read(selectKeyInUse)
  if (found !== undefined) return found
  // What an interrupted start left is put to use, so that no second one is made.
  const left = (await db.read(selectOwnKeys))[0]
  const caller = 'links'
  const key = left ?? (await drawOwnKey(vault, `${member}.1`))
  const done = async (name: string, outcome: { readonly status: string }) => {
    if (outcome.status !== 'done')
      throw new Error(`the first key of the links could not be made: ${name} ${outcome.status}`)
  }
  const under = (step: string): IdempotencyKey => ({ caller, key: `first key: ${step}` })
  if (left === undefined) {
    await done('add', await committer.submit({ kind: links.addOwnKey, input: key, idempotency: under('add') }))
  }
  const use = { kind: links.useOwnKey, input: { keyId: key.keyId }, idempotency: under('use') }
  await done('use', await committer.submit(use))
  const made = await db.read(selectKeyInUse)
  if (made === undefined) throw new Error('a key that was just put to use is not there')
  return made
}
