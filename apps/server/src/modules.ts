import { WorkingSet } from '@huitong/committer'
import { createEscrow } from '@huitong/escrow'
import { createFamily } from '@huitong/family'
import { createBooks, createLedgerCommands } from '@huitong/ledger'
import { createMarketing } from '@huitong/marketing'
import { createParty } from '@huitong/party'
import { createPayments } from '@huitong/payments'
import { createPricing } from '@huitong/pricing'
import { createRisk } from '@huitong/risk'

/** The modules of a wallet platform on one working set: everything that its committer can decide. */
export function createModules() {
  const set = new WorkingSet()
  const books = createBooks(set)
  const party = createParty(set)
  const pricing = createPricing(set, party)
  const { limits, sharing } = pricing
  const risk = createRisk(set)
  const payments = createPayments(set, { books, party, limits, sharing, risk })
  const { purses, tendering, outlays } = payments
  const escrow = createEscrow(set, { books, party, purses, tendering, outlays })
  const marketing = createMarketing(set, { books, party, limits, purses, tendering, outlays })
  const family = createFamily(set, { books, party, limits, purses, tendering })
  return {
    set,
    books,
    party,
    pricing,
    risk,
    payments,
    escrow,
    marketing,
    family,
    ledgerCommands: createLedgerCommands(set, books),
  }
}

export type Modules = ReturnType<typeof createModules>
