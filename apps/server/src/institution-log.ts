import type { Logger } from 'pino'

export type CommitterLog = (
  level: 'info' | 'warn' | 'error',
  message: string,
  facts?: Readonly<Record<string, unknown>>,
) => void

/** The log as the committer wants to be heard. */
export function committerLog(log: Logger, schema: string): CommitterLog {
  return (level, message, facts) => log[level]({ institution: schema, ...facts }, message)
}
