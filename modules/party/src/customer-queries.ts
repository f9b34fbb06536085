import type { ReadTx } from '@huitong/pg'
import type { Customer } from './customer.ts'
import { PHONE_FIELD } from './customer-door.ts'
import {
  selectCustomerByPhoneHash,
  selectCustomerByUserNumber,
  selectCustomers,
  selectCustomersById,
} from './customer-store.ts'
import { selectSealedPhone } from './person-store.ts'
import { type PhoneNumber, readPhone } from './phone.ts'
import type { Vault } from './vault.ts'

export async function findCustomer(tx: ReadTx, id: number): Promise<Customer | undefined> {
  return (await selectCustomersById(tx.sql, [id]))[0]
}

/** By the number that others know a customer by (`2088…`). A text that is no such number is nobody's. */
export async function findCustomerByUserNumber(tx: ReadTx, userNumber: string): Promise<Customer | undefined> {
  return USER_NUMBER.test(userNumber) ? selectCustomerByUserNumber(tx.sql, userNumber) : undefined
}

const USER_NUMBER = /^2088[0-9]{12}$/

/** By phone number, however it is written. A text that is no phone number is nobody's. */
export async function findCustomerByPhone(tx: ReadTx, vault: Vault, phone: string): Promise<Customer | undefined> {
  const number = readPhone(phone)
  return number.ok ? selectCustomerByPhoneHash(tx.sql, vault.index('phone', number.value)) : undefined
}

/** Those of the customers that exist, in no order. */
export function findCustomers(tx: ReadTx, ids: readonly number[]): Promise<readonly Customer[]> {
  return selectCustomersById(tx.sql, ids)
}

/** At most `limit` customers, by id, after the one with id `after` (0: from the first). */
export function listCustomers(tx: ReadTx, after: number, limit: number): Promise<readonly Customer[]> {
  return selectCustomers(tx.sql, after, limit)
}

/** The phone in clear; undefined when there is no such customer, or the person was erased. */
export async function findPhone(tx: ReadTx, vault: Vault, customerId: number): Promise<PhoneNumber | undefined> {
  const sealed = await selectSealedPhone(tx.sql, customerId)
  return sealed === undefined ? undefined : vault.open(sealed.key, PHONE_FIELD, sealed.phone)
}
