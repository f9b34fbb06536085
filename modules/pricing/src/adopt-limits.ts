import type { Committer, Outcome } from '@huitong/committer'
import type { InstitutionDatabase } from '@huitong/pg'
import { readChinaLimits } from './china-limits.ts'
import { houseSharingRule } from './house-sharing-rule.ts'
import { PARAMETERS } from './parameter.ts'
import { selectParameters } from './parameter-store.ts'
import type { PricingCommands } from './pricing-commands.ts'
import { EVERY_MERCHANT } from './sharing-rule.ts'
import { selectSharingRules } from './sharing-rule-store.ts'

export interface AdoptLimitsOptions {
  readonly db: InstitutionDatabase
  readonly committer: Committer
  readonly commands: PricingCommands
}

/** Gives an institution the legal limits and house rules when it has none yet: at its first start, and after an update that knows more of them. */
export async function adoptLimits({ db, committer, commands }: AdoptLimitsOptions): Promise<void> {
  const known = await db.read((tx) => selectParameters(tx.sql, PARAMETERS))
  if (known.length < PARAMETERS.length) {
    expectDone(await committer.submit({ kind: commands.adoptParameters, input: await readChinaLimits() }))
  }
  const rules = await db.read((tx) => selectSharingRules(tx.sql, [EVERY_MERCHANT]))
  if (rules.length === 0) {
    // The key lets two that start at once adopt it once.
    const idempotency = { caller: 'institution', key: 'adopt-sharing-rule' }
    expectDone(await committer.submit({ kind: commands.addSharingRule, input: houseSharingRule(), idempotency }))
  }
}

function expectDone({ status }: Outcome<unknown>): void {
  if (status !== 'done') throw new Error(`the limits could not be adopted: ${status}`)
}
