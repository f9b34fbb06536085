import { invariant, isoToMicros, microsToIso } from '@huitong/kernel'

/** PostgreSQL writes `2026-11-22 04:50:55.000123+00` in a session whose time zone is UTC. */
const timestampText = /^(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2}(?:\.\d{1,6})?)\+00$/

function parseTimestamp(text: string): number {
  const match = timestampText.exec(text)
  const time = isoToMicros(`${match?.[1]}T${match?.[2]}Z`)
  invariant(time.ok, `not a time this program can hold: ${text}`)
  return time.value
}

function writeTimestamp(value: unknown): string {
  if (typeof value === 'number') return microsToIso(value)
  invariant(typeof value === 'string', 'a timestamptz is given as microseconds or as text')
  return value
}

function writeBytes(value: unknown): string {
  invariant(value instanceof Uint8Array, 'a bytea is given as bytes')
  return `\\x${Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('hex')}`
}

/** Text is JSON already; the driver's own way would make a JSON string of it. */
function writeJson(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/**
 * How values travel, by PostgreSQL's type numbers. int8 and `sum` over int4 are bigint; numeric (`sum` over int8) stays text
 * and so keeps every digit; timestamptz keeps all six digits.
 */
export const driverTypes = {
  bigint: { to: 20, from: [20], serialize: (value: bigint) => String(value), parse: (text: string) => BigInt(text) },
  micros: { to: 1184, from: [1184], serialize: writeTimestamp, parse: parseTimestamp },
  calendarDay: { to: 1082, from: [1082], serialize: (value: unknown) => String(value), parse: (text: string) => text },
  localTime: { to: 1114, from: [1114], serialize: (value: unknown) => String(value), parse: (text: string) => text },
  decimal: { to: 1700, from: [1700], serialize: (value: unknown) => String(value), parse: (text: string) => text },
  bytes: {
    to: 17,
    from: [17],
    serialize: writeBytes,
    parse: (text: string) => Buffer.from(text.slice(2), 'hex'),
  },
  json: { to: 114, from: [114, 3802], serialize: writeJson, parse: (text: string): unknown => JSON.parse(text) },
}
