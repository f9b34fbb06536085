import { type Clock, invariant, ok } from '@huitong/kernel'
import { ensureInstitutionRecord } from '@huitong/party'
import type { InstitutionDatabase } from '@huitong/pg'
import type { Config } from './options.ts'

/** A start that asks for another mode than that in which the database began its life. */
export class DemoModeFixed extends Error {
  override readonly name = 'DemoModeFixed'
}

/**
 * Whether this is a demo world: as the first start on this database said, and never otherwise. Made demo later, real books would get
 * invented customers and staff who may pay in their name; made real later, a demo's invented money would be owed to people.
 */
export async function settleDemoMode(
  db: InstitutionDatabase,
  { demo: asked, databaseUrl }: Pick<Config, 'demo' | 'databaseUrl'>,
  clock: Clock,
): Promise<boolean> {
  const first = { demo: asked ?? databaseUrl === undefined, openedAt: clock.now() }
  const settled = await db.transact(async (tx) => ok(await ensureInstitutionRecord(tx, first)))
  invariant(settled.ok, 'nothing refuses to say what was settled')
  const { demo } = settled.value
  if (asked !== undefined && asked !== demo) {
    throw new DemoModeFixed(
      demo
        ? 'This database began as a demo world and stays one; leave --no-demo out, or start on another database.'
        : 'This database began without a demo world and never gets one; leave --demo out, or start on another database.',
    )
  }
  return demo
}
