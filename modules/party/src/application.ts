import type { Micros } from '@huitong/kernel'

export const APPLICATION_STATUSES = ['active', 'disabled'] as const
export type ApplicationStatus = (typeof APPLICATION_STATUSES)[number]

export const SIGN_TYPES = ['RSA2'] as const
export type SignType = (typeof SIGN_TYPES)[number]

export interface Application {
  readonly id: number
  /** Public number: `2021` and twelve digits. */
  readonly appId: string
  readonly merchantId: number
  readonly name: string
  readonly status: ApplicationStatus
  readonly signType: SignType
  /** Where notifications go when a request names no address. */
  readonly notifyUrl: string | null
  /** Counts from 1 with every change of keys. */
  readonly keyVersion: number
  /** RSA public key, SubjectPublicKeyInfo in DER. */
  readonly publicKey: Uint8Array
  /** SHA-256 of the API key for the native API, hexadecimal; null when it has none. */
  readonly apiKeyHash: string | null
  readonly registeredAt: Micros
}

/** What decide needs to register an application. */
export interface ApplicationRegistration {
  readonly merchantId: number
  readonly name: string
  readonly signType: SignType
  readonly notifyUrl: string | null
  readonly publicKey: Uint8Array
  readonly apiKeyHash: string | null
}

export interface KeyRotation {
  readonly appId: string
  readonly publicKey: Uint8Array
  /** Null ends access by API key. */
  readonly apiKeyHash: string | null
}
