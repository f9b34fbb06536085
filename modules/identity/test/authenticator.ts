import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto'

/** An authenticator in software, after WebAuthn Level 3 §6: one ES256 key, attestation `none`. Shares no code with the product. */
export interface SoftwareAuthenticator {
  readonly id: string
  create(options: { readonly challenge: string }, changes?: Changes): Registration
  get(options: { readonly challenge: string }, changes?: Changes): Assertion
}

export interface Changes {
  readonly origin?: string
  readonly rpId?: string
  readonly counter?: number
  readonly userVerified?: boolean
  readonly userHandle?: string
  readonly type?: string
}

interface Registration {
  readonly id: string
  readonly rawId: string
  readonly type: 'public-key'
  readonly response: {
    readonly clientDataJSON: string
    readonly attestationObject: string
    readonly transports: string[]
  }
}

interface Assertion {
  readonly id: string
  readonly rawId: string
  readonly type: 'public-key'
  readonly response: {
    readonly clientDataJSON: string
    readonly authenticatorData: string
    readonly signature: string
    readonly userHandle?: string
  }
}

const SITE = { origin: 'https://pay.example', rpId: 'pay.example' }

export function softwareAuthenticator(counts = true): SoftwareAuthenticator {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const credentialId = randomBytes(16)
  const id = credentialId.toString('base64url')
  let counter = 0

  function clientData(type: string, challenge: string, origin: string): Buffer {
    return Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }))
  }

  function head(changes: Changes, attested: boolean): Buffer {
    const rpIdHash = createHash('sha256')
      .update(changes.rpId ?? SITE.rpId)
      .digest()
    const flags = 0x01 | ((changes.userVerified ?? true) ? 0x04 : 0) | (attested ? 0x40 : 0)
    if (counts) counter += 1
    const count = Buffer.alloc(4)
    count.writeUInt32BE(changes.counter ?? counter)
    return Buffer.concat([rpIdHash, Buffer.from([flags]), count])
  }

  function coseKey(): Buffer {
    const { x = '', y = '' } = publicKey.export({ format: 'jwk' })
    const coordinate = (text: string) => Buffer.concat([Buffer.from([0x58, 32]), Buffer.from(text, 'base64url')])
    // {1: 2 (EC2), 3: -7 (ES256), -1: 1 (P-256), -2: x, -3: y}
    return Buffer.concat([
      ...[Buffer.from([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21]), coordinate(x)],
      ...[Buffer.from([0x22]), coordinate(y)],
    ])
  }

  return {
    id,
    create: ({ challenge }, changes = {}) => {
      const length = Buffer.alloc(2)
      length.writeUInt16BE(credentialId.length)
      const authData = Buffer.concat([head(changes, true), Buffer.alloc(16), length, credentialId, coseKey()])
      const attestation = Buffer.concat([
        ...[Buffer.from([0xa3]), cborText('fmt'), cborText('none'), cborText('attStmt'), Buffer.from([0xa0])],
        ...[cborText('authData'), Buffer.from([0x58, authData.length]), authData],
      ])
      const client = clientData(changes.type ?? 'webauthn.create', challenge, changes.origin ?? SITE.origin)
      return {
        ...{ id, rawId: id, type: 'public-key' },
        response: {
          clientDataJSON: client.toString('base64url'),
          attestationObject: attestation.toString('base64url'),
          transports: ['internal'],
        },
      }
    },
    get: ({ challenge }, changes = {}) => {
      const client = clientData(changes.type ?? 'webauthn.get', challenge, changes.origin ?? SITE.origin)
      const authData = head(changes, false)
      const signed = Buffer.concat([authData, createHash('sha256').update(client).digest()])
      const signature = sign('sha256', signed, privateKey)
      return {
        ...{ id, rawId: id, type: 'public-key' },
        response: {
          clientDataJSON: client.toString('base64url'),
          authenticatorData: authData.toString('base64url'),
          signature: signature.toString('base64url'),
          ...(changes.userHandle === undefined ? {} : { userHandle: changes.userHandle }),
        },
      }
    },
  }
}

function cborText(text: string): Buffer {
  return Buffer.concat([Buffer.from([0x60 | text.length]), Buffer.from(text)])
}
