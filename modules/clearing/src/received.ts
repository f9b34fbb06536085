import type { Rejection } from './rejection.ts'

/** What came of a participant's message. */
export interface Received {
  readonly result:
    | 'forwarded'
    | 'settled'
    | 'rejected'
    /** The message, or its answer, had come before. */
    | 'repeated'
    /** A question that was answered, or an answer that changes nothing. */
    | 'told'
    | 'passed_on'
    | 'ignored'
    /** It is about nothing that the clearing house knows. */
    | 'unknown_original'
  readonly reason?: Rejection
}
