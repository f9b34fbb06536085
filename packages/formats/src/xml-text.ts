import { invariant } from '@huitong/kernel'

/** An element as a value: its name, its attributes, and text or elements in it. */
export interface XmlElement {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly content: string | readonly XmlElement[]
}

/** `undefined` among the children is left out, so that optional elements need no branches. */
export function xml(
  name: string,
  content: string | readonly (XmlElement | undefined)[],
  attributes: Readonly<Record<string, string>> = {},
): XmlElement {
  const kept = typeof content === 'string' ? content : content.filter((child) => child !== undefined)
  return { name, attributes, content: kept }
}

/** The document as text, in UTF-8 once encoded. */
export function xmlText(root: XmlElement): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${written(root)}\n`
}

function written({ name, attributes, content }: XmlElement): string {
  invariant(/^[A-Za-z_][A-Za-z0-9_.:-]*$/.test(name), `not a name of XML: ${name}`)
  const start = Object.entries(attributes).map(([key, value]) => ` ${key}="${escaped(value)}"`)
  const inside = typeof content === 'string' ? escaped(content) : content.map(written).join('')
  return `<${name}${start.join('')}>${inside}</${name}>`
}

/**
 * XML 1.0 has no form at all for most control characters, so text with one was let in by mistake. Line ends and tabs are written as
 * references, since parsers change them in attributes.
 */
function escaped(text: string): string {
  invariant(text.isWellFormed() && !FORBIDDEN.test(text), 'text has a character that XML cannot carry')
  return text.replace(/[&<>"'\t\n\r]/g, (char) => `&#${char.charCodeAt(0)};`)
}

const FORBIDDEN = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u
