import { beijingDay, type Micros } from '@huitong/kernel'
import { type CustomerTier, findCustomer } from '@huitong/party'
import type { ReadTx } from '@huitong/pg'
import { inForce } from './dated-rule.ts'
import { CLASS_PARAMETER, DAY_PARAMETER } from './limit-decide.ts'
import { PARAMETERS, type ParameterId, type ParameterVersion } from './parameter.ts'
import { selectParameters } from './parameter-store.ts'
import { noSpending, onDay } from './spending.ts'
import { selectSpendings } from './spending-store.ts'
import { STRENGTHS, type Strength } from './strength.ts'

/** One limit of a customer as it stands now. */
export interface LimitState {
  readonly window: 'payment' | 'day' | 'year' | 'lifetime'
  /** Only of days. */
  readonly strength: Strength | null
  readonly parameter: ParameterId
  readonly version: number
  /** Null: by contract without a number. */
  readonly limitMinor: bigint | null
  readonly usedMinor: bigint
}

/** All parameters with all their versions, in the order of the list. */
export async function listParameters(
  tx: ReadTx,
): Promise<readonly { readonly id: ParameterId; readonly versions: readonly ParameterVersion[] }[]> {
  const found = new Map(await selectParameters(tx.sql, PARAMETERS))
  return PARAMETERS.map((id) => ({ id, versions: found.get(id) ?? [] }))
}

/** What a customer may still spend, counted over all accounts of the person; undefined when there is no such customer. */
export async function findLimits(
  tx: ReadTx,
  customerId: number,
  now: Micros,
): Promise<{ readonly tier: CustomerTier; readonly limits: readonly LimitState[] } | undefined> {
  const customer = await findCustomer(tx, customerId)
  if (customer === undefined) return undefined
  const person = customer.person ?? customerId
  const day = beijingDay(now)
  const [counted] = await selectSpendings(tx.sql, [person])
  const spending = counted === undefined ? noSpending(day) : onDay(counted[1], day)
  const versions = new Map(await selectParameters(tx.sql, PARAMETERS))
  const byClass = CLASS_PARAMETER[customer.tier]
  const asked: readonly (readonly [ParameterId, LimitState['window'], Strength | null, bigint])[] = [
    ['payment.contract.single', 'payment', null, 0n],
    ...STRENGTHS.map((strength) => [DAY_PARAMETER[strength], 'day', strength, spending.dayMinor[strength]] as const),
    [byClass.id, byClass.window, null, byClass.window === 'year' ? spending.yearMinor : spending.lifetimeMinor],
  ]
  const limits = asked.flatMap(([parameter, window, strength, usedMinor]): LimitState[] => {
    const version = inForce(versions.get(parameter) ?? [], day)
    if (version === undefined) return []
    return [{ window, strength, parameter, version: version.version, limitMinor: version.amountMinor, usedMinor }]
  })
  return { tier: customer.tier, limits }
}
