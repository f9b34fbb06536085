import { createPrivateKey, createPublicKey, generateKeyPair, type KeyObject } from 'node:crypto'
import { promisify } from 'node:util'
import { type Chance, invariant } from '@huitong/kernel'
import { type DataFolder, readOrMake, writePrivateFile } from './data-folder.ts'

const generate = promisify(generateKeyPair)

/** What an institution keeps outside its database: whoever steals a dump gets none of it. */
export interface InstitutionKeys {
  /** Ed25519: signs the head of the journal. */
  readonly head: KeyObject
  /** What signed heads are checked by; SPKI in PEM. */
  readonly headPublicKey: string
  /** 32 bytes each: wraps people's data keys, and finds equal values without storing them. */
  readonly masterSecret: Uint8Array
  readonly indexSecret: Uint8Array
  /** Ed25519: signs requests to other institutions, who know its public half by a file. */
  readonly partner: KeyObject
  /** RSA: signs what gateways answer. */
  readonly platformPrivateKey: string
  readonly platformPublicKeyFile: string
}

/** Reads an institution's keys, making each on its first use. */
export async function institutionKeys(folder: DataFolder, schema: string, chance: Chance): Promise<InstitutionKeys> {
  const head = await readOrMake(folder.keyFile(`${schema}.head.pem`), async () => {
    const pair = await generate('ed25519')
    return pemOf(pair.privateKey)
  })
  const headPublic = createPublicKey(head).export({ type: 'spki', format: 'pem' }).toString()
  await writePrivateFile(folder.keyFile(`${schema}.head.public.pem`), headPublic)
  const platform = await rsaPair(folder, `${schema}.platform`)
  const partner = await ed25519(folder, `${schema}.partner`)
  return {
    head: createPrivateKey(head),
    partner,
    headPublicKey: headPublic,
    masterSecret: await secret(folder, `${schema}.master.key`, chance),
    indexSecret: await secret(folder, `${schema}.index.key`, chance),
    platformPrivateKey: platform.privateKey,
    platformPublicKeyFile: platform.publicKeyFile,
  }
}

async function ed25519(folder: DataFolder, name: string): Promise<KeyObject> {
  const text = await readOrMake(folder.keyFile(`${name}.pem`), async () =>
    pemOf((await generate('ed25519')).privateKey),
  )
  const publicKey = createPublicKey(text).export({ type: 'spki', format: 'pem' }).toString()
  await writePrivateFile(folder.keyFile(`${name}.public.pem`), publicKey)
  return createPrivateKey(text)
}

export interface RsaPair {
  /** PEM: PKCS #8 and SPKI. */
  readonly privateKey: string
  readonly publicKey: string
  readonly privateKeyFile: string
  /** The same private key as PKCS #1, which is what clients of Alipay expect unless they are told otherwise. */
  readonly pkcs1File: string
  readonly publicKeyFile: string
}

/**
 * An RSA key pair of 2048 bits in files. They end without a line break: Alipay's client takes the last line of a key for its
 * foot and would read an empty one as part of the key.
 */
export async function rsaPair(folder: DataFolder, name: string): Promise<RsaPair> {
  const files = {
    privateKeyFile: folder.keyFile(`${name}.private.pem`),
    pkcs1File: folder.keyFile(`${name}.private.pkcs1.pem`),
    publicKeyFile: folder.keyFile(`${name}.public.pem`),
  }
  const privateKey = await readOrMake(files.privateKeyFile, async () => {
    const pair = await generate('rsa', { modulusLength: 2048 })
    return pemOf(pair.privateKey)
  })
  // The other forms are derived anew at each start, so that they can never belong to another key.
  const key = createPrivateKey(privateKey)
  const publicKey = createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString().trimEnd()
  await writePrivateFile(files.publicKeyFile, publicKey)
  await writePrivateFile(files.pkcs1File, key.export({ type: 'pkcs1', format: 'pem' }).toString().trimEnd())
  return { privateKey, publicKey, ...files }
}

async function secret(folder: DataFolder, name: string, chance: Chance): Promise<Uint8Array> {
  const text = await readOrMake(folder.keyFile(name), () => `${Buffer.from(chance.bytes(32)).toString('base64')}\n`)
  const bytes = new Uint8Array(Buffer.from(text.trim(), 'base64'))
  invariant(bytes.byteLength === 32, `the key file ${name} does not hold 32 bytes`)
  return bytes
}

function pemOf(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString().trimEnd()
}
