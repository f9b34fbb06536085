import { readPhone, type Vault } from '@huitong/party'

/** Keyed hashes of what a holder is known by. They are made at the door, so that nothing personal passes through the committer. */
export interface Factors {
  readonly nameHash: string
  readonly identityHash: string
  readonly phoneHash: string
}

/** What whoever asks says of a holder, in clear. */
export interface Holder {
  /** As in the identity document. */
  readonly legalName: string
  readonly documentNumber: string
  readonly phone: string
}

/** Hashes by which the bank finds that what somebody says of a holder is what the holder said, and nothing more. */
export function factorsOf(vault: Pick<Vault, 'index'>, { legalName, documentNumber, phone }: Holder): Factors {
  const known = readPhone(phone)
  return {
    nameHash: vault.index('identity-document', legalName),
    identityHash: vault.index('identity-document', documentNumber.toUpperCase()),
    // However it is written it is the same phone; what is none matches none.
    phoneHash: vault.index('phone', known.ok ? known.value : phone),
  }
}
