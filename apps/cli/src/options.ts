import { resolve } from 'node:path'
import { localDate } from '@huitong/kernel'
import { InvalidArgumentError } from 'commander'

export interface DataOptions {
  /** The data folder, absolute. */
  readonly data: string
}

export interface LedgerOptions extends DataOptions {
  /** The institution's schema. */
  readonly institution: string
  readonly json?: boolean
}

export const DEFAULT_DATA = resolve('.huitong')
export const DEFAULT_INSTITUTION = 'yunhe_pay'

export function folderOption(text: string): string {
  if (text === '') throw new InvalidArgumentError('It must not be empty.')
  return resolve(text)
}

/** A file, as it is written: relative ones are those of the folder that the command runs in. */
export function fileOption(text: string): string {
  if (text === '') throw new InvalidArgumentError('It must not be empty.')
  return text
}

/** What an HTTP header carries unchanged, and the server accepts; spaces at its ends would be lost. */
export function keyOption(text: string): string {
  if (/^[\x21-\x7e](?:[\x20-\x7e]{0,253}[\x21-\x7e])?$/.test(text)) return text
  throw new InvalidArgumentError('It must be 1 to 255 printable ASCII characters without spaces at its ends.')
}

export function limitOption(text: string): number {
  const limit = /^\d{1,6}$/.test(text) ? Number(text) : 0
  if (limit < 1 || limit > 100_000) throw new InvalidArgumentError('It must be a whole number from 1 to 100000.')
  return limit
}

/** A whole number in millionths: up to the whole. */
export function millionthsOption(text: string): number {
  const number = /^\d{1,7}$/.test(text) ? Number(text) : -1
  if (number < 0 || number > 1_000_000) throw new InvalidArgumentError('It must be a whole number from 0 to 1000000.')
  return number
}

/** Where a verification begins. */
export function fromOption(text: string): 'start' | 'checkpoint' | number {
  if (text === 'start' || text === 'checkpoint') return text
  if (!/^[1-9]\d{0,14}$/.test(text)) {
    throw new InvalidArgumentError('It must be start, checkpoint or the number of a batch.')
  }
  return Number(text)
}

export function batchOption(text: string): number {
  if (!/^(?:0|[1-9]\d{0,14})$/.test(text)) throw new InvalidArgumentError('It must be the number of a batch.')
  return Number(text)
}

export function versionOption(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('It must be the number of a version.')
  return Number(text)
}

const UNITS = { s: 1, m: 60, h: 3600, d: 86_400 } as const

/** Reads `10d`, `36h`, `5m`, `30s` as seconds. */
export function durationOption(text: string): number {
  const [, count = '', unit = ''] = /^([1-9]\d{0,6})([smhd])$/.exec(text) ?? []
  if (unit !== 's' && unit !== 'm' && unit !== 'h' && unit !== 'd') {
    throw new InvalidArgumentError('Write a number and s, m, h or d, such as 10d.')
  }
  return Number(count) * UNITS[unit]
}

export function dayOption(text: string): string {
  if (localDate(text).ok) return text
  throw new InvalidArgumentError('Write a day such as 2026-11-22.')
}
