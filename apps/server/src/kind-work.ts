import { createBankQueries, runDuePayments } from '@huitong/bank'
import { askDueOrders, lookAtBanks, tellEndedCards } from '@huitong/channels'
import { createClearingQueries, lapseOverduePayments, settleEndedWindow } from '@huitong/clearing'
import { lapseDueEscrow } from '@huitong/escrow'
import { endDueCampaigns, returnDuePackets } from '@huitong/marketing'
import {
  askPartners,
  expireDueAuthorisations,
  expireDueMoneyRequests,
  expireDueTrades,
  finishOldTrades,
  lapseDueChecks,
  releaseDueTransfers,
  settleDuePayments,
} from '@huitong/payments'
import { reportReserveDays, watchReserve } from '@huitong/reserve'
import { institutionBankDesk } from './channel-edges.ts'
import { asPlatform, type Institution, type PlatformInstitution } from './institution.ts'
import { institutionPartners } from './payment-edges.ts'

const SECOND_MS = 1000
const MINUTE_MS = 60 * SECOND_MS

/** A piece of work that time causes; true when it found some. */
export interface DueWork {
  readonly everyMs: number
  readonly turn: () => Promise<boolean>
}

/** What is due in an institution of this kind, beside what is due in all. */
export function dueWorkOfKind(institution: Institution): readonly DueWork[] {
  const { db, committer, clock, own } = institution
  const platform = asPlatform(institution)
  if (platform !== undefined) return dueWorkOfPlatform(platform)
  const { bank, clearing } = own
  if (bank !== undefined) {
    const queries = createBankQueries(db)
    return [{ everyMs: SECOND_MS, turn: async () => (await runDuePayments({ committer, bank, queries, clock })) > 0 }]
  }
  if (clearing === undefined) return []
  const queries = createClearingQueries(db)
  return [
    { everyMs: SECOND_MS, turn: async () => (await lapseOverduePayments({ committer, clearing, queries, clock })) > 0 },
    { everyMs: SECOND_MS, turn: () => settleEndedWindow({ committer, clearing, queries, clock }) },
  ]
}

function dueWorkOfPlatform(institution: PlatformInstitution): readonly DueWork[] {
  const { db, committer, clock, modules } = institution
  const { payments, escrow, marketing, reserve } = modules
  const partners = institutionPartners(institution)
  return [
    {
      everyMs: SECOND_MS,
      turn: async () => {
        const options = { db, committer, payments, clock }
        const ended = (await expireDueTrades(options)) + (await expireDueAuthorisations(options))
        return ended + (await settleDuePayments(options)) + (await lapseDueChecks(options)) > 0
      },
    },
    { everyMs: SECOND_MS, turn: async () => (await lapseDueEscrow({ db, committer, escrow, clock })) > 0 },
    { everyMs: SECOND_MS, turn: async () => (await returnDuePackets({ db, committer, marketing, clock })) > 0 },
    { everyMs: MINUTE_MS, turn: async () => (await endDueCampaigns({ db, committer, marketing, clock })) > 0 },
    { everyMs: SECOND_MS, turn: async () => (await askPartners({ db, committer, payments, partners, clock })) > 0 },
    {
      everyMs: SECOND_MS,
      turn: async () => {
        const sent = await releaseDueTransfers({ db, committer, payments, clock })
        return sent + (await expireDueMoneyRequests({ db, committer, payments, clock })) > 0
      },
    },
    { everyMs: MINUTE_MS, turn: async () => (await finishOldTrades({ db, committer, payments, clock })) > 0 },
    { everyMs: SECOND_MS, turn: () => watchReserve({ db, committer, reserve }) },
    { everyMs: MINUTE_MS, turn: async () => (await reportReserveDays({ db, committer, reserve })) > 0 },
    ...channelWork(institution),
  ]
}

function channelWork(institution: PlatformInstitution): readonly DueWork[] {
  const { db, committer, clock, own, bankGate: gate } = institution
  const { channels } = own
  const desk = institutionBankDesk(institution)
  if (channels === undefined || desk === undefined) return []
  const options = { db, committer, channels, clock }
  return [
    { everyMs: SECOND_MS, turn: async () => (await askDueOrders(options)) > 0 },
    { everyMs: SECOND_MS, turn: async () => (await tellEndedCards({ ...options, desk })) > 0 },
    { everyMs: SECOND_MS, turn: () => lookAtBanks({ db, clock, gate }).then(() => false) },
  ]
}
