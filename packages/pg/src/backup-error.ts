export type BackupErrorCode =
  | 'target_not_named'
  | 'target_overlaps_data'
  | 'target_not_empty'
  | 'not_a_backup'
  | 'wrong_version'
  | 'tablespaces_not_supported'
  | 'archive_off'
  | 'time_not_reached'
  | 'time_before_backup'
  | 'restore_failed'

/** Why a backup was not taken or not laid back; one sentence for the operator. */
export class BackupError extends Error {
  override readonly name = 'BackupError'
  readonly code: BackupErrorCode

  constructor(code: BackupErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
