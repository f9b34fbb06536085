import {
  expireFreezes,
  expireHolds,
  finalizeOldDays,
  followCalendar,
  postScheduled,
  sleepAccounts,
  stateLiabilitiesOfDay,
  tieClosedDays,
  tieLineText,
} from '@huitong/ledger'
import type { Institution } from './institution.ts'
import { dueWorkOfKind } from './kind-work.ts'
import { type Repeated, repeat } from './repeat.ts'

const SECOND_MS = 1000
const MINUTE_MS = 60 * SECOND_MS
const DO_NOT_AGREE = 'accounts do not add up to their subjects: the day stays closing until somebody finds out why'

export interface BackgroundOptions {
  /** Undefined: accounts never become dormant. */
  readonly dormantAfterDays: number | undefined
}

/**
 * The work of an institution that only time causes: the accounting day that ends, holds and trades that expire, postings that are due. Each piece looks
 * for what is due and submits commands for it, so a look too many or too late does no harm.
 */
export function startBackground(institution: Institution, { dormantAfterDays }: BackgroundOptions): Repeated {
  const { db, committer, clock, chance, keys, modules, log, schema } = institution
  const { ledgerCommands: commands } = modules
  const onError = (error: unknown): void =>
    log.warn({ institution: schema, err: error }, 'background work failed and will be tried again')
  const whileRunning = (work: () => Promise<boolean>) => async () =>
    committer.status().state === 'running' && (await work())
  let sleptOn = ''
  const repeated = [
    repeat(
      SECOND_MS,
      whileRunning(async () => {
        await followCalendar({ committer, commands, clock })
        const freezes = await expireFreezes({ db, committer, commands, clock })
        const holds = await expireHolds({ db, committer, commands, clock })
        return freezes + holds + (await postScheduled({ db, committer, commands, clock })) > 0
      }),
      onError,
    ),
    ...dueWorkOfKind(institution).map(({ everyMs, turn }) => repeat(everyMs, whileRunning(turn), onError)),
    repeat(
      10 * SECOND_MS,
      whileRunning(async () => {
        const { differences } = await tieClosedDays({ db, committer, commands })
        if (differences.length > 0)
          log.error({ institution: schema, differences: differences.map(tieLineText) }, DO_NOT_AGREE)
        await finalizeOldDays({ db, committer, commands })
        return false
      }),
      onError,
    ),
    repeat(
      MINUTE_MS,
      whileRunning(async () => {
        await stateLiabilitiesOfDay({ db, key: keys.head, chance }, committer.status().accountingDay)
        return false
      }),
      onError,
    ),
    repeat(
      MINUTE_MS,
      whileRunning(async () => {
        // Once for each accounting day and each start: it looks at every account.
        const day = committer.status().accountingDay
        if (dormantAfterDays === undefined || day === sleptOn) return false
        const asleep = await sleepAccounts({ db, committer, commands, clock }, dormantAfterDays)
        sleptOn = day
        if (asleep > 0) log.info({ institution: schema, accounts: asleep }, 'accounts that did not move became dormant')
        return false
      }),
      onError,
    ),
  ]
  return {
    stop: async () => {
      await Promise.all(repeated.map((one) => one.stop()))
    },
  }
}
