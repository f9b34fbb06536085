import type { Committer } from '@huitong/committer'
import type { Clock } from '@huitong/kernel'
import type { InstitutionDatabase } from '@huitong/pg'
import type { Marketing } from './marketing.ts'
import { selectDueCampaigns, selectDuePackets } from './marketing-read-store.ts'

export interface MarketingJobsOptions {
  readonly db: InstitutionDatabase
  readonly committer: Pick<Committer, 'submit'>
  readonly marketing: Pick<Marketing, 'endCampaigns' | 'returnPackets'>
  readonly clock: Clock
}

const DUE_AT_ONCE = 200

/** Closes campaigns whose time is over, and gives what is left of their money back. Returns how many; call it every minute. */
export async function endDueCampaigns({ db, committer, marketing, clock }: MarketingJobsOptions): Promise<number> {
  const campaigns = await db.read((tx) => selectDueCampaigns(tx, clock.now(), DUE_AT_ONCE))
  if (campaigns.length === 0) return 0
  const outcome = await committer.submit({ kind: marketing.endCampaigns, input: { campaigns } }, 'bulk')
  return outcome.status === 'done' ? outcome.answer.ended : 0
}

/** Sends back what nobody took of red packets in a day. Returns how many packets; call it every few seconds. */
export async function returnDuePackets({ db, committer, marketing, clock }: MarketingJobsOptions): Promise<number> {
  const packets = await db.read((tx) => selectDuePackets(tx, clock.now(), DUE_AT_ONCE))
  if (packets.length === 0) return 0
  const outcome = await committer.submit({ kind: marketing.returnPackets, input: { packets } }, 'bulk')
  return outcome.status === 'done' ? outcome.answer.returned : 0
}
