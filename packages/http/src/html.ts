/** Markup whose every inserted value was escaped. */
export class Html {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

type Insert = string | number | bigint | Html | readonly Html[]

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Tag for markup: inserted text is escaped, inserted markup is not. Insert into text or into quoted attributes only. */
export function html(parts: TemplateStringsArray, ...inserts: readonly Insert[]): Html {
  return new Html(parts.map((part, index) => part + inserted(inserts[index] ?? '')).join(''))
}

function inserted(value: Insert): string {
  if (value instanceof Html) return value.text
  if (typeof value === 'string') return value.replaceAll(/[&<>"']/g, (char) => ESCAPES[char] ?? char)
  if (typeof value === 'number' || typeof value === 'bigint') return String(value)
  return value.map((one) => one.text).join('')
}
