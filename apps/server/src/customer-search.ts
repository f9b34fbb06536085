import { findCustomerByPhone, findCustomerByUserNumber } from '@huitong/party'
import type { CustomerSearch } from '@huitong/payments'
import type { PlatformInstitution } from './institution.ts'

/** Finds customers by what others call them, outside the committer. */
export function customerSearch({ db, vault }: PlatformInstitution): CustomerSearch {
  return {
    findByUserNumber: (userNumber) => db.read((tx) => findCustomerByUserNumber(tx, userNumber)),
    findByPhone: (phone) => db.read((tx) => findCustomerByPhone(tx, vault, phone)),
  }
}
