import { readFileSync } from 'node:fs'
import { XmlDocument, XsdValidator } from 'libxml2-wasm'

const FOLDER = new URL('../xsd/', import.meta.url)
const compiled = new Map<string, XsdValidator>()

/**
 * The compiled schema of a message such as "pacs.008.001.08". Compiled when it is first asked for (some 40 ms each) and kept: a program
 * that answers others asks for its messages while it starts.
 */
export function schemaOf(message: string): XsdValidator {
  const kept = compiled.get(message)
  if (kept !== undefined) return kept
  const source = XmlDocument.fromBuffer(readFileSync(new URL(`${message}.xsd`, FOLDER)))
  try {
    const schema = XsdValidator.fromDoc(source)
    compiled.set(message, schema)
    return schema
  } finally {
    source.dispose()
  }
}
