import type { InstitutionDatabase } from '@huitong/pg'
import type { Archives } from './archives.ts'
import { type BusinessTie, checkTies } from './business-tie.ts'
import type { Checkpoint } from './checkpoint.ts'
import {
  CHECKPOINT_FAULTS,
  type CheckpointDraft,
  type OpenedCheckpoint,
  type RefusedCheckpoint,
} from './checkpoint-file.ts'
import { listLiabilities } from './liability-store.ts'
import { NO_RESTRAINTS } from './restraints.ts'
import { checkAccountRows } from './verify-account-rows.ts'
import { AccountingReplay } from './verify-accounting.ts'
import { type AccountReplay, RESTRAINED } from './verify-accounts.ts'
import { KeptAccounts } from './verify-accounts-kept.ts'
import { archivedStretches } from './verify-archives.ts'
import { BalanceCheck } from './verify-balances.ts'
import { BufferReplay } from './verify-buffers.ts'
import { ChainReplay } from './verify-chain.ts'
import { type CheckpointWriter, checkpointBatch, finishDraft, mustBeOfJournal } from './verify-checkpoint.ts'
import { DayTotalReplay } from './verify-day-totals.ts'
import { EventReplay } from './verify-events.ts'
import { FindingList, type VerifyFinding, type VerifyFindingCode } from './verify-finding.ts'
import { restraintsText } from './verify-freeze-store.ts'
import { FreezeReplay } from './verify-freezes.ts'
import { idAfter } from './verify-head-store.ts'
import { checkHistory } from './verify-history.ts'
import { readHoldRows } from './verify-hold-store.ts'
import { HoldReplay } from './verify-holds.ts'
import { JournalReplay } from './verify-journal.ts'
import { EntryReplay } from './verify-journal-entries.ts'
import { keptOf, loadKept, saveKept } from './verify-kept.ts'
import { LiabilityReplay } from './verify-liabilities.ts'
import { checkLiabilityTrees } from './verify-liability-trees.ts'
import { MarkCheck } from './verify-marks.ts'
import { MetadataReplay } from './verify-metadata.ts'
import { checkOutcomes } from './verify-outcomes.ts'
import { checkPending } from './verify-pending.ts'
import { PolicyReplay } from './verify-policies.ts'
import { checkReferences } from './verify-references.ts'
import { ReversalReplay } from './verify-reversals.ts'
import { ScheduledReplay } from './verify-scheduled.ts'
import { SetReplay } from './verify-sets.ts'
import { checkSignedHeads, type SignedHeads } from './verify-signed-heads.ts'
import { readStart, type Start } from './verify-start.ts'
import { TemplateReplay } from './verify-templates.ts'
import { type CurrencyTotals, totalsOf } from './verify-totals.ts'
import { TransferReplay } from './verify-transfers.ts'

/** One a currency and day: more than there will ever be. */
const STATEMENTS_MAX = 1_000_000

export interface VerifyProgress {
  readonly batch: number
  readonly end: number
  readonly transfers: number
}

export interface VerifyOptions {
  readonly signedHeads?: Omit<SignedHeads, 'institution'> & { readonly institution?: string }
  /**
   * The first batch whose rows are hashed; those before it are taken for proved, for instance by a signed head that an earlier run
   * checked. Their rows are replayed all the same, since balances are made of them.
   */
  readonly from?: 'start' | number
  /** Where an earlier verification ended: only what came later is replayed. */
  readonly checkpoint?: OpenedCheckpoint
  /** Checkpoints that could not be used. */
  readonly refused?: readonly RefusedCheckpoint[]
  /** Writes a checkpoint when nothing was found. */
  readonly writer?: CheckpointWriter
  /** What other modules keep about money of the ledger. */
  readonly ties?: readonly BusinessTie[]
  /** Files with the stretches of the journal that were archived. */
  readonly archives?: Archives
  readonly onProgress?: (progress: VerifyProgress) => void
}

export interface VerifyReport {
  /** True when nothing at all was found. */
  readonly sound: boolean
  /** The batch after which the replay began: 0, or that of a checkpoint. */
  readonly after: number
  /** The end of the journal that was verified: a batch number, 0 when there is none, and its hash. */
  readonly batch: number
  readonly hash: string
  readonly transfers: number
  readonly accounts: number
  readonly holds: number
  readonly signedHeads: number
  readonly totals: readonly CurrencyTotals[]
  /** The one that was written, if any. */
  readonly checkpoint: Checkpoint | null
  /** The first hundred findings of each code, in the order in which they were found. */
  readonly findings: readonly VerifyFinding[]
  /** How many there are of each code in all. */
  readonly counts: ReadonlyMap<VerifyFindingCode, number>
}

/**
 * Replays an institution's whole journal, or what came after a checkpoint, and ties everything that the ledger stores to it; reads
 * only. Batches may be committed meanwhile: it ends with the last batch that it saw at the start. Every transaction is short, so old
 * rows are cleaned up as usual. It needs memory for each account (about 250 bytes) and each open hold, whatever the length of the
 * journal.
 *
 * What is wrong with the ledger are findings; it throws only when the database cannot be read, or the checkpoint is not of it.
 */
export async function verifyLedger(
  db: Pick<InstitutionDatabase, 'read' | 'schema'>,
  options: VerifyOptions = {},
): Promise<VerifyReport> {
  const findings = new FindingList()
  for (const { number, fault } of options.refused ?? []) {
    if (fault !== 'other_form') findings.add('checkpoint_refused', { batch: number, what: CHECKPOINT_FAULTS[fault] })
  }
  const signed = options.signedHeads
  const institution = signed?.institution ?? db.schema
  // Before the end of the journal is read: none of them is then of a later batch.
  const stated = await db.read((tx) => listLiabilities(tx, institution, null, STATEMENTS_MAX))
  const start = await readStart(db, findings)
  const { accounts, end } = start
  const chain = new ChainReplay(findings, options.from === undefined || options.from === 'start' ? 1 : options.from)
  const balances = new BalanceCheck(accounts, findings, start.flushed)
  const holds = new HoldReplay(findings)
  const marks = new MarkCheck(findings)
  const reversals = new ReversalReplay(findings)
  const freezes = new FreezeReplay(accounts, findings)
  const transfers = new TransferReplay(accounts, balances, holds, marks, reversals, freezes, findings)
  const accounting = new AccountingReplay(findings)
  const events = new EventReplay(accounts, balances, chain, accounting, freezes, findings)
  const entries = new EntryReplay(findings)
  const templates = new TemplateReplay(findings)
  const buffers = new BufferReplay(findings)
  const policies = new PolicyReplay(findings)
  const metadata = new MetadataReplay(findings)
  const sets = new SetReplay(accounts, findings)
  const scheduled = new ScheduledReplay(findings)
  const liabilities = new LiabilityReplay(accounts, findings, stated, signed?.publicKey)
  const dayTotals = new DayTotalReplay(accounts, accounting, findings, start.accounting.totals, start.head.flushed)
  const replays = {
    ...{ chain, events, entries, templates, buffers, policies, transfers, holds, marks },
    ...{ reversals, metadata, sets, scheduled, accounting, dayTotals, liabilities, findings },
  }
  const journal = new JournalReplay(replays)
  const kept = keptOf({ ...replays, freezes, balances: new KeptAccounts(accounts, balances), journal })

  const { checkpoint } = options
  if (checkpoint !== undefined) {
    await mustBeOfJournal(db, checkpoint)
    await loadKept(kept, checkpoint.lines())
    const idEnd = idAfter(chain.lastCounter)
    await holds.resume(start.openHolds, idEnd, (ids) => db.read(({ sql }) => readHoldRows(sql, ids)))
  }
  const begun = checkpoint?.number ?? 0
  const point = checkpointBatch(options, start, begun)
  // Beside the replay: PostgreSQL hashes them while this process works on the journal.
  const outcomes = checkOutcomes(db, begun, end)
  outcomes.catch(() => undefined)
  let draft: CheckpointDraft | undefined
  const stretches = await archivedStretches(db, options.archives, findings, begun)
  let done: number | undefined = begun
  while (done !== undefined) {
    const after: number = done
    const stop = point !== undefined && after < point ? point : end
    done = await db.read(({ sql }) => journal.chunk(sql, after, ...stretches.next(after, stop)))
    if (done !== undefined) options.onProgress?.({ batch: done, end, transfers: transfers.count })
    // Rows written back later than this batch would be older than the checkpoint, and could not be compared from it.
    if (done === point && done !== undefined) draft = await options.writer?.folder.draft(done, saveKept(kept))
  }

  checkHead(start, chain, findings)
  balances.finish()
  marks.finish(start.marks)
  sets.finish(start.sets)
  scheduled.finish(start.scheduled)
  holds.finish(start.openHolds)
  accounting.finish(start.accounting)
  dayTotals.finish()
  for (const what of start.accounting.unknownTotals) findings.add('day_total_differs', { what, found: 'unknown' })
  liabilities.finish(begun)
  reversals.finish(start.reversals)
  await db.read(({ sql }) => templates.finish(sql, end))
  freezes.finish(start.freezes)
  checkRestraints(accounts, start.restraints, findings)
  buffers.finish(start.buffers)
  policies.finish(start.policies)
  checkPending(accounts, start.openHolds, findings)
  const totals = totalsOf(accounts, findings)
  await checkAccountRows(db, accounts, findings, end, idAfter(start.head.lastCounter))
  await metadata.finish(db, end)
  for (const { code, ...facts } of await outcomes) findings.add(code, facts)
  await checkLiabilityTrees(db, findings)
  await checkReferences(db, findings)
  await checkTies(db, options.ties ?? [], findings)
  await checkHistory(db, findings, end, begun)
  const signedHeads =
    signed === undefined
      ? 0
      : await checkSignedHeads(db, { institution: db.schema, ...signed }, findings, chain.historyBefore())
  return {
    sound: findings.counts.size === 0,
    after: begun,
    batch: chain.number,
    hash: chain.hash.toString('hex'),
    transfers: transfers.count,
    accounts: accounts.count,
    holds: holds.count,
    signedHeads,
    totals,
    checkpoint: await finishDraft(db, options.writer, draft, findings),
    findings: findings.kept,
    counts: findings.counts,
  }
}

/** What postings read of freezes stands on the rows of accounts: it must be what the journal adds up to. */
function checkRestraints(accounts: AccountReplay, rows: ReadonlyMap<number, string>, findings: FindingList): void {
  const nothing = restraintsText(NO_RESTRAINTS)
  for (const [account, place] of accounts.all()) {
    const expected = accounts.has(place, RESTRAINED) ? restraintsText(accounts.restraints(place)) : nothing
    const found = rows.get(account) ?? nothing
    if (expected !== found) findings.add('restraints_differ', { account, expected, found })
  }
}

/** The head and the last batch of one snapshot must say the same. */
function checkHead({ head, end }: Start, chain: ChainReplay, findings: FindingList): void {
  const numbers = { batch: head.number, expected: String(end), found: String(head.number) }
  if (head.number > end) findings.add('head_beyond_batches', numbers)
  else if (head.number < end) findings.add('head_before_batches', numbers)
  else {
    const differing = [
      ['hash', chain.hash.toString('hex'), head.hash.toString('hex')],
      ['last_counter', String(chain.ownCounter), String(head.lastCounter)],
      ...(end === 0 ? [] : [['at', String(chain.at), String(head.at)] as const]),
      ...(end === 0 ? [] : [['accounting_day', chain.nextDay, head.accountingDay ?? 'none'] as const]),
    ] as const
    for (const [what, expected, found] of differing) {
      if (expected !== found) findings.add('head_differs', { batch: head.number, what, expected, found })
    }
  }
}
