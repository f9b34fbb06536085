import { WALLET_CURRENCY } from '@huitong/payments'
import type { InstitutionDatabase } from '@huitong/pg'
import type { Escrow } from './escrow.ts'
import {
  type EscrowFilter,
  type EscrowTie,
  selectEscrow,
  selectEscrowTies,
  selectEscrowTrades,
  selectEvidence,
  selectSteps,
} from './escrow-read-store.ts'
import type { EscrowTrade } from './escrow-trade.ts'
import type { Evidence } from './evidence.ts'
import type { Step } from './step.ts'
import { type EscrowTotals, NO_TRADES, selectTotals } from './totals-store.ts'

/** The read side: one snapshot per question, no locks, nothing that the committer waits for. */
export interface EscrowQueries {
  escrow(id: number): Promise<Escrow | undefined>
  /** Newest first, up to limit + 1, without shipments and disputes. */
  trades(filter: EscrowFilter): Promise<readonly EscrowTrade[]>
  steps(trade: number): Promise<readonly Step[]>
  evidence(trade: number, dispute: number): Promise<readonly Evidence[]>
  /** For the tie of this module's rows with the ledger: each account must hold what the open trades say. */
  ties(): Promise<readonly EscrowTie[]>
  /** Of all trades that were ever paid. */
  totals(): Promise<EscrowTotals>
}

export function createEscrowQueries(db: InstitutionDatabase): EscrowQueries {
  return {
    escrow: (id) => db.read((tx) => selectEscrow(tx, id)),
    trades: (filter) => db.read((tx) => selectEscrowTrades(tx, filter)),
    steps: (trade) => db.read((tx) => selectSteps(tx, trade)),
    evidence: (trade, dispute) => db.read((tx) => selectEvidence(tx, trade, dispute)),
    totals: () => db.read(async (tx) => (await selectTotals(tx.sql, [WALLET_CURRENCY]))[0]?.[1] ?? NO_TRADES),
    ties: () => db.read((tx) => selectEscrowTies(tx)),
  }
}
