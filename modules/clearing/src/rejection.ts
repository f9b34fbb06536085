/**
 * Why the clearing house itself rejects a payment, in order of precedence, with the code of ExternalStatusReason1Code that tells it. What
 * the answering participant says is passed on as it says it.
 */
export const REJECTIONS = {
  message_id_reused: 'DU01',
  not_one_transaction: 'AM18',
  uetr_reused: 'AM05',
  end_to_end_id_reused: 'DU04',
  sender_suspended: 'AG01',
  sender_not_debtor_agent: 'RC03',
  same_institution: 'RC04',
  payee_unknown: 'RC04',
  payee_suspended: 'AB08',
  original_unknown: 'NARR',
  original_not_settled: 'AG01',
  original_differs: 'AM09',
  more_than_original: 'AM09',
  currency_not_settled: 'AM03',
  above_net_cap: 'AM23',
  without_funds: 'AM04',
  position_blocked: 'AC06',
  not_answered: 'AB06',
} as const

export type Rejection = keyof typeof REJECTIONS
