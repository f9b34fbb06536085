export {
  boolArray,
  byteaArray,
  dateArray,
  int2Array,
  int4Array,
  int8Array,
  isStorableText,
  jsonbArray,
  numericArray,
  textArray,
  timestamptzArray,
} from './arrays.ts'
export { backup } from './backup.ts'
export { BackupError, type BackupErrorCode } from './backup-error.ts'
export type { BackupManifest } from './backup-manifest.ts'
export { BinaryRows } from './binary-rows.ts'
export type { ConnectionOptions } from './connection-options.ts'
export { applicationRole } from './connection-pool.ts'
export { copyRows } from './copy-rows.ts'
export { type Database, type DatabaseOptions, openDatabase } from './database.ts'
export { committerRole, type DedicatedConnection, type DedicatedOptions } from './dedicated-connection.ts'
export { type EmbeddedOptions, type EmbeddedServer, startEmbedded } from './embedded.ts'
export { type ExternalServer, oldestMajorVersion, openExternal } from './external.ts'
export { type FoundServer, findRunning } from './find-running.ts'
export { freePort } from './free-port.ts'
export type { InstitutionDatabase } from './institution-database.ts'
export { institutionExists } from './institution-exists.ts'
export { type AppliedMigration, migrate } from './migrate.ts'
export type { MigrationSet } from './migration-files.ts'
export { openReadReplica, type ReadReplica, type ReadReplicaOptions, readUrlFault } from './read-replica.ts'
export { type RestoreOptions, restore } from './restore.ts'
export { ensureRoles } from './roles.ts'
export { dumpSchema } from './schema-dump.ts'
export { DataFolderInUse, errorCode, ServerStartError, type ServerStartErrorCode } from './server-error.ts'
export { ConnectionLost } from './single-connection.ts'
export { quoteName, quoteText, type Sql, type SqlArgument, type SqlParameter, type Statement } from './sql.ts'
export { removeStandby, type Standby, type StandbyOptions, startStandby } from './standby.ts'
export type { ReadTx, Tx } from './transaction.ts'
