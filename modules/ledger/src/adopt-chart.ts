import type { Committer } from '@huitong/committer'
import type { InstitutionDatabase } from '@huitong/pg'
import type { InstitutionKind } from './institution-kind.ts'
import type { LedgerCommands } from './ledger-commands.ts'
import { readAdoptedKind } from './settings-store.ts'

export interface AdoptChartOptions {
  readonly db: InstitutionDatabase
  readonly committer: Committer
  readonly commands: LedgerCommands
  readonly kind: InstitutionKind
}

/** An institution that is opened as another kind than that whose chart its books are kept by. */
export class ChartFixed extends Error {
  override readonly name = 'ChartFixed'
}

/** Settles the chart of accounts at an institution's first start; at every later one makes sure that it is still this. */
export async function adoptChart({ db, committer, commands, kind }: AdoptChartOptions): Promise<void> {
  if ((await db.read(readAdoptedKind)) === kind) return
  const outcome = await committer.submit({ kind: commands.adoptChart, input: { kind } })
  if (outcome.status === 'done') return
  if (outcome.status === 'refused') {
    throw new ChartFixed(`The books were opened as those of a ${outcome.refusal.facts?.kind}, not of a ${kind}.`)
  }
  throw new Error(`the chart of accounts could not be adopted: ${outcome.status}`)
}
