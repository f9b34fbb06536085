/*
 * A case is something that people have to look at. It moves no money: what its resolution takes is done by a command of the module that
 * owns the money, and the case learns of that by the event which follows.
 *
 *     open ──take──► assigned ──wait──► waiting ──resume──► assigned
 *      ▲               │  └──────────────┴──resolve──► resolved
 *      └──put back─────┘
 *     any of the first three ──its subject was settled──► resolved
 */

export const CASE_KINDS = [
  'dispute',
  'risk_hold',
  'poison_input',
  'refusal',
  'complaint',
  'link_refusal',
  'reconciliation',
  'reserve',
  'channel_order',
  'bank_payment',
] as const
export type CaseKind = (typeof CASE_KINDS)[number]

export const CASE_STATES = ['open', 'assigned', 'waiting', 'resolved'] as const
export type CaseState = (typeof CASE_STATES)[number]

export const CASE_ACTIONS = ['take', 'put_back', 'wait', 'resume', 'note', 'resolve', 'withdraw', 'settle'] as const
export type CaseAction = (typeof CASE_ACTIONS)[number]

export const CASE_ACTORS = ['assignee', 'staff', 'complainant', 'system'] as const
export type CaseActor = (typeof CASE_ACTORS)[number]

export interface Case {
  readonly id: number
  readonly kind: CaseKind
  /** Unique: what opened it. */
  readonly source: string
  readonly subject: string | null
  readonly customer: number | null
  readonly summary: string
  readonly state: CaseState
  /** `staff:12` */
  readonly assignee: string | null
  /** µs. */
  readonly openedAt: number
  readonly dueAt: number
  readonly resolvedAt: number | null
  readonly resolution: string | null
}

export interface CaseEntry {
  readonly id: number
  readonly at: number
  /** `staff:12`, `customer:1024` or `system`. */
  readonly actor: string
  readonly action: CaseAction | 'open'
  readonly note: string | null
}

const HOUR = 3_600_000_000
const DAY = 24 * HOUR

/** How long each may take, in µs. A held payment goes back after 72 hours, a judgement is due within 30 days. */
export const CASE_TERMS: Readonly<Record<CaseKind, number>> = {
  dispute: 5 * DAY,
  risk_hold: 48 * HOUR,
  poison_input: DAY,
  refusal: 7 * DAY,
  complaint: 15 * DAY,
  link_refusal: DAY,
  reconciliation: 3 * DAY,
  // Customers cannot get their money out.
  reserve: HOUR,
  channel_order: DAY,
  bank_payment: DAY,
}

type Cell = { readonly to: CaseState } | { readonly refuse: CaseRefusal }
export type CaseRefusal =
  | 'case_not_found'
  | 'case_resolved'
  | 'case_taken'
  | 'case_not_taken'
  | 'case_not_waiting'
  | 'not_assignee'

const resolved = { refuse: 'case_resolved' } as const
const notTaken = { refuse: 'case_not_taken' } as const

/** Every action in every state. */
const CASE_TABLE: Readonly<Record<CaseState, Readonly<Record<CaseAction, Cell>>>> = {
  open: {
    take: { to: 'assigned' },
    put_back: notTaken,
    wait: notTaken,
    resume: notTaken,
    note: { to: 'open' },
    resolve: notTaken,
    withdraw: { to: 'resolved' },
    settle: { to: 'resolved' },
  },
  assigned: {
    take: { refuse: 'case_taken' },
    put_back: { to: 'open' },
    wait: { to: 'waiting' },
    resume: { refuse: 'case_not_waiting' },
    note: { to: 'assigned' },
    resolve: { to: 'resolved' },
    withdraw: { to: 'resolved' },
    settle: { to: 'resolved' },
  },
  waiting: {
    take: { refuse: 'case_taken' },
    put_back: { to: 'open' },
    wait: { to: 'waiting' },
    resume: { to: 'assigned' },
    note: { to: 'waiting' },
    resolve: { to: 'resolved' },
    withdraw: { to: 'resolved' },
    settle: { to: 'resolved' },
  },
  resolved: {
    take: resolved,
    put_back: resolved,
    wait: resolved,
    resume: resolved,
    note: resolved,
    resolve: resolved,
    withdraw: resolved,
    settle: resolved,
  },
}

/** Who may take an action at all. What is the assignee's alone is refused to other staff; to others the case is not there. */
const ALLOWED: Readonly<Record<CaseAction, readonly CaseActor[]>> = {
  take: ['staff'],
  put_back: ['assignee'],
  wait: ['assignee'],
  resume: ['assignee'],
  note: ['assignee', 'staff', 'complainant'],
  resolve: ['assignee'],
  withdraw: ['complainant'],
  settle: ['system'],
}

/** The state after an action, or why it is refused: who asks comes before how things stand, but a case that is over is over for all. */
export function caseStep(state: CaseState, action: CaseAction, actor: CaseActor): Cell {
  const allowed = ALLOWED[action]
  const cell = CASE_TABLE[state][action]
  if (allowed.includes(actor) || (actor === 'assignee' && allowed.includes('staff'))) return cell
  if (actor !== 'staff' || !allowed.includes('assignee')) return { refuse: 'case_not_found' }
  return 'refuse' in cell ? cell : { refuse: 'not_assignee' }
}

export const CASE_REFUSALS: Readonly<Record<CaseRefusal, { readonly status: 403 | 404 | 409; readonly text: string }>> =
  {
    case_not_found: { status: 404, text: 'There is no such case.' },
    case_resolved: { status: 409, text: 'The case is resolved.' },
    case_taken: { status: 409, text: 'Somebody works on the case already.' },
    case_not_taken: { status: 409, text: 'Take the case first.' },
    case_not_waiting: { status: 409, text: 'The case does not wait for anything.' },
    not_assignee: { status: 403, text: 'Somebody else works on the case.' },
  }
