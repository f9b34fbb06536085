import { findCustomerByPhone, findCustomerByUserNumber } from '@huitong/party'
import type { CustomerSearch } from '@huitong/payments'
import type { Institution } from './institution.ts'

/** Finds customers by what others call them, outside the committer. */
export function customerSearch({ db, vault }: Institution): CustomerSearch {
  return {
    findByUserNumber: (userNumber) => db.read((tx) => findCustomerByUserNumber(tx, userNumber)),
    findByPhone: (phone) => db.read((tx) => findCustomerByPhone(tx, vault, phone)),
  }
}
