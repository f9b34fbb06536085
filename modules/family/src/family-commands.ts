import type { CommandKind } from '@huitong/committer'
import { canonicalJson, ok, type Result, slotOf } from '@huitong/kernel'
import { answerCodec } from '@huitong/payments'
import Type, { type Static } from 'typebox'
import type { FamilyContext } from './family-context.ts'
import { decideStep, type FamilyActor, type FamilyStep } from './family-decide.ts'
import { type FamilyTopic, familyEvent } from './family-events.ts'
import {
  assertLink,
  boundsFit,
  type FamilyBounds,
  type FamilyLink,
  INVITATION_LIFE,
  LINKS_MAX,
  type Relation,
} from './family-link.ts'
import { type FamilyRefusal, refuse } from './family-refusals.ts'
import { FamilyLinkView, familyLinkView } from './family-views.ts'

export const FamilyAnswer = Type.Object({
  link: FamilyLinkView,
  /** False when it was so before. */
  changed: Type.Boolean(),
})
export type FamilyAnswer = Static<typeof FamilyAnswer>

export interface InviteInput {
  readonly owner: number
  readonly member: number
  readonly relation: Relation
  readonly bounds: FamilyBounds
}

/** `family.invite`: the owner offers to pay for a relative, within bounds. */
export function inviteKind(context: FamilyContext): CommandKind<InviteInput, FamilyAnswer> {
  const { set, party, tables } = context
  return {
    name: 'family.invite',
    need: ({ owner, member }) => {
      for (const customer of [owner, member]) {
        party.needCustomer(customer)
        tables.members.need(customer)
        for (const id of tables.members.inMemory(customer) ?? []) tables.links.need(id)
      }
    },
    decide: ({ owner, member, relation, bounds }) => {
      const now = set.batch.at
      if (party.customer(owner) === undefined || party.customer(member) === undefined)
        return refuse('relative_not_found')
      if (!boundsFit(bounds)) return refuse('bounds_invalid')
      if (context.personOf(owner) === context.personOf(member)) return refuse('relative_is_self')
      if (!context.isActive(owner) || !context.isActive(member)) return refuse('relative_blocked')
      const before = clearOverdue(context, owner, member)
      if (before !== undefined) return refuse('linked_already')
      if (context.linksOf(owner).length >= LINKS_MAX || context.linksOf(member).length >= LINKS_MAX)
        return refuse('links_full')
      const link: FamilyLink = assertLink({
        ...{ id: set.newId(slotOf(owner)), owner, member, relation, state: 'invited', bounds },
        ...{ onDay: context.today(), spentDayMinor: 0n, spentMonthMinor: 0n },
        ...{ createdAt: now, expiresAt: now + INVITATION_LIFE, openedAt: null, endedAt: null, ending: null },
      })
      tables.links.add(link.id, link)
      context.addLink(link)
      set.emit(familyEvent('family.invited', link, now))
      return ok({ link: familyLinkView(link), changed: true })
    },
    form: ({ owner, member, relation, bounds }) => canonicalJson({ owner, member, relation, ...boundsText(bounds) }),
    ...answerCodec(FamilyAnswer),
  }
}

/** The open link from this owner to this member. Invitations of the owner that nobody accepted in time make room. */
function clearOverdue(context: FamilyContext, owner: number, member: number): FamilyLink | undefined {
  const { set, tables } = context
  for (const id of context.linksOf(owner)) {
    const link = tables.links.get(id)
    if (link === undefined || link.owner !== owner) continue
    if (link.state === 'invited' && link.expiresAt <= set.batch.at) {
      const ended = decideStep(link, { action: 'end' }, 'owner', set.batch.at)
      if (ended.ok) tables.links.put(id, ended.value)
      context.dropLink(link)
    } else if (link.member === member) return link
  }
  return undefined
}

export interface StepInput {
  readonly link: number
  /** Null: staff. */
  readonly customer: number | null
  readonly step: FamilyStep
}

const TOPICS: Readonly<Record<FamilyStep['action'], FamilyTopic>> = {
  accept: 'family.opened',
  bound: 'family.changed',
  pause: 'family.changed',
  resume: 'family.changed',
  end: 'family.ended',
}

/** `family.step`: what becomes of a link, by one of its sides or by staff. */
export function stepKind(context: FamilyContext): CommandKind<StepInput, FamilyAnswer> {
  const { set, party, tables } = context
  return {
    name: 'family.step',
    need: ({ link: id }) => {
      tables.links.need(id)
      const link = tables.links.inMemory(id)
      if (link == null) return
      for (const customer of [link.owner, link.member]) {
        party.needCustomer(customer)
        tables.members.need(customer)
      }
    },
    decide: ({ link: id, customer, step }) => {
      const link = tables.links.get(id)
      const actor = link === undefined ? undefined : actorOf(link, customer)
      if (link === undefined || actor === undefined) return refuse('link_not_found')
      if (step.action === 'bound' && !boundsFit(step.bounds)) return refuse('bounds_invalid')
      const after = decideStep(link, step, actor, set.batch.at)
      if (!after.ok) return after
      const blocked = mustBeFree(context, link, step)
      if (!blocked.ok) return blocked
      if (after.value === link) return ok({ link: familyLinkView(link), changed: false })
      tables.links.put(id, after.value)
      if (after.value.state === 'ended') context.dropLink(link)
      set.emit(familyEvent(TOPICS[step.action], after.value, set.batch.at))
      return ok({ link: familyLinkView(after.value), changed: true })
    },
    form: ({ link, customer, step }) =>
      canonicalJson({
        link,
        customer,
        action: step.action,
        ...(step.action === 'bound' ? boundsText(step.bounds) : {}),
      }),
    ...answerCodec(FamilyAnswer),
  }
}

function actorOf(link: FamilyLink, customer: number | null): FamilyActor | undefined {
  if (customer === null) return 'staff'
  if (customer === link.owner) return 'owner'
  return customer === link.member ? 'member' : undefined
}

/** What lets money go needs two accounts that can take part; what stops it never does. */
function mustBeFree(
  context: FamilyContext,
  { owner, member }: FamilyLink,
  { action }: FamilyStep,
): Result<null, FamilyRefusal> {
  if (action !== 'accept' && action !== 'resume') return ok(null)
  return context.isActive(owner) && context.isActive(member) ? ok(null) : refuse('relative_blocked')
}

function boundsText({ singleMinor, dayMinor, monthMinor }: FamilyBounds) {
  return { single: singleMinor?.toString() ?? null, day: dayMinor?.toString() ?? null, month: monthMinor.toString() }
}
