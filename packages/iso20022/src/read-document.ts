import { err, ok, type Result } from '@huitong/kernel'
import { ParseOption, XmlDocument, XmlLibError } from 'libxml2-wasm'
import { type IsoFault, isoFault } from './iso-fault.ts'
import { schemaOf } from './schema-shelf.ts'
import { type XmlTree, xmlTree } from './xml-tree.ts'

/** A document that holds by its schema. */
export interface IsoDocument {
  /** Such as "pacs.008.001.08". */
  readonly message: string
  /** The element in `Document`. */
  readonly body: XmlTree
}

const NAMESPACE = /^urn:iso:std:iso:20022:tech:xsd:([a-z]{4}\.\d{3}\.\d{3}\.\d{2})$/
const DECLARED_ENCODING = /^<\?xml[^>]*?encoding=["']([^"']+)["']/
// Takes a byte order mark off.
const UTF8 = new TextDecoder('utf-8', { fatal: true })
// Nothing is fetched, no entity is put in, CDATA is text.
const OPTIONS = ParseOption.XML_PARSE_NONET | ParseOption.XML_PARSE_NOCDATA

/**
 * Reads one message from its bytes: UTF-8 only, no document type, well-formed, of a message that `speaks` knows, and right by that
 * message's schema. Parser and validator are libxml2's, which also hands out the values, so that two parsers never disagree.
 */
export function readDocument(
  bytes: Uint8Array,
  { maxBytes, speaks }: { readonly maxBytes: number; readonly speaks: (message: string) => boolean },
): Result<IsoDocument, IsoFault> {
  if (bytes.length > maxBytes) return err(isoFault('too_large', '', `longer than ${maxBytes} bytes`))
  const text = decoded(bytes)
  if (text === undefined) return err(isoFault('not_utf8'))
  // Looked for before anything is parsed: an entity is expanded while its document is read.
  if (text.includes('<!DOCTYPE')) return err(isoFault('doctype'))
  const declared = DECLARED_ENCODING.exec(text)?.[1]
  if (declared !== undefined && declared.toUpperCase() !== 'UTF-8')
    return err(isoFault('not_utf8', '', `declared as ${declared}`))
  const document = parsed(text)
  if (typeof document === 'string') return err(isoFault('not_well_formed', '', document))
  try {
    return validated(document, speaks)
  } finally {
    document.dispose()
  }
}

function decoded(bytes: Uint8Array): string | undefined {
  try {
    return UTF8.decode(bytes)
  } catch {
    return undefined
  }
}

function parsed(text: string): XmlDocument | string {
  try {
    return XmlDocument.fromString(text, { option: OPTIONS })
  } catch (error) {
    if (error instanceof XmlLibError) return error.message.trim()
    throw error
  }
}

function validated(document: XmlDocument, speaks: (message: string) => boolean): Result<IsoDocument, IsoFault> {
  if (document.dtd !== null) return err(isoFault('doctype'))
  const { root } = document
  const message = NAMESPACE.exec(root.namespaceUri)?.[1]
  if (message === undefined || root.name !== 'Document') return err(isoFault('not_iso20022'))
  if (!speaks(message)) return err(isoFault('unknown_message', '', `${message} is not spoken here`))
  try {
    schemaOf(message).validate(document)
  } catch (error) {
    if (error instanceof XmlLibError) return err(isoFault('schema', '', withoutNamespaces(error.message)))
    throw error
  }
  const tree = xmlTree(root)
  if (!tree.ok) return tree
  const [body] = tree.value.children
  return body === undefined ? err(isoFault('not_iso20022')) : ok({ message, body })
}

function withoutNamespaces(message: string): string {
  return message.replace(/\{urn:iso:std:iso:20022:tech:xsd:[^}]*\}/g, '').trim()
}
