import { deliverToSubscribers } from '@huitong/ledger'
import type { Institution } from './institution.ts'
import { type Repeated, repeat } from './repeat.ts'

const LOOK_EVERY_MS = 500

/** Tells those who subscribed to the ledger's events. In a demo world their programs run on this machine, so private addresses may be called. */
export function startSubscriptions({ db, clock, keys, log, schema }: Institution, demo: boolean): Repeated {
  const options = { db, clock, key: keys.partner, allowPrivateTargets: demo }
  return repeat(
    LOOK_EVERY_MS,
    async () => (await deliverToSubscribers(options)) > 0,
    (error) => log.warn({ institution: schema, err: error }, 'events could not be delivered now'),
  )
}
