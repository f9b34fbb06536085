import type { OutboxEvent } from '@huitong/committer'
import { formatAmount, microsToIso, publicId } from '@huitong/kernel'
import { WALLET_CURRENCY } from './limits.ts'
import type { RiskCheck, RiskCheckState } from './risk-check.ts'

const TOPICS = {
  awaiting_proof: 'risk-check.proof-wanted',
  held: 'risk-check.held',
  passed: 'risk-check.passed',
  denied: 'risk-check.denied',
  lapsed: 'risk-check.lapsed',
  called_off: 'risk-check.called-off',
} as const satisfies Readonly<Record<RiskCheckState, string>>

export const RISK_CHECK_TOPICS = Object.values(TOPICS)
export const RISK_CHECK_ID = 'rchk'

/** What a check has come to. The rules behind it stay here: who reads the outbox may be the one who is looked at. */
export function riskCheckEvent(check: RiskCheck, at: number): OutboxEvent {
  const id = publicId(RISK_CHECK_ID, check.id)
  const body = {
    riskCheck: id,
    kind: check.kind,
    subject: publicId(check.kind === 'trade' ? 'trade' : 'trsf', check.subject),
    payer: publicId('cust', check.customer),
    payee: publicId(check.kind === 'trade' ? 'mrch' : 'cust', check.payee),
    currency: WALLET_CURRENCY,
    amount: formatAmount(check.amountMinor, WALLET_CURRENCY),
    state: check.state,
    proof: check.proof,
    dueAt: microsToIso(check.dueAt),
    at: microsToIso(at),
  }
  return { topic: TOPICS[check.state], key: id, body: JSON.stringify(body) }
}
