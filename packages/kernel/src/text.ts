import { err, ok, type Result } from './result.ts'

export type TextFault = 'empty' | 'too_long' | 'unstorable_character'

export interface TextRule {
  /** Longest allowed length, in code points. */
  readonly max: number
  /** Shortest allowed length, default 1. A shorter text is called empty. */
  readonly min?: number
  /** Whether tab, line ends and marks of writing direction may occur. Default no. */
  readonly lines?: boolean
}

/** Whether PostgreSQL can store the text as it is: it refuses U+0000, and a lone surrogate would silently become U+FFFD. */
export function isStorable(text: string): boolean {
  return !text.includes('\u0000') && text.isWellFormed()
}

/**
 * Takes text from outside that people will read: within its length and free of control characters (C0, DEL, C1), which
 * have no business in a name or a subject and can forge lines in logs and files. One line also holds no separators of lines or
 * paragraphs and nothing that overrides the direction of writing: such a mark turns around what stands beside it on a page, an
 * amount for instance. Right-to-left scripts need none of these marks.
 */
export function storableText(text: string, rule: TextRule): Result<string, TextFault> {
  const length = codePoints(text, rule.max)
  if (length < (rule.min ?? 1)) return err('empty')
  if (length > rule.max) return err('too_long')
  if (!text.isWellFormed()) return err('unstorable_character')
  for (let index = 0; index < text.length; index += 1) {
    if (isControl(text.charCodeAt(index), rule.lines === true)) return err('unstorable_character')
  }
  return ok(text)
}

// A code point takes at most two code units, so a text twice as long as allowed needs no counting.
function codePoints(text: string, max: number): number {
  if (text.length > 2 * max) return max + 1
  let count = 0
  for (const _ of text) count += 1
  return count
}

function isControl(code: number, linesAllowed: boolean): boolean {
  if (linesAllowed && (code === 0x09 || code === 0x0a || code === 0x0d)) return false
  if (code < 0x20 || (code >= 0x7f && code <= 0x9f)) return true
  return !linesAllowed && ((code >= 0x2028 && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069))
}
