import { errorCode, ServerStartError } from '@huitong/pg'
import { DemoModeFixed } from './demo-mode.ts'
import { databaseExitCode, EXIT_PORT, EXIT_UNFORESEEN, EXIT_USAGE } from './exit-codes.ts'
import { InstitutionsFault } from './institutions-file.ts'
import type { Config } from './options.ts'

export interface StartFailure {
  /** One sentence for the operator, where the cause is known. */
  readonly message: string
  readonly exitCode: number
  /** Known causes need no stack trace. */
  readonly foreseen: boolean
}

/** Explains why the server did not start. */
export function startFailure(error: unknown, config: Config): StartFailure {
  if (error instanceof ServerStartError) {
    return { message: error.message, exitCode: databaseExitCode(error.code), foreseen: true }
  }
  if (error instanceof DemoModeFixed || error instanceof InstitutionsFault)
    return { message: error.message, exitCode: EXIT_USAGE, foreseen: true }
  const known = systemMessage(error, config)
  if (known !== undefined) return { ...known, foreseen: true }
  const message = error instanceof Error ? error.message : String(error)
  return { message: `The server could not start: ${message}`, exitCode: EXIT_UNFORESEEN, foreseen: false }
}

function systemMessage(error: unknown, config: Config): Omit<StartFailure, 'foreseen'> | undefined {
  const { host, port, dataDir } = config
  const ofFolder = { exitCode: databaseExitCode('permission_denied') }
  switch (errorCode(error)) {
    case 'EADDRINUSE':
      return {
        message: `Port ${port} on ${host} is used by another program; choose another with --port.`,
        exitCode: EXIT_PORT,
      }
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return { message: `This machine has no address ${host}; choose another with --host.`, exitCode: EXIT_PORT }
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      if (isListening(error)) {
        return { message: `This user may not listen on port ${port}; choose another with --port.`, exitCode: EXIT_PORT }
      }
      return { message: `The data folder ${dataDir} may not be read or written by this user.`, ...ofFolder }
    case 'ENOENT':
      // From the folder's own making only; any other missing file is a fault of ours.
      if (!isMakingFolder(error)) return undefined
      return { message: `The data folder ${dataDir} cannot be made there.`, ...ofFolder }
    case 'ENOSPC':
    case 'EDQUOT':
    case POSTGRESQL_DISK_FULL:
      return { message: `The disk that holds ${dataDir} is full.`, exitCode: databaseExitCode('disk_full') }
    case 'ENOTDIR':
    case 'EEXIST':
      return { message: `${dataDir} is not a folder.`, ...ofFolder }
    default:
      return undefined
  }
}

/** SQLSTATE of a statement that found no more room. */
const POSTGRESQL_DISK_FULL = '53100'

function isListening(error: unknown): boolean {
  return systemCall(error) === 'listen' || systemCall(error) === 'bind'
}

function isMakingFolder(error: unknown): boolean {
  return systemCall(error) === 'mkdir'
}

function systemCall(error: unknown): string {
  return typeof error === 'object' && error !== null && 'syscall' in error ? String(error.syscall) : ''
}
