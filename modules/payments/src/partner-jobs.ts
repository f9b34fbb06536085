import type { Committer } from '@huitong/committer'
import { type Clock, publicId } from '@huitong/kernel'
import type { InstitutionDatabase } from '@huitong/pg'
import type { PartnerPayment, PartnerRefund } from './partner.ts'
import type { PartnerClient } from './partner-client.ts'
import type { PartnerOutcome, PartnerPaymentView } from './partner-payment-commands.ts'
import { selectDuePartnerPayments } from './partner-payment-store.ts'
import type { PartnerRefundView } from './partner-refund-commands.ts'
import { selectDuePartnerRefunds } from './partner-refund-store.ts'
import { selectPartners } from './partner-store.ts'
import type { Payments } from './payments.ts'

export interface PartnerJobsOptions {
  readonly db: InstitutionDatabase
  readonly committer: Pick<Committer, 'submit'>
  readonly payments: Pick<Payments, 'endPartnerPayment' | 'endPartnerRefund' | 'notePartnerSilence'>
  readonly partners: PartnerClient
  readonly clock: Clock
}

export type PartnerSending = Omit<PartnerJobsOptions, 'db' | 'clock'>

const AT_ONCE = 20

/**
 * Asks partners what became of payments and refunds that have no known answer, and sends again, under the same number, what they never took.
 * Each that is not answered waits longer the next time; partners who do not answer at all are left alone for a while, so that what they owe an
 * answer for does not stand in the way of others. Returns how many have an answer now.
 */
export async function askPartners(options: PartnerJobsOptions): Promise<number> {
  const { db, clock, partners } = options
  const { payments, refunds } = await db.read(async (tx) => {
    const resting = (await selectPartners(tx)).filter(({ baseUrl }) => partners.rests(baseUrl))
    const due = { at: clock.now(), except: resting.map(({ partner }) => partner), limit: AT_ONCE }
    return { payments: await selectDuePartnerPayments(tx, due), refunds: await selectDuePartnerRefunds(tx, due) }
  })
  const paid = await Promise.all(payments.map((payment) => endPayment(options, payment, 'enquire')))
  const refunded = await Promise.all(refunds.map((refund) => endRefund(options, refund, 'enquire')))
  await noteSilence(options, {
    payments: payments.filter((_, index) => paid[index] === undefined),
    refunds: refunds.filter((_, index) => refunded[index] === undefined),
  })
  return [...paid, ...refunded].filter((view) => view !== undefined).length
}

/** Sends a payment for the first time and writes down the answer; undefined while there is none. */
export async function sendPartnerPayment(
  sending: PartnerSending,
  payment: PartnerPayment,
): Promise<PartnerPaymentView | undefined> {
  const view = await endPayment(sending, payment, payment.attempts === 0 ? 'send' : 'enquire')
  if (view === undefined) await noteSilence(sending, { payments: [payment], refunds: [] })
  return view
}

/** The same for a refund. */
export async function sendPartnerRefund(
  sending: PartnerSending,
  refund: PartnerRefund,
): Promise<PartnerRefundView | undefined> {
  const view = await endRefund(sending, refund, refund.attempts === 0 ? 'send' : 'enquire')
  if (view === undefined) await noteSilence(sending, { payments: [], refunds: [refund] })
  return view
}

type How = 'send' | 'enquire'

async function endPayment(
  { committer, payments, partners }: PartnerSending,
  payment: PartnerPayment,
  how: How,
): Promise<PartnerPaymentView | undefined> {
  const taken = how === 'send' ? null : await partners.taken('payments', payment.partner, publicId('ppay', payment.id))
  const outcome = taken === null ? await partners.pay(payment) : paidAs(taken)
  if (outcome === undefined) return undefined
  const ended = await committer.submit({ kind: payments.endPartnerPayment, input: { payment: payment.id, outcome } })
  // A lost answer of our own is asked for again by the next run; the partner's stays the same.
  return ended.status === 'done' ? ended.answer.payment : undefined
}

async function endRefund(
  { committer, payments, partners }: PartnerSending,
  refund: PartnerRefund,
  how: How,
): Promise<PartnerRefundView | undefined> {
  const taken = how === 'send' ? null : await partners.taken('refunds', refund.partner, publicId('prfd', refund.id))
  const outcome = taken === null ? await partners.refund(refund) : paidAs(taken)
  if (outcome === undefined) return undefined
  const { receipt, refundNumber } = refund
  const ended = await committer.submit({ kind: payments.endPartnerRefund, input: { receipt, refundNumber, outcome } })
  return ended.status === 'done' ? ended.answer.refund : undefined
}

function paidAs(theirNumber: string | undefined): PartnerOutcome | undefined {
  return theirNumber === undefined ? undefined : { state: 'paid', theirNumber }
}

async function noteSilence(
  { committer, payments: kinds }: Pick<PartnerSending, 'committer' | 'payments'>,
  { payments, refunds }: { readonly payments: readonly PartnerPayment[]; readonly refunds: readonly PartnerRefund[] },
): Promise<void> {
  if (payments.length + refunds.length === 0) return
  const input = {
    payments: payments.map(({ id }) => id),
    refunds: refunds.map(({ receipt, refundNumber }) => ({ receipt, refundNumber })),
  }
  await committer.submit({ kind: kinds.notePartnerSilence, input }, 'bulk')
}
