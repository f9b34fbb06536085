/** Why a message is refused, in the order in which it is looked at. A message has the first that applies. */
export const ISO_FAULTS = {
  too_large: 'The message is longer than this side takes.',
  not_utf8: 'The bytes are not UTF-8.',
  not_well_formed: 'The bytes are not well-formed XML.',
  doctype: 'The message carries a document type, which ISO 20022 instances never do.',
  not_iso20022: 'The root is not a Document in a namespace of ISO 20022.',
  unknown_message: 'This version of this message is not spoken here.',
  schema: 'The message breaks its schema.',
  mixed_text: 'A comment or a processing instruction stands in a value.',
  missing: 'The schema lets this element be left out; here it is needed.',
  unknown_scheme: 'An identification is of another scheme than those spoken here.',
  unknown_currency: 'A currency is not of ISO 4217.',
  malformed_amount: 'An amount has more decimals than its currency, is zero, or is beyond what a ledger can hold.',
  malformed_time: 'A time or a day does not exist, or has no offset from UTC.',
  wrong_count: 'The number of transactions is not the number that stands in the header.',
  wrong_sum: 'The sum of the amounts is not the sum that stands in the header.',
  day_before_message: 'The settlement day lies before the day of the message.',
  same_agent: 'The sender and the receiver are the same institution.',
  unknown_code: 'A code is not in the external code set of its element.',
  reason_without_rejection: 'A status that is no rejection carries a reason for one.',
  rejection_without_reason: 'A rejection says no reason.',
  more_than_original: 'More comes back than was sent.',
  repeated_reference: 'Two transactions of the message have one reference.',
  does_not_foot: 'Opening balance and entries do not make the closing balance.',
  rate_disagrees: 'The instructed amount and the exchange rate do not give the settlement amount.',
} as const

export type IsoRule = keyof typeof ISO_FAULTS

export interface IsoFault {
  readonly rule: IsoRule
  /** Where in the message, as element names from the body on ("GrpHdr/MsgId"); empty when it is the whole. */
  readonly path: string
  /** What the parser or the schema said, for people. */
  readonly detail: string
}

export function isoFault(rule: IsoRule, path = '', detail: string = ISO_FAULTS[rule]): IsoFault {
  return { rule, path, detail }
}
