import type { KeyObject } from 'node:crypto'
import { isJsonObject, isoToMicros, JsonNumber, microsToIso, parseJsonStrict } from '@huitong/kernel'
import { STATEMENT_SIGNATURE, signStatement, verifyStatement } from './statement-signature.ts'

/**
 * A statement by the institution that it verified its journal up to a batch, found nothing, and that the file with this SHA-256 says
 * how things stood then. Signed with its Ed25519 key (RFC 8032) is this text in UTF-8, each line ended by U+000A:
 *
 *     huitong checkpoint 2
 *     <institution>
 *     <batch number, decimal>
 *     <batch hash, 64 lower-case hex digits>
 *     <time, RFC 3339 in UTC with six fraction digits>
 *     <accounting day of the batch, YYYY-MM-DD>
 *     <SHA-256 of the file, 64 lower-case hex digits>
 */
export interface Checkpoint {
  readonly institution: string
  readonly number: number
  /** SHA-256 of the batch, hex. */
  readonly hash: string
  /** Of the batch, µs. */
  readonly at: number
  readonly accountingDay: string
  /** Of the file, hex. */
  readonly sha256: string
  /** Ed25519 signature, base64. */
  readonly signature: string
}

/**
 * Raised whenever a replay remembers something else from one batch to the next: a checkpoint of another form is not used, so that
 * nothing is verified from half of what must be known.
 */
export const CHECKPOINT_FORM = 2

export function signCheckpoint(key: KeyObject, unsigned: Omit<Checkpoint, 'signature'>): Checkpoint {
  return { ...unsigned, signature: signStatement(key, signedText(unsigned)) }
}

/** True when the institution with this public key signed it. */
export function verifyCheckpoint(publicKey: KeyObject, checkpoint: Checkpoint): boolean {
  return verifyStatement(publicKey, signedText(checkpoint), checkpoint.signature)
}

function signedText({ institution, number, hash, at, accountingDay, sha256 }: Omit<Checkpoint, 'signature'>): string {
  const lines = [institution, number, hash, microsToIso(at), accountingDay, sha256]
  return `huitong checkpoint ${CHECKPOINT_FORM}\n${lines.join('\n')}\n`
}

/** The content of the file that carries the statement. */
export function checkpointText(checkpoint: Checkpoint): string {
  const { institution, number, hash, at, accountingDay, sha256, signature } = checkpoint
  const body = {
    ...{ version: CHECKPOINT_FORM, institution, number, hash, at: microsToIso(at), accounting_day: accountingDay },
    ...{ sha256, signature },
  }
  return `${JSON.stringify(body)}\n`
}

/** Reads such a file; its signature is not looked at. Of another form, only that is told. */
export function parseCheckpoint(text: string): Checkpoint | 'other_form' | undefined {
  const parsed = parseJsonStrict(text)
  if (!parsed.ok || !isJsonObject(parsed.value) || !(parsed.value.version instanceof JsonNumber)) return undefined
  const { version, institution, number, hash, at, accounting_day: accountingDay, sha256, signature } = parsed.value
  if (version.text !== String(CHECKPOINT_FORM)) return /^[1-9]\d{0,5}$/.test(version.text) ? 'other_form' : undefined
  const fits =
    matches(institution, INSTITUTION) &&
    matches(hash, HASH) &&
    matches(accountingDay, DAY) &&
    matches(sha256, HASH) &&
    matches(signature, STATEMENT_SIGNATURE)
  if (!fits || !(number instanceof JsonNumber) || !NUMBER.test(number.text) || typeof at !== 'string') return undefined
  const micros = isoToMicros(at)
  if (!micros.ok || microsToIso(micros.value) !== at) return undefined
  const checkpoint = {
    institution,
    number: Number(number.text),
    hash,
    at: micros.value,
    accountingDay,
    sha256,
    signature,
  }
  // One content, one form of it: what was changed in any way is not what was written.
  return checkpointText(checkpoint) === text ? checkpoint : undefined
}

const INSTITUTION = /^[a-z][a-z0-9_]{0,62}$/
const NUMBER = /^[1-9]\d{0,14}$/
const HASH = /^[0-9a-f]{64}$/
const DAY = /^\d{4}-\d{2}-\d{2}$/

function matches(value: unknown, pattern: RegExp): value is string {
  return typeof value === 'string' && pattern.test(value)
}
