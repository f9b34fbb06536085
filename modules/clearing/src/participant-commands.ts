import type { CommandKind } from '@huitong/committer'
import { answerCodec } from '@huitong/contract'
import { CNY, canonicalJson, invariant, ok, type Result } from '@huitong/kernel'
import type { LedgerRefusal } from '@huitong/ledger'
import Type, { type Static } from 'typebox'
import { type ClearingRefusal, refuse } from './clearing-refusals.ts'
import { type ClearingContext, positionRejection } from './context.ts'
import type { Participant, ParticipantStatus } from './participant.ts'
import { OPEN_WINDOW } from './window-store.ts'

export const ParticipantAnswer = Type.Object({
  member: Type.String(),
  name: Type.String(),
  status: Type.String(),
  /** Of the ledger. */
  account: Type.Integer(),
  /** In fen, as text. */
  cap: Type.String(),
  available: Type.String(),
})
export type ParticipantAnswer = Static<typeof ParticipantAnswer>

const MEMBER = /^(\d{12}|[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}([A-Z0-9]{3})?)$/

export interface AdmitInput {
  readonly member: string
  readonly name: string
}

/** `clearing.admit`: a participant with an empty position account and no cap. */
export function admitKind(context: ClearingContext): CommandKind<AdmitInput, ParticipantAnswer> {
  const { set, books, participants } = context
  return {
    name: 'clearing.admit',
    need: ({ member }) => participants.need(member),
    decide: ({ member, name }) => {
      if (!MEMBER.test(member) || member === context.member) return refuse('member_malformed')
      if (participants.get(member) !== undefined) return refuse('participant_exists')
      const owner = `participant:${member}`
      const opened = books.openAccount({ slot: 0, subject: '2501', currency: CNY, owner, floorMinor: 0n })
      invariant(opened.ok, 'the ledger opens position accounts')
      const participant: Participant = {
        ...{ member, name, status: 'active', account: opened.value.id, capMinor: 0n, coverHold: null },
        ...{ reservedMinor: 0n, admittedAt: set.batch.at },
      }
      participants.put(member, participant)
      return ok(answerOf(context, participant))
    },
    form: ({ member, name }) => canonicalJson({ member, name }),
    ...answerCodec(ParticipantAnswer),
  }
}

export interface SetStatusInput {
  readonly member: string
  readonly status: ParticipantStatus
}

/** `clearing.set-status`: who is suspended ends what is in flight, and neither sends nor is sent anything new. */
export function setStatusKind(context: ClearingContext): CommandKind<SetStatusInput, ParticipantAnswer> {
  return changing(
    context,
    'clearing.set-status',
    ({ status }) => ({ status }),
    (participant, { status }) => ok({ ...participant, status }),
  )
}

export interface AmountInput {
  readonly member: string
  readonly amountMinor: bigint
}

/** `clearing.set-cap`: how far the net position may go below nothing. All of it is set aside on the position account. */
export function setCapKind(context: ClearingContext): CommandKind<AmountInput, ParticipantAnswer> {
  return changing(context, 'clearing.set-cap', amountForm, (participant, { amountMinor }) => {
    if (amountMinor < 0n) return refuse('amount_out_of_range')
    if (amountMinor < context.capUsed(participant)) return refuse('cap_below_use')
    return cover(context, participant, amountMinor)
  })
}

/** Releases the cover there was and sets a new one aside. */
export function cover(
  context: ClearingContext,
  participant: Participant,
  capMinor: bigint,
): Result<Participant, ClearingRefusal> {
  const { books } = context
  const { account, coverHold } = participant
  books.needAccount(account)
  if (coverHold !== null) {
    books.needHold(coverHold)
    const released = books.release({ hold: coverHold, reason: 'void' })
    invariant(released.ok, 'the hold that covers a cap is pending')
  }
  if (capMinor === 0n) return ok({ ...participant, capMinor, coverHold: null })
  const held = books.placeHold({
    ...{ debit: account, credit: context.house('netting'), amountMinor: capMinor, currency: CNY },
    ...{ code: 'net_cover', reference: null, expiresAt: null },
  })
  return held.ok ? ok({ ...participant, capMinor, coverHold: held.value.id }) : positionRefusal(held.error)
}

/** `clearing.fund`: the participant paid in at the central bank. */
export function fundKind(context: ClearingContext): CommandKind<AmountInput, ParticipantAnswer> {
  return changing(context, 'clearing.fund', amountForm, (participant, { amountMinor }) =>
    moveFunds(context, participant, amountMinor, 'in'),
  )
}

/** `clearing.withdraw`: the participant takes out what neither a payment nor its cap needs. */
export function withdrawKind(context: ClearingContext): CommandKind<AmountInput, ParticipantAnswer> {
  return changing(context, 'clearing.withdraw', amountForm, (participant, { amountMinor }) =>
    moveFunds(context, participant, amountMinor, 'out'),
  )
}

function moveFunds(
  context: ClearingContext,
  participant: Participant,
  amountMinor: bigint,
  way: 'in' | 'out',
): Result<Participant, ClearingRefusal> {
  if (amountMinor <= 0n) return refuse('amount_out_of_range')
  const { books } = context
  books.needAccount(participant.account)
  const ours = context.house('central_bank')
  const sides =
    way === 'in' ? { debit: ours, credit: participant.account } : { debit: participant.account, credit: ours }
  const moved = books.transfer({ ...sides, amountMinor, currency: CNY, code: 'position_funding', reference: null })
  return moved.ok ? ok(participant) : positionRefusal(moved.error)
}

function positionRefusal(refusal: LedgerRefusal): { readonly ok: false; readonly error: ClearingRefusal } {
  return refuse(positionRejection(refusal) === 'without_funds' ? 'participant_without_funds' : 'position_blocked')
}

function amountForm({ amountMinor }: AmountInput) {
  return { amount: amountMinor.toString() }
}

function changing<Input extends { readonly member: string }>(
  context: ClearingContext,
  name: string,
  form: (input: Input) => Readonly<Record<string, string>>,
  change: (participant: Participant, input: Input) => Result<Participant, ClearingRefusal>,
): CommandKind<Input, ParticipantAnswer> {
  const { participants, openWindows } = context
  return {
    name,
    need: ({ member }) => {
      participants.need(member)
      openWindows.need(OPEN_WINDOW)
    },
    decide: (input) => {
      const participant = participants.get(input.member)
      if (participant === undefined) return refuse('participant_not_found')
      const changed = change(participant, input)
      if (!changed.ok) return changed
      participants.put(input.member, changed.value)
      return ok(answerOf(context, changed.value))
    },
    form: (input) => canonicalJson({ member: input.member, ...form(input) }),
    ...answerCodec(ParticipantAnswer),
  }
}

function answerOf({ books }: ClearingContext, participant: Participant): ParticipantAnswer {
  const { member, name, status, account, capMinor } = participant
  books.needAccount(account)
  return { member, name, status, account, cap: capMinor.toString(), available: books.available(account).toString() }
}
