import { createEscrowQueries } from '@huitong/escrow'
import { currencyCode, formatAmount, microsToIso } from '@huitong/kernel'
import {
  type CheckpointState,
  type InstitutionKind,
  liabilities,
  type ReadDesk,
  type ReplicaReport,
  readHead,
} from '@huitong/ledger'
import { createPaymentQueries } from '@huitong/payments'
import type { Checkpoints } from './checkpoints.ts'
import type { DemoClock } from './demo-clock.ts'
import { asPlatform, type Institution } from './institution.ts'
import { VERSION } from './version.ts'

/** What the home page shows of an institution: totals only, nothing of any one customer. */
export interface HomeData {
  readonly institution: string
  readonly running: boolean
  readonly storage: string
  readonly version: string
  /** Owed to customers and merchants, by currency; decimal text. */
  readonly money: readonly { readonly currency: string; readonly amount: string }[]
  /** Of all kinds, guaranteed trades included; of wallet platforms only. */
  readonly payments: bigint | undefined
  readonly kind: InstitutionKind
  readonly batch: { readonly number: number; readonly count: number; readonly at: string; readonly hash: string }
  readonly accountingDay: string
  /** Whether the journal was verified at the close of the last day. What was found is not for everybody. */
  readonly checkpoint: {
    readonly state: CheckpointState['state'] | 'failed' | 'unsound'
    readonly batch: number | undefined
    readonly day: string | undefined
  }
  readonly demo: boolean
  /** Whether the demo's clock was moved. */
  readonly clockShifted: boolean
  /** Where the ledger's reads come from, in words; undefined where there is no replica. */
  readonly reads: string | undefined
}

export interface HomeFacts {
  readonly storage: string
  /** Where there is a demo world. */
  readonly demoClock: DemoClock | undefined
  readonly checkpoints: Pick<Checkpoints, 'state'>
  readonly reads: ReadDesk
}

export async function readHome(institution: Institution, facts: HomeFacts): Promise<HomeData> {
  const { db, committer, name } = institution
  const { owed, head } = await db.read(async (tx) => ({ owed: await liabilities(tx), head: await readHead(tx) }))
  const payments = asPlatform(institution) === undefined ? undefined : await paymentsOf(institution)
  const { state, last, fault } = await facts.checkpoints.state()
  return {
    institution: name,
    running: committer.status().state === 'running',
    storage: facts.storage,
    version: VERSION,
    money: owed.map(({ currency, minor }) => ({ currency, amount: grouped(amountText(minor, currency)) })),
    kind: institution.kind,
    payments,
    batch: {
      number: head.number,
      count: head.count,
      at: head.at === 0 ? '' : microsToIso(head.at),
      hash: head.hash.toString('hex'),
    },
    accountingDay: head.accountingDay,
    checkpoint: { state: fault?.kind ?? state, batch: last?.number, day: last?.accountingDay },
    demo: facts.demoClock !== undefined,
    clockShifted: (facts.demoClock?.shift ?? 0) > 0,
    reads: readsText(facts.reads.report().replica),
  }
}

async function paymentsOf({ db }: Institution): Promise<bigint> {
  const [{ payments }, escrow] = await Promise.all([
    createPaymentQueries(db).totals(),
    createEscrowQueries(db).totals(),
  ])
  return payments + escrow.payments
}

/** For anybody who looks: how the replica is, not where. */
function readsText(replica: ReplicaReport | undefined): string | undefined {
  if (replica === undefined) return undefined
  const { state, batch, behindMs } = replica
  const behind = behindMs === 0 ? 'nothing' : `${(behindMs / 1000).toFixed(1)} s`
  if (state === 'serving') return `from a replica at batch ${batch}, ${behind} behind`
  if (replica.fallback === 'refuse') return `refused: the replica is ${state}`
  return `from the primary: the replica is ${state}`
}

function amountText(minor: bigint, currency: string): string {
  const code = currencyCode(currency)
  return code.ok ? formatAmount(minor, code.value) : String(minor)
}

/** `1234567.80` as `1,234,567.80`; on the text, since amounts do not pass through floats. */
function grouped(amount: string): string {
  const [whole = '', decimals] = amount.split('.')
  const head = whole.replaceAll(/\B(?=(\d{3})+$)/g, ',')
  return decimals === undefined ? head : `${head}.${decimals}`
}
