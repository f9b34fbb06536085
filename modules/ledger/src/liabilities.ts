import type { KeyObject } from 'node:crypto'
import { type Chance, ok } from '@huitong/kernel'
import type { InstitutionDatabase } from '@huitong/pg'
import { type SignedLiabilityStatement, signLiabilities } from './liability-statement.ts'
import { dropOldTrees, insertLiabilities, liabilitiesOf, newestLiabilities, readOwed } from './liability-store.ts'
import { liabilityTree } from './liability-tree.ts'

export interface LiabilitiesOptions {
  readonly db: InstitutionDatabase
  readonly key: KeyObject
  readonly chance: Chance
}

/** Statements whose trees are kept, so that owners still get their proofs. */
const KEPT_TREES = 31
const SECRET_BYTES = 32

/** States and signs what is owed to customers and merchants now, in each currency. Nothing is locked while it adds up. */
export async function stateLiabilities({
  db,
  key,
  chance,
}: LiabilitiesOptions): Promise<readonly SignedLiabilityStatement[]> {
  const { owed, ...end } = await readOwed(db)
  const stated = await db.read((tx) => liabilitiesOf(tx, db.schema, end.batch))
  if (stated.length > 0) return stated
  const statements: SignedLiabilityStatement[] = []
  for (const [currency, list] of owed) {
    const secret = chance.bytes(SECRET_BYTES)
    const { root, chunks } = await liabilityTree(list, currency, secret, chance)
    const statement = signLiabilities(key, {
      ...{ institution: db.schema, ...end, currency, count: list.length, totalMinor: root.sum, root: root.hash },
    })
    const stored = await db.transact(async (tx) => {
      await insertLiabilities(tx, { statement, secret, chunks })
      await dropOldTrees(tx, KEPT_TREES)
      return ok(statement)
    })
    if (stored.ok) statements.push(stored.value)
  }
  return statements
}

/** States them once for each accounting day that has ended. Undefined when there was nothing to do. */
export async function stateLiabilitiesOfDay(
  options: LiabilitiesOptions,
  accountingDay: string,
): Promise<readonly SignedLiabilityStatement[] | undefined> {
  const newest = await options.db.read(newestLiabilities)
  // Without a batch since there is nothing new to say, even if a day began.
  const isNews = newest === undefined || (newest.accountingDay < accountingDay && newest.batch < newest.end)
  return isNews ? await stateLiabilities(options) : undefined
}
