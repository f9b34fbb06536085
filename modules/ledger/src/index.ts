export { type Account, type AccountState, availableMinor, type Balance, normalBalance } from './account.ts'
export { type AccountChanges, REOPEN_REASONS, type ReopenReason } from './account-changes.ts'
export type { AccountAnswer } from './account-commands.ts'
export { createAccountHistory } from './account-history.ts'
export type { AccountSet, SetBalance } from './account-set.ts'
export { findSet, listSets, setBalances, setMembers } from './account-set-read-store.ts'
export { readSetBody } from './account-set-views.ts'
export { type AccountStatement, readStatement } from './account-statement.ts'
export { type AdoptChartOptions, adoptChart, ChartFixed } from './adopt-chart.ts'
export { archiveTransfers, restoreArchive } from './archive.ts'
export { ArchivedEntries } from './archived.ts'
export { type Archives, openArchives } from './archives.ts'
export { type BalanceReader, journalBalances, liveBalances } from './balance-reader.ts'
export { readBeancount } from './beancount-reader.ts'
export { type Books, createBooks, type OpenAccountRequest } from './books.ts'
export { readBufferBody } from './buffer-read.ts'
export { type BusinessDifference, type BusinessTie, holdDifferences } from './business-tie.ts'
export { type ChartLine, chartOf } from './chart.ts'
export { chartBody } from './chart-routes.ts'
export type { Checkpoint } from './checkpoint.ts'
export { type CheckpointDue, checkpointDue } from './checkpoint-due.ts'
export { CHECKPOINTS_KEPT, CheckpointFolder } from './checkpoint-file.ts'
export { CheckpointUnreadable } from './checkpoint-line.ts'
export { type CheckpointState, type CheckpointWriteFault, registerCheckpointRoutes } from './checkpoint-routes.ts'
export { CommitBell } from './commit-bell.ts'
export { type ClosedDay, type DayState, stateOfDay } from './day.ts'
export { ADJUSTMENT_DAYS, type DayJobsOptions, finalizeOldDays, type TiedDays, tieClosedDays } from './day-jobs.ts'
export { listDays } from './day-store.ts'
export { parseRate } from './exact.ts'
export { type ExchangeRequest, postExchange } from './exchange-command.ts'
export { EXPORT_COLUMNS, type ExportOptions, type ExportRow, type ExportWhat, exportRows } from './export.ts'
export { type FeedEvent, type FeedFilter, type FeedPage, readFeed } from './feed.ts'
export { FEED_EVENT_TYPES, FEED_START, type FeedEventType, type FeedPosition } from './feed-event.ts'
export { type FeedRoutesOptions, registerFeedRoutes } from './feed-routes.ts'
export { FREEZE_CAUSES, type Freeze, type FreezeCause, type FreezeState } from './freeze.ts'
export { freezeBodiesOf } from './freeze-views.ts'
export type { DeductionRequest, FreezeRequest } from './freezes.ts'
export { ledgerHeadStore } from './head-store.ts'
export { HistoryFollower } from './history-follower.ts'
export { readHledger } from './hledger-reader.ts'
export type { Hold, HoldState } from './hold.ts'
export { pendingHoldBodies, readHoldBody } from './hold-read.ts'
export { pendingHolds } from './hold-read-store.ts'
export { batchOfId } from './id-batch-store.ts'
export type { ImportAnswer, ImportInput } from './import-command.ts'
export { csvColumns, csvText } from './import-csv.ts'
export { IMPORT_FIELDS } from './import-fields.ts'
export type {
  AccountName,
  ImportedAccount,
  ImportedLeg,
  ImportedTransfer,
  ImportFault,
  ImportLine,
} from './import-line.ts'
export { type ImportFormat, readImportLine } from './import-reader.ts'
export {
  type ImportCursor,
  type ImportRefusal,
  knownAccountReferences,
  listImportRefusals,
  readImport,
} from './import-store.ts'
export {
  DEFAULT_KIND,
  INSTITUTION_KINDS,
  type InstitutionKind,
  institutionKinds,
  isInstitutionKind,
} from './institution-kind.ts'
export { type EntryRequest, type PostedEntry, postEntry } from './journal-entry-post.ts'
export { findEntry } from './journal-entry-read-store.ts'
export { journalEntryBody } from './journal-entry-views.ts'
export { createLedgerCommands, type LedgerCommands, ownAccount } from './ledger-commands.ts'
export {
  expireFreezes,
  expireHolds,
  followCalendar,
  type LedgerJobsOptions,
  postScheduled,
  sleepAccounts,
} from './ledger-jobs.ts'
export {
  type AccountFilter,
  type AccountView,
  findAccount,
  findHold,
  findTransfer,
  type HeadView,
  type JournaledTransfer,
  liabilities,
  listAccounts,
  readHead,
  type StatementEntry,
  statement,
} from './ledger-read-store.ts'
export { isLedgerRefusalCode, LEDGER_REFUSALS, type LedgerRefusal, type LedgerRefusalCode } from './ledger-refusals.ts'
export { type LedgerRoutesOptions, registerLedgerRoutes } from './ledger-routes.ts'
export { accountBody, datedAccountBody, headBody } from './ledger-views.ts'
export { type LiabilitiesOptions, stateLiabilities, stateLiabilitiesOfDay } from './liabilities.ts'
export { type LiabilityRoutesOptions, registerLiabilityRoutes } from './liability-routes.ts'
export { liabilityProofBody, type SignedLiabilityStatement } from './liability-statement.ts'
export { readLiabilityProof } from './liability-store.ts'
export { METADATA_KEY } from './metadata.ts'
export { findMetadata, searchMetadata } from './metadata-read-store.ts'
export { metadataHistoryBodies } from './metadata-views.ts'
export { ledgerMigrations } from './migrations.ts'
export { ownerBalance } from './owner-balance.ts'
export { importPlainJournal, type PlainImportReport } from './plain-import.ts'
export type { PlainJournal } from './plain-text-journal.ts'
export { positionBodies } from './position-read.ts'
export type { PostingAnswer, PostingInput, PostingLeg } from './posting-command.ts'
export { type ProofRoutesOptions, registerProofRoutes } from './proof-routes.ts'
export { createReadDesk, type ReadDesk, type ReplicaReport } from './read-desk.ts'
export { type ReadFault, readFault } from './read-fault.ts'
export { primarySource } from './read-source.ts'
export { type ReconcilableEntry, reconcilableEntries } from './reconcilable-store.ts'
export { watchReplica } from './replica-watch.ts'
export { countsYearEnd, makeReports, REPORTS, type ReportClosing, type ReportName } from './report.ts'
export { type ReportBasis, readMovements, type SubjectMovement } from './report-store.ts'
export { reportBody, reportCsv } from './report-views.ts'
export type { Reversal, ReversalTarget } from './reversal.ts'
export type { ReversalRequest } from './reversals.ts'
export { isScheduledState } from './scheduled-posting.ts'
export { readScheduledBody, scheduledBodies } from './scheduled-posting-read.ts'
export { readKind, readSettings } from './settings-store.ts'
export {
  type HeadStatement,
  parseSignedHead,
  type SignedHead,
  type SignedHeadFault,
  signedHeadLine,
  signHead,
  verifySignedHead,
} from './signed-head.ts'
export { readSignedHeads, SignedHeadUnreadable } from './signed-heads-file.ts'
export { fitsCamt, statementCamt } from './statement-camt.ts'
export { statementCsv } from './statement-csv.ts'
export { statementPdf } from './statement-pdf.ts'
export {
  isCreditNormal,
  isSubjectCode,
  SUBJECTS,
  type Subject,
  type SubjectClass,
  type SubjectCode,
  subjectCode,
} from './subjects.ts'
export { deliverToSubscribers, type SubscriptionDeliveryOptions } from './subscription-delivery.ts'
export { registerSubscriptionRoutes, type SubscriptionRoutesOptions } from './subscription-routes.ts'
export { balanceOf } from './template-balance.ts'
export { needTemplate, type PostedTemplate, postTemplate, type TemplatePosting } from './template-post.ts'
export { findTemplate, listTemplates } from './template-store.ts'
export { readTie, type Tie, type TieLine, tieLineText } from './tie-store.ts'
export {
  isTransferCode,
  TRANSFER_CODES,
  type Transfer,
  type TransferCode,
  type TransferKind,
  transferCodes,
} from './transfer.ts'
export { type TransferProof, transferProofBody } from './transfer-proof.ts'
export { readTransferProof } from './transfer-proof-store.ts'
export { readReversalBody, readTransferBody } from './transfer-read.ts'
export type { CaptureRequest, EntryRef, HoldRequest, ReleaseRequest, TransferRequest } from './transfer-request.ts'
export { type VerifyOptions, type VerifyProgress, type VerifyReport, verifyLedger } from './verify.ts'
export { ArchiveMissing } from './verify-archives.ts'
export { CheckpointRefused } from './verify-checkpoint.ts'
export { VERIFY_FINDINGS, type VerifyFinding, type VerifyFindingCode } from './verify-finding.ts'
export { CheckpointMissing, type CheckpointSource, verifyFromCheckpoint } from './verify-from-checkpoint.ts'
export type { CurrencyTotals } from './verify-totals.ts'
export { closeYear, reopenYear } from './year-end-jobs.ts'
export { yearBodies } from './year-routes.ts'
