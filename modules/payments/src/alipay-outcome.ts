import type { Outcome } from '@huitong/committer'
import { type AlipayRefusal, alipayBusinessRefusal, alipayGatewayRefusal } from '@huitong/formats'
import { err, ok, type Result, unreachable } from '@huitong/kernel'
import type { SubCodes } from './alipay-sub-codes.ts'
import { isPaymentRefusalCode, PAYMENT_REFUSALS } from './trade-refusals.ts'

/**
 * What the gateway says about a command. "System error" means that nothing was done and the request may be sent again; only an
 * outcome that nobody knows is told as such (20000), after which clients query.
 */
export function alipayOutcome<Answer>(outcome: Outcome<Answer>, codes: SubCodes): Result<Answer, AlipayRefusal> {
  switch (outcome.status) {
    case 'done':
      return ok(outcome.answer)
    case 'refused':
      return err(alipayRefusal(outcome.refusal.code, codes))
    case 'overloaded':
      return err(alipayBusinessRefusal(codes.failed, 'Too many requests are waiting. Nothing was done; try again'))
    case 'unavailable':
      return err(alipayBusinessRefusal(codes.failed, 'The ledger cannot be reached. Nothing was done; try again'))
    // The gateway sends no idempotency keys, so a conflict of keys is a failure of ours as well.
    case 'failed':
    case 'key_conflict':
      return err(alipayBusinessRefusal(codes.failed, 'Something went wrong on our side. Nothing was done'))
    case 'unknown':
      return err(alipayGatewayRefusal('isp.unknow-error'))
    default:
      return unreachable(outcome)
  }
}

/** A refusal of ours as the method calls it. */
export function alipayRefusal(code: string, codes: SubCodes): AlipayRefusal {
  const subCode = isPaymentRefusalCode(code) ? codes.refusals[code] : undefined
  if (subCode === undefined || !isPaymentRefusalCode(code)) {
    return alipayBusinessRefusal(codes.failed, 'Something went wrong on our side. Nothing was done')
  }
  return alipayBusinessRefusal(subCode, PAYMENT_REFUSALS[code].text)
}
