import type { Committer } from '@huitong/committer'
import { type Clock, publicId } from '@huitong/kernel'
import type { InstitutionDatabase } from '@huitong/pg'
import type { BankDesk } from './bank-desk.ts'
import type { BankGate } from './bank-gate.ts'
import { selectOutcomes } from './bank-outcome-store.ts'
import { selectDueRefunds } from './card-refund-store.ts'
import { selectEndingCards } from './card-store.ts'
import { selectChannelBanks } from './channel-bank-store.ts'
import { CARD_ID } from './channel-views.ts'
import type { Channels } from './channels.ts'
import { selectDueOrders } from './order-store.ts'

export interface ChannelJobsOptions {
  readonly db: InstitutionDatabase
  readonly committer: Pick<Committer, 'submit'>
  readonly channels: Channels
  readonly clock: Clock
}

const PER_COMMAND = 200
const AT_ONCE = 20

/** Asks how orders and refunds stand of which nothing was heard; how many. */
export async function askDueOrders({ db, committer, channels, clock }: ChannelJobsOptions): Promise<number> {
  let done = 0
  for (;;) {
    const due = await db.read(async (tx) => ({
      uetrs: await selectDueOrders(tx, clock.now(), PER_COMMAND),
      refunds: await selectDueRefunds(tx, clock.now(), PER_COMMAND),
    }))
    if (due.uetrs.length + due.refunds.length === 0) return done
    const outcome = await committer.submit({ kind: channels.askDue, input: due }, 'bulk')
    // What could not be done now is due at the next run as well.
    if (outcome.status !== 'done' || outcome.answer.done === 0) return done
    done += outcome.answer.done
  }
}

/** Tells banks which cards have ended, until they have heard; how many have. */
export async function tellEndedCards({
  db,
  committer,
  channels,
  clock,
  desk,
}: ChannelJobsOptions & { readonly desk: Pick<BankDesk, 'end'> }): Promise<number> {
  const cards = await db.read((tx) => selectEndingCards(tx, clock.now(), AT_ONCE))
  const heard = await Promise.all(
    cards.map(async ({ fingerprint, id, attempt, bank, agreement }) => {
      const key = `${publicId(CARD_ID, id)}-${attempt}-end`
      const knows = agreement !== null && (await desk.end(bank, agreement, key))
      await committer.submit({ kind: channels.noteEnd, input: { fingerprint, heard: knows } }, 'bulk')
      return knows
    }),
  )
  return heard.filter(Boolean).length
}

/** So long ago counts for how a bank is, µs. */
const WINDOW = 60_000_000

/** Looks how orders of each bank went in the last minute, so that one where they come to nothing is left alone for a while. */
export async function lookAtBanks({
  db,
  clock,
  gate,
}: Pick<ChannelJobsOptions, 'db' | 'clock'> & { readonly gate: BankGate }): Promise<void> {
  const now = clock.now()
  const outcomes = await db.read(async (tx) => {
    const banks = (await selectChannelBanks(tx)).map(({ member }) => member)
    return await selectOutcomes(tx, banks, now - WINDOW, now)
  })
  for (const [bank, ends] of outcomes) gate.look(bank, ends)
}
