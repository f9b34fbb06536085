import { type Chance, err, ok, type Result, SLOTS, storableText } from '@huitong/kernel'
import type { CustomerRegistration, CustomerTier } from './customer.ts'
import { maskedPhone, readPhone } from './phone.ts'
import type { Vault } from './vault.ts'

/** A field of a request that broke a rule. */
export interface FieldFault {
  readonly field: string
  readonly rule: string
  readonly message: string
}

export const NAME_LENGTH_MAX = 64

/** The personal data that is sealed, by field. */
export const PHONE_FIELD = 'party.phone'

export interface CustomerRequest {
  readonly displayName: string
  readonly phone: string
  /** 1 unless told. */
  readonly tier?: CustomerTier
}

/** Judges a request for a new customer, draws what is random and seals what is personal, before anything is queued. */
export function readCustomerRegistration(
  request: CustomerRequest,
  vault: Vault,
  chance: Chance,
): Result<CustomerRegistration, FieldFault> {
  const displayName = readName(request.displayName, 'displayName')
  if (!displayName.ok) return displayName
  const phone = readPhone(request.phone)
  if (!phone.ok) {
    return err({ field: 'phone', rule: phone.error, message: 'A phone number has eleven digits, or is in E.164 form.' })
  }
  const person = vault.newPerson()
  return ok({
    slot: chance.below(SLOTS),
    displayName: displayName.value,
    tier: request.tier ?? 1,
    maskedLogonId: maskedPhone(phone.value),
    phoneHash: vault.index('phone', phone.value),
    phoneCiphertext: person.seal(PHONE_FIELD, phone.value),
    masterKeyVersion: person.key.masterKeyVersion,
    wrappedKey: person.key.wrapped,
  })
}

/** Judges a name of a customer, merchant or application: one line, 1–64 characters, not only spaces. */
export function readName(text: string, field: string): Result<string, FieldFault> {
  const name = storableText(text.trim(), { max: NAME_LENGTH_MAX })
  if (name.ok) return name
  return err({ field, rule: name.error, message: `A name is one line of 1 to ${NAME_LENGTH_MAX} characters.` })
}
