import type { FastifyBaseLogger } from 'fastify'
import { type DestinationStream, type Logger, pino } from 'pino'
import { isObject } from './closed-schema.ts'

/** What handlers may do with the log: facts first, then a sentence. */
export type HttpLog = Pick<FastifyBaseLogger, 'debug' | 'info' | 'warn' | 'error'>

/** Names under which secrets and payment details travel, in whatever case. Their values are cut out at every depth that is logged. */
const SECRETS: ReadonlySet<string> = new Set([
  'authorization',
  'cookie',
  'set-cookie',
  'sign',
  'auth_code',
  'biz_content',
  'password',
  'token',
  'privatekey',
  'paymentcode',
])

const DEPTH_MAX = 6

/**
 * Looks at names instead of paths: pino's own redaction takes a list of paths, and the wildcards for a secret at any depth cost a
 * fifth of a request.
 */
function redacted(facts: Record<string, unknown>, depth = 0): Record<string, unknown> {
  const clean: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(facts)) {
    clean[name] = SECRETS.has(name.toLowerCase()) ? '[redacted]' : redactedValue(value, depth + 1)
  }
  return clean
}

function redactedValue(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null || value instanceof Error || value instanceof Date) return value
  if (depth > DEPTH_MAX) return '[too deep]'
  if (Array.isArray(value)) return value.map((one: unknown) => redactedValue(one, depth + 1))
  return isObject(value) ? redacted(value, depth) : value
}

/** The log of a program: one JSON object a line, secrets cut out. `level` is one of pino's. */
export function createLog(options: { readonly level?: string; readonly destination?: DestinationStream } = {}): Logger {
  const settings = { level: options.level ?? 'info', base: null, formatters: { log: redacted } }
  return options.destination === undefined ? pino(settings) : pino(settings, options.destination)
}
