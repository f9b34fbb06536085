import { type CaseRouteParts, type Casework, createCasework, openPoisonCases, startCaseRelay } from '@huitong/casework'
import { createEscrowQueries, ESCROW_TRADE_ID } from '@huitong/escrow'
import { parsePublicId, publicId } from '@huitong/kernel'
import { createPaymentQueries, TRADE_ID, TRANSFER_ID } from '@huitong/payments'
import type { Tx } from '@huitong/pg'
import type { Statement } from '@huitong/reconciliation'
import { asPlatform, type Institution } from './institution.ts'
import { type Repeated, repeat } from './repeat.ts'

const POISON_EVERY_MS = 10_000

/** Opens and settles cases as events tell, and one for each input that the committer left out. */
export function startCasework(institution: Institution): Repeated {
  const { db, clock, log, schema } = institution
  const casework = createCasework(db, clock)
  const onError = (error: unknown): void =>
    log.warn({ institution: schema, err: error }, 'a case could not be opened now and will be')
  const relay = startCaseRelay({ db, casework, clock, onError })
  institution.onCommitted(() => relay.wake())
  const poison = repeat(POISON_EVERY_MS, async () => (await openPoisonCases({ db, casework })) > 0, onError)
  return {
    stop: async () => {
      await Promise.all([relay.stop(), poison.stop()])
    },
  }
}

/** Opens a case for a statement that does not agree with the ledger, in the transaction that stores it. */
export function caseOfDifferences({
  db,
  clock,
}: Pick<Institution, 'db' | 'clock'>): (tx: Tx, statement: Statement) => Promise<void> {
  const casework = createCasework(db, clock)
  return async (tx, { id, account, differing, firstDay, lastDay }) => {
    const subject = publicId('rstm', id)
    const summary = `${differing} differences between ${publicId('acct', account)} and its statement of ${firstDay} to ${lastDay}.`
    await casework.open(tx, { kind: 'reconciliation', source: `reconciliation:${id}`, subject, summary }, clock.now())
  }
}

/** What the routes of cases work with. A complaint may be about what its customer paid, was paid or bought. */
export function caseRouteParts(institution: Institution): CaseRouteParts & { readonly casework: Casework } {
  const { db, clock } = institution
  const casework = createCasework(db, clock)
  if (asPlatform(institution) === undefined) return { casework, clock, isOwn: async () => false }
  const payments = createPaymentQueries(db)
  const escrow = createEscrowQueries(db)
  return {
    casework,
    clock,
    isOwn: async (customer, subject) => {
      const trade = parsePublicId(TRADE_ID, subject)
      if (trade.ok) return (await payments.trade(trade.value))?.buyer === customer
      const transfer = parsePublicId(TRANSFER_ID, subject)
      if (transfer.ok) {
        const found = await payments.transfer(transfer.value)
        return found?.payee === customer || (found?.payer.kind === 'customer' && found.payer.id === customer)
      }
      const guaranteed = parsePublicId(ESCROW_TRADE_ID, subject)
      return guaranteed.ok && (await escrow.escrow(guaranteed.value))?.trade.buyer === customer
    },
  }
}
