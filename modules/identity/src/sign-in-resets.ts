import { type Clock, err, invariant, ok, type Result } from '@huitong/kernel'
import type { InstitutionDatabase } from '@huitong/pg'
import { insertAudit } from './audit-store.ts'
import type { PayingGuard } from './devices.ts'
import { forgetProofs } from './further-proof.ts'
import type { Session } from './session.ts'
import { RESET_WAIT, type ResetRefusal, resetFault, type SignInReset } from './sign-in-reset.ts'
import { decideReset, ensureOpenReset, lockNewestReset, selectNewestReset } from './sign-in-reset-store.ts'

export interface SignInResets {
  /** Begins the time of waiting; asked for again, it goes on. */
  askForReset(customer: number, reason: string): Promise<SignInReset>
  /** The customer's newest reset. */
  resetOf(customer: number): Promise<SignInReset | undefined>
  /** By the customer, from any session that is left. */
  objectToReset(session: Session, address: string): Promise<Result<SignInReset, ResetRefusal>>
  /** After the time of waiting: all proofs are gone, sessions end, and paying that was stopped is allowed again. */
  finishReset(customer: number): Promise<Result<SignInReset, ResetRefusal>>
}

export function createSignInResets(db: InstitutionDatabase, clock: Clock, guard: PayingGuard): SignInResets {
  const subjectOf = (id: number) => ({ kind: 'customer', id }) as const

  return {
    askForReset: async (customer, reason) => {
      const requestedAt = clock.now()
      const asked = await db.transact(async (tx) => {
        const reset = await ensureOpenReset(tx, {
          customer,
          reason,
          requestedAt,
          effectiveAt: requestedAt + RESET_WAIT,
        })
        await insertAudit(tx, { at: requestedAt, event: 'reset_asked', subject: subjectOf(customer) })
        return ok(reset)
      })
      invariant(asked.ok, 'nothing refuses to ask for a reset')
      return asked.value
    },

    resetOf: (customer) => db.read((tx) => selectNewestReset(tx, customer)),

    objectToReset: ({ subject, id: sessionId }, address) =>
      db.transact(async (tx) => {
        const at = clock.now()
        const found = subject.kind === 'customer' ? await lockNewestReset(tx, subject.id) : undefined
        const fault = resetFault(found, 'object', at)
        if (found === undefined || fault !== undefined) return err(fault ?? 'reset_unknown')
        await decideReset(tx, found.id, 'objected', at)
        await insertAudit(tx, { at, event: 'reset_objected', subject, sessionId, address })
        return ok({ ...found, state: 'objected', decidedAt: found.decidedAt ?? at })
      }),

    finishReset: async (customer) => {
      const before = await db.read((tx) => selectNewestReset(tx, customer))
      const early = resetFault(before, 'finish', clock.now())
      if (early !== undefined) return err(early)
      // Documents were looked at and nobody objected: that is more than any proof that was lost. It goes first, so that a repeat does all.
      await guard.allow(customer)
      return db.transact(async (tx): Promise<Result<SignInReset, ResetRefusal>> => {
        const at = clock.now()
        const found = await lockNewestReset(tx, customer)
        const fault = resetFault(found, 'finish', at)
        if (found === undefined || fault !== undefined) return err(fault ?? 'reset_unknown')
        await forgetProofs(tx, subjectOf(customer), at)
        await decideReset(tx, found.id, 'done', at)
        await insertAudit(tx, { at, event: 'proofs_reset', subject: subjectOf(customer) })
        return ok({ ...found, state: 'done', decidedAt: at })
      })
    },
  }
}
