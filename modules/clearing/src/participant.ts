import { invariant, type Micros } from '@huitong/kernel'

export const PARTICIPANT_STATUSES = ['active', 'suspended'] as const
export type ParticipantStatus = (typeof PARTICIPANT_STATUSES)[number]

/** An institution that takes part. Its position account is paid into ahead of use and never below nothing. */
export interface Participant {
  /** Its number in China's clearing system, or its BIC. */
  readonly member: string
  readonly name: string
  readonly status: ParticipantStatus
  readonly account: number
  /** How far its net position of a window may go below nothing. All of it is held on its account, so that settling cannot fail. */
  readonly capMinor: bigint
  readonly coverHold: number | null
  /** Net payments that it sent and nobody has answered: they count against the cap. */
  readonly reservedMinor: bigint
  readonly admittedAt: Micros
}

export function assertParticipant(participant: Participant): Participant {
  const { capMinor, coverHold, reservedMinor } = participant
  invariant(capMinor >= 0n && reservedMinor >= 0n, 'caps and reservations are not negative')
  invariant(capMinor > 0n === (coverHold !== null), 'a cap is covered by a hold')
  return participant
}
