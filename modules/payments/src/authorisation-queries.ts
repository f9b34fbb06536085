import type { InstitutionDatabase } from '@huitong/pg'
import type { Authorisation, AuthorisationOperation } from './authorisation.ts'
import type { AuthorisationReference } from './authorisation-commands.ts'
import { selectAuthorisation, selectAuthorisationByNumber, selectOperations } from './authorisation-read-store.ts'
import { idInLongNumber, isNumberOf } from './long-number.ts'

/** Which authorisation a merchant asks about, by the numbers that its programs have. Ours decides when both are given. */
export interface AuthorisationNumbers {
  readonly merchant: number
  readonly number: string | null
  readonly authorisationNumber: string | null
}

export interface AuthorisationQueries {
  authorisation(id: number): Promise<Authorisation | undefined>
  /** The merchant's own; somebody else's looks the same as none. */
  find(numbers: AuthorisationNumbers): Promise<Authorisation | undefined>
  operations(authorisation: number): Promise<readonly AuthorisationOperation[]>
}

export function createAuthorisationQueries(db: InstitutionDatabase): AuthorisationQueries {
  return {
    authorisation: (id) => db.read((tx) => selectAuthorisation(tx, id)),
    find: ({ merchant, number, authorisationNumber }) =>
      db.read(async (tx) => {
        if (number === null) {
          return authorisationNumber === null
            ? undefined
            : selectAuthorisationByNumber(tx, merchant, authorisationNumber)
        }
        const id = idInLongNumber('authorisation', number)
        const found = id === undefined ? undefined : await selectAuthorisation(tx, id)
        if (found?.merchant !== merchant) return undefined
        return isNumberOf('authorisation', number, found.id, found.createdAt) ? found : undefined
      }),
    operations: (authorisation) => db.read((tx) => selectOperations(tx, authorisation)),
  }
}

/** An id that no authorisation has: ids start above it. */
const NO_AUTHORISATION = 0

/** The reference that commands take, from the numbers that a merchant sends. */
export async function authorisationReference(
  queries: Pick<AuthorisationQueries, 'find'>,
  numbers: AuthorisationNumbers,
): Promise<AuthorisationReference> {
  const { merchant, authorisationNumber } = numbers
  if (numbers.number === null) return { merchant, authorisation: null, authorisationNumber }
  const found = await queries.find(numbers)
  return { merchant, authorisation: found?.id ?? NO_AUTHORISATION, authorisationNumber: null }
}
