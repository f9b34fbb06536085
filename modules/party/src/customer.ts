import type { Micros } from '@huitong/kernel'

export const CUSTOMER_STATUSES = ['active', 'frozen', 'deceased', 'closed', 'erased'] as const
export type CustomerStatus = (typeof CUSTOMER_STATUSES)[number]

/** How well a customer is known: 1 by phone only, 3 by documents. Limits hang on it. */
export const CUSTOMER_TIERS = [1, 2, 3] as const
export type CustomerTier = (typeof CUSTOMER_TIERS)[number]

export interface Customer {
  readonly id: number
  /** Public user number: `2088` and twelve digits. */
  readonly userNumber: string
  /** The name that others see. Not the name in documents. */
  readonly displayName: string
  /** `159****5620` */
  readonly maskedLogonId: string
  readonly status: CustomerStatus
  readonly tier: CustomerTier
  /** The first customer with the same identity document, whose accounts count together; null until one was seen. */
  readonly person: number | null
  readonly registeredAt: Micros
}

/** Which status may follow which. Closed customers can only be erased; erased ones stay as an empty shell that the books refer to. */
const NEXT_STATUSES: Readonly<Record<CustomerStatus, readonly CustomerStatus[]>> = {
  active: ['frozen', 'deceased', 'closed'],
  frozen: ['active', 'deceased', 'closed'],
  deceased: ['active', 'closed'],
  closed: ['erased'],
  erased: [],
}

export function mayFollow(present: CustomerStatus, next: CustomerStatus): boolean {
  return NEXT_STATUSES[present].includes(next)
}

/** What decide needs to register a customer. Everything drawn by chance is in it; the phone itself is not. */
export interface CustomerRegistration {
  /** 0–1023, drawn at the door. */
  readonly slot: number
  readonly displayName: string
  readonly tier: CustomerTier
  readonly maskedLogonId: string
  /** Keyed hash of the phone, hexadecimal. */
  readonly phoneHash: string
  readonly phoneCiphertext: Uint8Array
  readonly masterKeyVersion: number
  readonly wrappedKey: Uint8Array
}

/** What the request said, without what chance added: equal for a repeat. For the `form` of commands that register customers. */
export function registrationForm(registration: CustomerRegistration): {
  readonly displayName: string
  readonly tier: number
  readonly phoneHash: string
} {
  return { displayName: registration.displayName, tier: registration.tier, phoneHash: registration.phoneHash }
}
