import type { KeyObject } from 'node:crypto'
import {
  err,
  isJsonObject,
  isoToMicros,
  JsonNumber,
  microsToIso,
  ok,
  parseJsonStrict,
  type Result,
} from '@huitong/kernel'
import { STATEMENT_SIGNATURE, signStatement, verifyStatement } from './statement-signature.ts'

/**
 * A statement by the institution that its journal ended so at that batch, signed with its Ed25519 key (RFC 8032). Whoever keeps
 * such statements elsewhere can tell later that no batch was taken off the end and that the chain was not built anew, which the
 * chain alone cannot show.
 *
 * What is signed, in UTF-8, each line ended by U+000A:
 *
 *     huitong signed head 2
 *     <institution>
 *     <batch number, decimal>
 *     <batch hash, 64 lower-case hex digits>
 *     <time, RFC 3339 in UTC with six fraction digits>
 *     <accounting day, YYYY-MM-DD>
 *     <root of the history tree over the batches up to this one, 64 lower-case hex digits>
 *
 * (Heads of form 1, made before there was a history tree, say `huitong signed head 1` and have no last line.) Text rather than bytes, so that a third party checks it with nothing but a command line.
 */
export interface SignedHead {
  readonly institution: string
  readonly number: number
  /** SHA-256 of the batch, hex. */
  readonly hash: string
  /** µs. */
  readonly at: number
  readonly accountingDay: string
  /** Root of the history tree, hex; null on heads of form 1. */
  readonly historyRoot: string | null
  /** Ed25519 signature, base64. */
  readonly signature: string
}

export type SignedHeadFault = 'not_json' | 'malformed'

/** A head before it is signed; its hash still as the ledger has it. */
export interface HeadStatement extends Omit<SignedHead, 'hash' | 'historyRoot' | 'signature'> {
  readonly hash: Uint8Array
  /** Without it a head of form 1 is signed. */
  readonly historyRoot?: Uint8Array
}

export function signHead(key: KeyObject, head: HeadStatement): SignedHead {
  const { institution, number, at, accountingDay } = head
  const historyRoot = head.historyRoot === undefined ? null : Buffer.from(head.historyRoot).toString('hex')
  const unsigned = { institution, number, hash: Buffer.from(head.hash).toString('hex'), at, accountingDay, historyRoot }
  return { ...unsigned, signature: signStatement(key, signedText(unsigned)) }
}

/** True when the institution with this public key signed this head. */
export function verifySignedHead(publicKey: KeyObject, head: SignedHead): boolean {
  return verifyStatement(publicKey, signedText(head), head.signature)
}

/** One line of a file of signed heads, without its line end. */
export function signedHeadLine(head: SignedHead): string {
  return JSON.stringify(signedHeadBody(head))
}

export function signedHeadBody(head: SignedHead) {
  return {
    version: head.historyRoot === null ? 1 : 2,
    institution: head.institution,
    number: head.number,
    hash: head.hash,
    at: microsToIso(head.at),
    accounting_day: head.accountingDay,
    ...(head.historyRoot === null ? {} : { history_root: head.historyRoot }),
    signature: head.signature,
  }
}

/** Reads such a line. Its signature is not looked at. */
export function parseSignedHead(text: string): Result<SignedHead, SignedHeadFault> {
  const parsed = parseJsonStrict(text)
  if (!parsed.ok) return err('not_json')
  const json = parsed.value
  if (!isJsonObject(json) || !(json.version instanceof JsonNumber)) return err('malformed')
  const historyRoot = historyRootOf(json.version.text, json.history_root)
  if (historyRoot === undefined) return err('malformed')
  const { institution, number, hash, at, accounting_day: accountingDay, signature } = json
  const fits =
    matches(institution, INSTITUTION) &&
    matches(hash, HASH) &&
    matches(accountingDay, DAY) &&
    matches(signature, STATEMENT_SIGNATURE)
  if (!fits || !(number instanceof JsonNumber) || !NUMBER.test(number.text) || typeof at !== 'string')
    return err('malformed')
  const micros = isoToMicros(at)
  const count = Number(number.text)
  if (!micros.ok || microsToIso(micros.value) !== at || !Number.isSafeInteger(count)) return err('malformed')
  return ok({ institution, number: count, hash, at: micros.value, accountingDay, historyRoot, signature })
}

/** Null of a form that has none; undefined when it does not fit the form. */
function historyRootOf(version: string, root: unknown): string | null | undefined {
  if (version === '1') return root === undefined ? null : undefined
  return version === '2' && matches(root, HASH) ? root : undefined
}

const INSTITUTION = /^[a-z][a-z0-9_]{0,62}$/
const NUMBER = /^(0|[1-9][0-9]{0,15})$/
const HASH = /^[0-9a-f]{64}$/
const DAY = /^\d{4}-\d{2}-\d{2}$/

function matches(value: unknown, pattern: RegExp): value is string {
  return typeof value === 'string' && pattern.test(value)
}

function signedText(head: Omit<SignedHead, 'signature'>): string {
  const lines = [head.institution, head.number, head.hash, microsToIso(head.at), head.accountingDay]
  const form = head.historyRoot === null ? 1 : 2
  if (head.historyRoot !== null) lines.push(head.historyRoot)
  return `huitong signed head ${form}\n${lines.join('\n')}\n`
}
