import { PublicId, Timestamp } from '@huitong/contract'
import { microsToIso, publicId } from '@huitong/kernel'
import Type, { type Static } from 'typebox'
import { CASE_ACTIONS, CASE_KINDS, CASE_STATES, type Case, type CaseEntry } from './case.ts'

export const CASE_ID = 'case'

const OptionalText = Type.Union([Type.String(), Type.Null()])

export const CaseBody = Type.Object(
  {
    id: PublicId(CASE_ID),
    kind: Type.Enum([...CASE_KINDS]),
    subject: Type.Union([Type.String(), Type.Null()], { description: 'The public id of what it is about' }),
    customer: Type.Union([PublicId('cust'), Type.Null()], { description: 'Who complains' }),
    summary: Type.String(),
    state: Type.Enum([...CASE_STATES]),
    assignee: OptionalText,
    openedAt: Timestamp,
    dueAt: Timestamp,
    overdue: Type.Boolean(),
    resolvedAt: Type.Union([Timestamp, Type.Null()]),
    resolution: OptionalText,
  },
  { $id: 'Case' },
)

export const CaseWithEntries = Type.Object(
  {
    case: CaseBody,
    entries: Type.Array(
      Type.Object({
        at: Timestamp,
        actor: Type.String(),
        action: Type.Enum([...CASE_ACTIONS, 'open']),
        note: OptionalText,
      }),
    ),
  },
  { $id: 'CaseWithEntries' },
)

export function caseBody(one: Case, now: number): Static<typeof CaseBody> {
  const { id, kind, subject, customer, summary, state, assignee, openedAt, dueAt, resolvedAt, resolution } = one
  return {
    id: publicId(CASE_ID, id),
    ...{ kind, subject, summary, state, assignee, resolution },
    customer: customer === null ? null : publicId('cust', customer),
    openedAt: microsToIso(openedAt),
    dueAt: microsToIso(dueAt),
    overdue: (resolvedAt ?? now) >= dueAt,
    resolvedAt: resolvedAt === null ? null : microsToIso(resolvedAt),
  }
}

export function entryBody({ at, actor, action, note }: CaseEntry) {
  return { at: microsToIso(at), actor, action, note }
}

/** What a customer sees of a complaint: not who works on it. */
export const ComplaintBody = Type.Object(
  {
    id: PublicId(CASE_ID),
    subject: OptionalText,
    text: Type.String(),
    state: Type.Enum(['open', 'resolved']),
    filedAt: Timestamp,
    answerBy: Timestamp,
    answer: OptionalText,
  },
  { $id: 'Complaint' },
)

export function complaintBody(one: Case): Static<typeof ComplaintBody> {
  return {
    id: publicId(CASE_ID, one.id),
    subject: one.subject,
    text: one.summary,
    state: one.state === 'resolved' ? 'resolved' : 'open',
    filedAt: microsToIso(one.openedAt),
    answerBy: microsToIso(one.dueAt),
    answer: one.resolution,
  }
}
