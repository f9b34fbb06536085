import type { ServerStartErrorCode } from '@huitong/pg'

/**
 * How the program ends, for scripts that start it: 0 stopped as asked, 1 something unforeseen or a used port, 2 wrong options, and
 * one number for each reason why the database could not be used.
 */
export const EXIT_UNFORESEEN = 1
export const EXIT_PORT = 1
export const EXIT_USAGE = 2

const EXIT_DATABASE: Readonly<Partial<Record<ServerStartErrorCode, number>>> = {
  data_folder_in_use: 10,
  disk_full: 11,
  permission_denied: 12,
  wrong_version: 13,
  unreachable: 14,
  too_old: 15,
  no_unprivileged_user: 16,
  role_not_permitted: 17,
  start_failed: 18,
}
const EXIT_DATABASE_OTHER = 19

export function databaseExitCode(code: ServerStartErrorCode): number {
  return EXIT_DATABASE[code] ?? EXIT_DATABASE_OTHER
}
