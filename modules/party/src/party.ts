import type { WorkingSet } from '@huitong/committer'
import { type Applications, createApplications } from './application-decide.ts'
import { type Customers, createCustomers } from './customer-decide.ts'
import { createIdentities, type Identities } from './identity-decide.ts'
import { createMerchants, type Merchants } from './merchant-decide.ts'
import { createNextNumber } from './number-decide.ts'
import { createPartyCommands, type PartyCommands } from './party-commands.ts'
import { createPaymentCodes, type PaymentCodes } from './payment-code-decide.ts'

export interface PartyOptions {
  /** Unused payment codes that a customer may have at a time; 20 unless told. */
  readonly liveCodesMax?: number
}

/**
 * Customers, merchants, applications and payment codes of one institution, for the decide functions of the commands that work
 * on them: `need…` announces rows, the others read and change the working set and refuse by value.
 */
export interface Party extends Customers, Identities, Merchants, Applications, PaymentCodes {
  readonly commands: PartyCommands
}

/** Takes party's tables of the working set; once a working set. */
export function createParty(set: WorkingSet, options: PartyOptions = {}): Party {
  const nextNumber = createNextNumber(set)
  const customers = createCustomers(set, nextNumber)
  const identities = createIdentities(set, customers)
  const merchants = createMerchants(set, nextNumber)
  const applications = createApplications(set, nextNumber, merchants)
  const codes = createPaymentCodes(set, customers, options.liveCodesMax)
  const decisions = { ...customers, ...identities, ...merchants, ...applications, ...codes }
  return { ...decisions, commands: createPartyCommands(decisions) }
}
