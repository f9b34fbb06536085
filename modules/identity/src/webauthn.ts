import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server'
import type { Passkey } from './passkey.ts'

/*
 * The door to the WebAuthn library. It weighs 25 MB and a fifth of a second, so it is loaded when the first passkey is used.
 * The library says no by throwing; here that becomes an answer, and nothing is done in those calls that could fail otherwise,
 * save the check of the challenge, whose own errors are thrown on.
 */

/** The site that passkeys are for. A passkey made for one domain works for no other, which is why it cannot be phished. */
export interface RelyingParty {
  /** A domain, such as `pay.example.com`; addresses are none. */
  readonly id: string
  readonly name: string
  /** Origins of our own pages, such as `https://pay.example.com`. */
  readonly origins: readonly string[]
}

export interface RegisteredKey {
  readonly credentialId: Uint8Array
  readonly publicKey: Uint8Array
  readonly counter: number
  readonly synced: boolean
}

export interface UsedKey {
  readonly counter: number
}

/** ES256, EdDSA and RS256, which are all that authenticators make. */
const ALGORITHMS = [-7, -8, -257]
const TIMEOUT_MS = 300_000

const library = () => import('@simplewebauthn/server')

export interface RegistrationRequest {
  readonly challenge: Uint8Array
  readonly handle: Uint8Array
  readonly userName: string
  readonly present: readonly Passkey[]
}

export async function registrationOptions(site: RelyingParty, request: RegistrationRequest) {
  const { generateRegistrationOptions } = await library()
  return generateRegistrationOptions({
    rpName: site.name,
    rpID: site.id,
    userID: new Uint8Array(request.handle),
    userName: request.userName,
    userDisplayName: request.userName,
    challenge: new Uint8Array(request.challenge),
    timeout: TIMEOUT_MS,
    attestationType: 'none',
    excludeCredentials: request.present.map(({ credentialId, transports }) => ({
      id: base64url(credentialId),
      transports: [...transports],
    })),
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    supportedAlgorithmIDs: ALGORITHMS,
  })
}

/** Without `allowed` the browser offers every passkey that it has for the site. */
export async function authenticationOptions(site: RelyingParty, challenge: Uint8Array, allowed: readonly Passkey[]) {
  const { generateAuthenticationOptions } = await library()
  return generateAuthenticationOptions({
    rpID: site.id,
    challenge: new Uint8Array(challenge),
    timeout: TIMEOUT_MS,
    userVerification: 'required',
    allowCredentials: allowed.map(({ credentialId, transports }) => ({
      id: base64url(credentialId),
      transports: [...transports],
    })),
  })
}

/** Undefined when it proves nothing. `holds` judges the challenge and is asked once. */
export async function verifyRegistration(
  site: RelyingParty,
  response: RegistrationResponseJSON,
  holds: ChallengeCheck,
): Promise<RegisteredKey | undefined> {
  const { verifyRegistrationResponse } = await library()
  return proofOf(async (expectedChallenge) => {
    const { verified, registrationInfo } = await verifyRegistrationResponse({
      ...{ response, expectedChallenge, expectedOrigin: [...site.origins], expectedRPID: site.id },
      ...{ requireUserVerification: true, supportedAlgorithmIDs: ALGORITHMS },
    })
    if (!verified) return undefined
    const { id, publicKey, counter } = registrationInfo.credential
    const synced = registrationInfo.credentialDeviceType === 'multiDevice'
    return { credentialId: Buffer.from(id, 'base64url'), publicKey: Buffer.from(publicKey), counter, synced }
  }, holds)
}

/** Undefined when it proves nothing. The counter is told, not judged. */
export async function verifyAuthentication(
  site: RelyingParty,
  response: AuthenticationResponseJSON,
  passkey: Passkey,
  holds: ChallengeCheck,
): Promise<UsedKey | undefined> {
  const { verifyAuthenticationResponse } = await library()
  return proofOf(async (expectedChallenge) => {
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      ...{ response, expectedChallenge, expectedOrigin: [...site.origins], expectedRPID: site.id },
      requireUserVerification: true,
      // The library would only throw over a counter that ran back; we want to know, under a lock, and act on it.
      credential: { id: response.id, publicKey: new Uint8Array(passkey.publicKey), counter: 0 },
    })
    return verified ? { counter: authenticationInfo.newCounter } : undefined
  }, holds)
}

export type ChallengeCheck = (challenge: string) => Promise<boolean>

async function proofOf<T>(
  verify: (challenge: ChallengeCheck) => Promise<T | undefined>,
  holds: ChallengeCheck,
): Promise<T | undefined> {
  let failure: { readonly error: unknown } | undefined
  try {
    return await verify(async (challenge) => {
      try {
        return await holds(challenge)
      } catch (error) {
        failure = { error }
        throw error
      }
    })
  } catch {
    if (failure !== undefined) throw failure.error
    return undefined
  }
}

function base64url(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64url')
}
