/**
 * Cuts a file into single statements, without their semicolons. A semicolon inside a string, a quoted name, a comment or a
 * dollar-quoted body does not end a statement; bodies of functions therefore are written in dollar quotes. One at a time, because a
 * Citus cluster refuses several statements in one query string.
 */
export function splitStatements(text: string): readonly string[] {
  const statements: string[] = []
  let start = 0
  let position = 0
  let hasCode = false
  const cut = (): void => {
    if (hasCode) statements.push(text.slice(start, position).trim())
    hasCode = false
  }
  while (position < text.length) {
    if (text[position] === ';') {
      cut()
      position += 1
      start = position
      continue
    }
    const next = endOfToken(text, position)
    if (!next.isBlank) hasCode = true
    position = next.end
  }
  cut()
  return statements
}

interface Token {
  readonly end: number
  readonly isBlank: boolean
}

/** Where the string, comment, quoted body or single character that begins at `start` ends. */
function endOfToken(text: string, start: number): Token {
  const pair = text.slice(start, start + 2)
  if (pair === '--') return { end: endAfter(text, '\n', start + 2), isBlank: true }
  if (pair === '/*') return { end: endOfComment(text, start), isBlank: true }
  const character = text[start] ?? ''
  if (character === "'") return { end: endOfString(text, start), isBlank: false }
  if (character === '"') return { end: endAfter(text, '"', start + 1), isBlank: false }
  if (character === '$' && !/[A-Za-z0-9_$]/.test(text[start - 1] ?? '')) {
    const tag = /^\$(?:[A-Za-z_][A-Za-z0-9_]*)?\$/.exec(text.slice(start, start + 64))?.[0]
    if (tag !== undefined) return { end: endAfter(text, tag, start + tag.length), isBlank: false }
  }
  return { end: start + 1, isBlank: /\s/.test(character) }
}

function endAfter(text: string, mark: string, from: number): number {
  const found = text.indexOf(mark, from)
  return found === -1 ? text.length : found + mark.length
}

/** A doubled quote reads as two strings side by side, which ends in the same place; only E'…' knows a backslash. */
function endOfString(text: string, start: number): number {
  const escapes = /[Ee]/.test(text[start - 1] ?? '') && !/[A-Za-z0-9_]/.test(text[start - 2] ?? '')
  for (let position = start + 1; position < text.length; position += 1) {
    if (escapes && text[position] === '\\') position += 1
    else if (text[position] === "'") return position + 1
  }
  return text.length
}

function endOfComment(text: string, start: number): number {
  let depth = 0
  for (let position = start; position < text.length; position += 1) {
    const pair = text.slice(position, position + 2)
    if (pair === '/*') depth += 1
    if (pair === '*/') depth -= 1
    if (pair === '/*' || pair === '*/') position += 1
    if (depth === 0) return position + 1
  }
  return text.length
}
