import type { WorkingSet } from '@huitong/committer'
import { err, invariant, ok, publicId, type Result } from '@huitong/kernel'
import { type Customer, type CustomerRegistration, type CustomerStatus, mayFollow } from './customer.ts'
import { customerTable } from './customer-store.ts'
import type { NextNumber } from './number-decide.ts'
import type { PartyRefusal } from './party-refusals.ts'
import { personalDataLog, personKeyTable } from './person-store.ts'
import { phoneTable } from './phone-store.ts'

export interface Customers {
  needCustomer(id: number): void
  customer(id: number): Customer | undefined
  needRegistration(request: CustomerRegistration): void
  /** Refuses `phone_taken`. The caller opens the wallet in the same command. */
  registerCustomer(request: CustomerRegistration): Result<Customer, PartyRefusal>
  /** Refuses `customer_unknown`, `status_change_not_allowed`. Closing is for a caller that saw the wallet empty and closed. */
  setCustomerStatus(id: number, status: Exclude<CustomerStatus, 'erased'>): Result<Customer, PartyRefusal>
  /** Stores whose accounts these are and how well the customer is known, when that is new. */
  setIdentity(customer: Customer, identity: Pick<Customer, 'person' | 'tier'>): Customer
  needErasure(id: number): void
  /** Destroys the person's data key and the names in the customer's row; a closed customer only. Refuses as `setCustomerStatus`. */
  eraseCustomer(id: number): Result<Customer, PartyRefusal>
}

export function createCustomers(set: WorkingSet, nextNumber: NextNumber): Customers {
  const customers = set.table(customerTable)
  const personKeys = set.table(personKeyTable)
  const personalData = set.log(personalDataLog)
  const phones = set.table(phoneTable)

  function emit(topic: string, customer: Customer): void {
    const id = publicId('cust', customer.id)
    set.emit({ topic, key: id, body: JSON.stringify({ customer: id, status: customer.status, tier: customer.tier }) })
  }

  function changeStatus(id: number, status: CustomerStatus): Result<Customer, PartyRefusal> {
    const before = customers.get(id)
    if (before === undefined) return err({ code: 'customer_unknown' })
    if (!mayFollow(before.status, status)) {
      return err({ code: 'status_change_not_allowed', facts: { from: before.status, to: status } })
    }
    const after = { ...before, status }
    customers.put(id, after)
    emit('party.customer-status-changed', after)
    return ok(after)
  }

  return {
    needCustomer: (id) => customers.need(id),
    customer: (id) => customers.get(id),

    needRegistration: (request) => {
      nextNumber.need('person')
      phones.need(request.phoneHash)
    },
    registerCustomer: (request) => {
      const holder = phones.get(request.phoneHash)
      if (holder !== undefined && holder.customerId !== null) return err({ code: 'phone_taken' })
      const customer: Customer = {
        id: set.newId(request.slot),
        userNumber: nextNumber.take('person'),
        displayName: request.displayName,
        maskedLogonId: request.maskedLogonId,
        status: 'active',
        tier: request.tier,
        person: null,
        registeredAt: set.batch.at,
      }
      customers.add(customer.id, customer)
      personKeys.add(customer.id, {
        masterKeyVersion: request.masterKeyVersion,
        wrappedKey: request.wrappedKey,
        destroyedAt: null,
        phoneHash: request.phoneHash,
      })
      personalData.add({ customerId: customer.id, phoneCiphertext: request.phoneCiphertext })
      phones.put(request.phoneHash, { customerId: customer.id })
      emit('party.customer-registered', customer)
      return ok(customer)
    },

    setCustomerStatus: changeStatus,

    setIdentity: (customer, { person, tier }) => {
      if (person === customer.person && tier === customer.tier) return customer
      const after = { ...customer, person, tier }
      customers.put(customer.id, after)
      if (tier !== customer.tier) emit('party.customer-tier-changed', after)
      return after
    },

    needErasure: (id) => {
      customers.need(id)
      personKeys.need(id)
    },
    eraseCustomer: (id) => {
      const closed = changeStatus(id, 'erased')
      if (!closed.ok) return closed
      const key = personKeys.get(id)
      invariant(key !== undefined && key.phoneHash !== null, 'a customer who is not erased has a data key and a phone')
      const erased = { ...closed.value, displayName: '', maskedLogonId: '' }
      customers.put(id, erased)
      phones.put(key.phoneHash, { customerId: null })
      personKeys.put(id, { ...key, wrappedKey: null, phoneHash: null, destroyedAt: set.batch.at })
      return ok(erased)
    },
  }
}
