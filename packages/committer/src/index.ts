export { type PoisonInput, selectPoisonInputs } from './case-store.ts'
export type { Command, CommandKind, IdempotencyKey, Lane, Outcome, Refusal } from './command.ts'
export { startCommitter } from './committer.ts'
export type { Committer, CommitterConnection, CommitterOptions, CommitterStatus } from './committer-options.ts'
export { COPY_FROM_ROWS, copyStatement } from './copy-statement.ts'
export { type BatchSeal, type Head, type HeadStore, sealHash } from './head.ts'
export { type LinkedMember, linkedKind, linkedMember } from './linked.ts'
export { leafHash, merkleRoot } from './merkle.ts'
export { committerMigrations } from './migrations.ts'
export type { OutboxEvent } from './outbox-store.ts'
export { checkRun, type RunFault, runsAfterGaps, storedRuns } from './outcome-run-check.ts'
export type {
  BatchStamp,
  JournalLeaf,
  LogDefinition,
  PlainStatement,
  RowChange,
  TableDefinition,
  TableKey,
  UnsentStatement,
  WriteBack,
} from './table.ts'
export type { WorkingLog } from './working-log.ts'
export { WorkingSet } from './working-set.ts'
export type { WorkingTable } from './working-table.ts'
