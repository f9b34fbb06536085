import { createHash } from 'node:crypto'
import type { Chance } from '@huitong/kernel'

/*
 * Tokens are 256 bits of chance in base64url with a prefix that says what they are, so that a leaked one is recognised and each
 * authenticator knows its own. Only SHA-256 hashes are stored: a random token of that size needs neither salt nor slowness.
 */

export type TokenKind = 'link' | 'session' | 'device'

const PREFIXES = { link: 'hl_', session: 'hs_', device: 'hd_' } as const satisfies Readonly<Record<TokenKind, string>>
const BODY = /^[A-Za-z0-9_-]{43}$/

export function drawToken(kind: TokenKind, chance: Chance): string {
  return PREFIXES[kind] + Buffer.from(chance.bytes(32)).toString('base64url')
}

/** Whether a text has the form of a token of this kind; everything else is turned away before the database is asked. */
export function isToken(kind: TokenKind, text: string): boolean {
  const prefix = PREFIXES[kind]
  return text.startsWith(prefix) && BODY.test(text.slice(prefix.length))
}

export function tokenHash(token: string): Buffer {
  return createHash('sha256').update(token, 'utf8').digest()
}
