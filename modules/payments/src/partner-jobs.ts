import type { Committer } from '@huitong/committer'
import type { InstitutionDatabase } from '@huitong/pg'
import type { PartnerPayment } from './partner.ts'
import type { PartnerClient } from './partner-client.ts'
import type { PartnerPaymentView } from './partner-payment-commands.ts'
import { selectSendingPartnerPayments } from './partner-payment-store.ts'
import { selectPartners } from './partner-store.ts'
import type { Payments } from './payments.ts'

export interface PartnerJobsOptions {
  readonly db: InstitutionDatabase
  readonly committer: Pick<Committer, 'submit'>
  readonly payments: Pick<Payments, 'endPartnerPayment'>
  readonly partners: PartnerClient
}

const AT_ONCE = 20

/**
 * Sends what has no answer yet, again and again, under the same numbers. Partners who do not answer are left alone for a while, so that what
 * they owe an answer for does not stand in the way of others. Returns how many have one now.
 */
export async function sendPartnerPayments(options: PartnerJobsOptions): Promise<number> {
  const waiting = await options.db.read(async (tx) => {
    const resting = (await selectPartners(tx)).filter(({ baseUrl }) => options.partners.rests(baseUrl))
    return selectSendingPartnerPayments(
      tx,
      resting.map(({ partner }) => partner),
      AT_ONCE,
    )
  })
  const sent = await Promise.all(waiting.map((payment) => sendPartnerPayment(options, payment)))
  return sent.filter((view) => view !== undefined).length
}

/** Sends one payment and writes down the answer; undefined while there is none. */
export async function sendPartnerPayment(
  { committer, payments, partners }: Omit<PartnerJobsOptions, 'db'>,
  payment: PartnerPayment,
): Promise<PartnerPaymentView | undefined> {
  const outcome = await partners.pay(payment)
  if (outcome === undefined) return undefined
  const ended = await committer.submit({ kind: payments.endPartnerPayment, input: { payment: payment.id, outcome } })
  // A lost answer of our own is asked for again by the next run; the partner's stays the same.
  return ended.status === 'done' ? ended.answer.payment : undefined
}
