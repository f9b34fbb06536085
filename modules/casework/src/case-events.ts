import { type PoisonInput, selectPoisonInputs } from '@huitong/committer'
import { type OutboxRow, type Relay, startRelay } from '@huitong/jobs'
import { type Clock, ok } from '@huitong/kernel'
import type { InstitutionDatabase, Tx } from '@huitong/pg'
import { lastPoisonInput } from './case-store.ts'
import type { Casework } from './casework.ts'

export interface CaseEventsDeps {
  readonly db: InstitutionDatabase
  readonly casework: Casework
  readonly clock: Clock
  readonly onError: (error: unknown) => void
}

/** Opens and settles cases as events tell; nothing that moves money knows of it. */
export function startCaseRelay({ db, casework, clock, onError }: CaseEventsDeps): Relay {
  return startRelay({
    db,
    consumer: 'casework',
    onError,
    handle: (tx, row) => handleCaseEvent(casework, tx, row, clock.now()),
  })
}

const SETTLED = {
  'risk-check.passed': 'The payment was made.',
  'risk-check.denied': 'The payment was denied.',
  'risk-check.lapsed': 'Nobody decided in time; the money went back.',
  'risk-check.called-off': 'The payment was called off.',
} as const

const DISPUTE_OVER: Readonly<Record<string, string>> = {
  'escrow.agreed': 'The sides agreed.',
  'escrow.lapsed': 'A side did not answer in time.',
  'escrow.withdrawn': 'The buyer withdrew.',
  'escrow.judged': 'It was judged.',
  'escrow.unjudged': 'Nobody judged it in time.',
}

/** The effect of one event, in its transaction. Topics that nobody has to look at are none of ours. */
export async function handleCaseEvent(casework: Casework, tx: Tx, row: OutboxRow, at: number): Promise<void> {
  const { topic, key } = row
  if (topic === 'risk-check.held') {
    const summary = 'A payment was held: release or deny it.'
    await casework.open(tx, { kind: 'risk_hold', source: key, subject: key, summary }, at)
  } else if (isSettled(topic)) {
    await casework.settle(tx, key, SETTLED[topic], at)
  } else if (topic === 'links.refused') {
    const [way = '', peer = '', number = ''] = key.split(':')
    const summary =
      way === 'in' ? `Message ${number} of ${peer} was refused.` : `${peer} refused our message ${number}.`
    await casework.open(tx, { kind: 'link_refusal', source: `links.refused:${key}`, subject: null, summary }, at)
  } else if (topic === 'reserve.short') {
    const summary = 'The reserve does not cover what customers have: payouts are stopped.'
    await casework.open(tx, { kind: 'reserve', source: `${topic}:${at}`, subject: null, summary }, at)
  } else if (isAttention(topic)) {
    const { kind, what } = ATTENTION[topic]
    const why = String(eventOf(row).why ?? '').replaceAll('_', ' ')
    await casework.open(tx, { kind, source: `${topic}:${key}:${why}`, subject: key, summary: `${what}: ${why}.` }, at)
  } else if (topic === 'escrow.disputed' || topic === 'escrow.escalated') {
    const source = disputeSource(row)
    const summary = `Dispute ${source.slice(key.length + 1)} of a guaranteed trade.`
    await casework.open(tx, { kind: 'dispute', source, subject: key, summary }, at)
  } else {
    const over = DISPUTE_OVER[topic]
    if (over !== undefined) await casework.settle(tx, disputeSource(row), over, at)
  }
}

function isSettled(topic: string): topic is keyof typeof SETTLED {
  return Object.hasOwn(SETTLED, topic)
}

/** Payments that somebody has to look at: their modules say why, as one word. */
const ATTENTION = {
  'channels.attention': { kind: 'channel_order', what: 'A top-up or withdrawal' },
  'bank.attention': { kind: 'bank_payment', what: 'A payment over the clearing house' },
} as const

function isAttention(topic: string): topic is keyof typeof ATTENTION {
  return Object.hasOwn(ATTENTION, topic)
}

function disputeSource(row: OutboxRow): string {
  return `${row.key}/${String(eventOf(row).dispute ?? null)}`
}

function eventOf({ body }: OutboxRow): Readonly<Record<string, unknown>> {
  const event: unknown = JSON.parse(body)
  return typeof event === 'object' && event !== null ? { ...event } : {}
}

const POISON_AT_ONCE = 100

/** Opens a case for each input that the committer could not write and had to leave out. Returns how many it looked at. */
export async function openPoisonCases({ db, casework }: Pick<CaseEventsDeps, 'db' | 'casework'>): Promise<number> {
  const done = await db.transact(async (tx) => {
    const found = await selectPoisonInputs(tx.sql, await lastPoisonInput(tx), POISON_AT_ONCE)
    for (const input of found) await casework.open(tx, openingOf(input), input.foundAt)
    return ok(found.length)
  })
  return done.ok ? done.value : 0
}

/** The input itself stays where it is: it may say who pays whom, and a case is read by more people than a row of the committer's. */
function openingOf({ id, kind, reason }: PoisonInput) {
  const summary = `An input of ${kind} could not be written: ${reason}`.slice(0, 500)
  return { kind: 'poison_input', source: `poison:${id}`, subject: null, summary } as const
}
