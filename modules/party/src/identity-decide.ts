import type { WorkingSet } from '@huitong/committer'
import { err, ok, type Result } from '@huitong/kernel'
import type { Customer } from './customer.ts'
import type { Customers } from './customer-decide.ts'
import { type IdentityFactor, tierOfFactors } from './identity-factor.ts'
import { identityDocumentLog, identityFactorTable, personTable } from './identity-factor-store.ts'
import type { PartyRefusal } from './party-refusals.ts'

/** A document as a command carries it: sealed under the customer's key, found again by its keyed hash. */
export interface SealedIdentity {
  readonly documentHash: string
  readonly legalName: Uint8Array
  readonly number: Uint8Array
}

export interface IdentityConfirmation {
  readonly customer: number
  readonly factor: IdentityFactor
  /** The confirming party's own number for it. */
  readonly reference: string
  /** With `identity_document` only. */
  readonly document: SealedIdentity | null
}

export interface Identities {
  needConfirmation(request: IdentityConfirmation): void
  /**
   * Adds a factor and raises the account's class as far as the factors are good for; it never lowers it. The first document makes
   * the customer a person. A factor that is there already changes nothing. Refuses `customer_unknown`, `customer_not_active`,
   * `document_differs`.
   */
  confirmIdentity(request: IdentityConfirmation): Result<Customer, PartyRefusal>
}

export function createIdentities(set: WorkingSet, customers: Customers): Identities {
  const factors = set.table(identityFactorTable)
  const persons = set.table(personTable)
  const documents = set.log(identityDocumentLog)

  function personOf(customer: Customer, document: SealedIdentity | null): Result<number | null, PartyRefusal> {
    if (document === null) return ok(customer.person)
    const known = persons.get(document.documentHash)
    if (customer.person !== null) {
      return known?.person === customer.person ? ok(customer.person) : err({ code: 'document_differs' })
    }
    if (known === undefined) persons.put(document.documentHash, { person: customer.id })
    documents.add({ customer: customer.id, legalName: document.legalName, number: document.number })
    return ok(known?.person ?? customer.id)
  }

  return {
    needConfirmation: ({ customer, document }) => {
      customers.needCustomer(customer)
      factors.need(customer)
      if (document !== null) persons.need(document.documentHash)
    },
    confirmIdentity: ({ customer: id, factor, reference, document }) => {
      const before = customers.customer(id)
      if (before === undefined) return err({ code: 'customer_unknown' })
      if (before.status !== 'active') return err({ code: 'customer_not_active' })
      const person = personOf(before, document)
      if (!person.ok) return person
      const had = factors.get(id) ?? []
      const has = had.some((one) => one.factor === factor)
        ? had
        : [...had, { factor, reference, confirmedAt: set.batch.at }]
      if (has !== had) factors.put(id, has)
      const tier = tierOfFactors(has)
      return ok(customers.setIdentity(before, { person: person.value, tier: tier > before.tier ? tier : before.tier }))
    },
  }
}
