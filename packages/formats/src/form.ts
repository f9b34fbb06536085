import { err, ok, type Result } from '@huitong/kernel'

/**
 * Decodes `application/x-www-form-urlencoded` bytes into pairs, in the order of the text. Strict where the web's own decoder is
 * lenient: bytes that are no UTF-8 and a `%` without two hex digits are refused, for a replaced character would make a
 * different text than the one that was signed.
 */
export function decodeForm(bytes: Uint8Array): Result<readonly (readonly [string, string])[], 'malformed_form'> {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
    const pairs = text.split('&').filter((part) => part !== '')
    return ok(pairs.map(decodePair))
  } catch {
    return err('malformed_form')
  }
}

function decodePair(part: string): readonly [string, string] {
  const equals = part.indexOf('=')
  if (equals === -1) return [decodePart(part), '']
  return [decodePart(part.slice(0, equals)), decodePart(part.slice(equals + 1))]
}

// decodeURIComponent throws on a malformed escape and on escaped bytes that are no UTF-8: exactly the strictness wanted.
function decodePart(part: string): string {
  return decodeURIComponent(part.replaceAll('+', ' '))
}
