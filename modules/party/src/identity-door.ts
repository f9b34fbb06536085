import { err, ok, type Result, storableText } from '@huitong/kernel'
import { type FieldFault, readName } from './customer-door.ts'
import type { IdentityConfirmation } from './identity-decide.ts'
import { type IdentityFactor, readDocumentNumber } from './identity-factor.ts'
import type { Vault, WrappedKey } from './vault.ts'

/** The personal data that is sealed, by field. */
const LEGAL_NAME_FIELD = 'party.legal-name'
const DOCUMENT_NUMBER_FIELD = 'party.document-number'

export interface IdentityRequest {
  readonly customer: number
  readonly factor: IdentityFactor
  readonly reference: string
  /** Both with `identity_document`, and with nothing else. */
  readonly legalName?: string | undefined
  readonly documentNumber?: string | undefined
}

/** Judges a confirmation and seals what is personal under the customer's key, before anything is queued. */
export function readIdentityConfirmation(
  request: IdentityRequest,
  key: WrappedKey,
  vault: Vault,
): Result<IdentityConfirmation, FieldFault> {
  const { customer, factor, legalName, documentNumber } = request
  const reference = storableText(request.reference, { max: 64 })
  if (!reference.ok) {
    return err({ field: 'reference', rule: reference.error, message: 'A reference is one line of 1 to 64 characters.' })
  }
  const common = { customer, factor, reference: reference.value }
  if (factor !== 'identity_document') {
    const extra = legalName !== undefined ? 'legalName' : documentNumber !== undefined ? 'documentNumber' : undefined
    return extra === undefined
      ? ok({ ...common, document: null })
      : err({ field: extra, rule: 'not_of_this_factor', message: 'Only an identity document has a name and a number.' })
  }
  const name = readName(legalName ?? '', 'legalName')
  if (!name.ok) return name
  const number = readDocumentNumber(documentNumber ?? '')
  if (!number.ok) {
    return err({ field: 'documentNumber', rule: number.error, message: 'Not a resident identity number (GB 11643).' })
  }
  return ok({
    ...common,
    document: {
      documentHash: vault.index('identity-document', number.value),
      legalName: vault.seal(key, LEGAL_NAME_FIELD, name.value),
      number: vault.seal(key, DOCUMENT_NUMBER_FIELD, number.value),
    },
  })
}
