import { type XmlElement, xml, xmlText } from '@huitong/formats'
import { err, ok, type Result } from '@huitong/kernel'
import { type IsoFault, isoFault } from './iso-fault.ts'
import type { RecordForm } from './record.ts'
import type { XmlTree } from './xml-tree.ts'

/** A message of one version: its name, the element that holds it, what it carries and what must hold beyond its schema. */
export interface MessageForm<V> {
  /** Such as "pacs.008.001.08". */
  readonly message: string
  readonly bodyName: string
  readonly form: RecordForm<V>
  /** The first rule that the value breaks by itself, without looking at anything else. */
  readonly check: (value: V) => IsoFault | undefined
}

/** Reads a body that holds by its schema. */
export function readBody<V>(form: MessageForm<V>, body: XmlTree): Result<V, IsoFault> {
  if (body.name !== form.bodyName) return err(isoFault('schema', body.name))
  const read = form.form.read(body)
  if (!read.ok) return read
  const broken = form.check(read.value)
  return broken === undefined ? ok(read.value) : err(broken)
}

/** The message as the bytes that are signed and sent. What is written breaks no rule of its own; its schema is the receiver's to check. */
export function writeMessage<V>(form: MessageForm<V>, value: V): Uint8Array {
  const body: XmlElement = xml(form.bodyName, form.form.write(value))
  const namespace = `urn:iso:std:iso:20022:tech:xsd:${form.message}`
  return Buffer.from(xmlText(xml('Document', [body], { xmlns: namespace })), 'utf8')
}
