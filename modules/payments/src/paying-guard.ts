import type { CommandKind, Committer } from '@huitong/committer'
import { HttpProblem, outcomeToReply } from '@huitong/http'
import type { InstitutionDatabase } from '@huitong/pg'
import { selectPayingStop } from './paying-stop-store.ts'
import type { Payments } from './payments.ts'

export interface PayingGuardParts {
  readonly db: InstitutionDatabase
  readonly committer: Pick<Committer, 'submit'>
  readonly payments: Pick<Payments, 'stopPaying' | 'allowPaying'>
}

/** Stops what customers pay, and allows it again, for those who know that a device was lost. Doing either twice is doing it once. */
export interface PayingGuard {
  stop(customer: number, reference: string): Promise<void>
  allow(customer: number): Promise<void>
  isStopped(customer: number): Promise<boolean>
}

export function createPayingGuard({ db, committer, payments }: PayingGuardParts): PayingGuard {
  // The commands' own rows make a repeat harmless, so they need no key.
  async function submit<Input, Answer>(kind: CommandKind<Input, Answer>, input: Input): Promise<void> {
    const answer = outcomeToReply(await committer.submit({ kind, input }), { done: () => undefined })
    if (answer instanceof HttpProblem) throw answer
  }

  return {
    stop: (customer, reference) => submit(payments.stopPaying, { customer, reference }),
    allow: (customer) => submit(payments.allowPaying, { customer }),
    isStopped: async (customer) => {
      const stop = await db.read((tx) => selectPayingStop(tx, customer))
      return stop !== undefined && stop.freeze !== null
    },
  }
}
