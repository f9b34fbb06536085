/** Why a database server could not be started or used. The list is closed: programs print the message and exit. */
export type ServerStartErrorCode =
  | 'data_folder_in_use'
  | 'disk_full'
  | 'permission_denied'
  | 'wrong_version'
  | 'unreachable'
  | 'too_old'
  | 'no_unprivileged_user'
  | 'role_not_permitted'
  | 'database_newer'
  | 'migration_edited'
  | 'migration_malformed'
  | 'primary_away'
  | 'not_a_standby'
  | 'start_failed'

/** The message is one sentence for the operator; nothing was left half done that the next start does not clean. */
export class ServerStartError extends Error {
  override readonly name: string = 'ServerStartError'
  readonly code: ServerStartErrorCode

  constructor(code: ServerStartErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

/** Another living program holds the data folder. */
export class DataFolderInUse extends ServerStartError {
  override readonly name = 'DataFolderInUse'
  readonly holderPid: number | undefined

  constructor(folder: string, holderPid: number | undefined) {
    const holder = holderPid === undefined ? 'another process' : `process ${holderPid}`
    super('data_folder_in_use', `The data folder ${folder} is in use by ${holder}; stop it or choose another folder.`)
    this.holderPid = holderPid
  }
}

/** The code of a Node or PostgreSQL error (`ENOENT`, `42501` …), or undefined. */
export function errorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined
  return typeof error.code === 'string' ? error.code : undefined
}

/** Turns what the file system said into the operator's sentence; anything else is thrown on as it came. */
export function fileSystemError(error: unknown, folder: string): unknown {
  if (error instanceof ServerStartError) return error
  const code = errorCode(error)
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new ServerStartError('disk_full', `The disk that holds ${folder} is full.`, { cause: error })
  }
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
    const message = `The data folder ${folder} may not be read or written by this user.`
    return new ServerStartError('permission_denied', message, { cause: error })
  }
  return error
}
