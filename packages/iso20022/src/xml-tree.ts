import { err, ok, type Result } from '@huitong/kernel'
import { XmlCData, XmlElement, XmlText } from 'libxml2-wasm'
import { type IsoFault, isoFault } from './iso-fault.ts'

/** An element of a message that was read, without the whitespace between elements. */
export interface XmlTree {
  readonly name: string
  readonly attributes: ReadonlyMap<string, string>
  /** What stands in it when it has no elements in it. */
  readonly text: string
  readonly children: readonly XmlTree[]
}

/**
 * Copies an element out of the parser's memory. A comment between elements is left out; one inside a value is refused, since readers
 * disagree about what the value then is ("128" or "128.50"), and money must not depend on that.
 */
export function xmlTree(element: XmlElement, path = ''): Result<XmlTree, IsoFault> {
  const children: XmlTree[] = []
  let text = ''
  let interrupted = false
  for (let node = element.firstChild; node !== null; node = node.next) {
    if (node instanceof XmlElement) {
      const child = xmlTree(node, path === '' ? node.name : `${path}/${node.name}`)
      if (!child.ok) return child
      children.push(child.value)
    } else if (node instanceof XmlText || node instanceof XmlCData) text += node.content
    else interrupted = true
  }
  if (children.length === 0 && interrupted && text.trim() !== '') return err(isoFault('mixed_text', path))
  const attributes = new Map(element.attrs.map((attribute) => [attribute.name, attribute.value]))
  return ok({ name: element.name, attributes, text: children.length === 0 ? text : '', children })
}

/** The first element at a path from here. */
export function at(tree: XmlTree, path: readonly string[]): XmlTree | undefined {
  let found: XmlTree | undefined = tree
  for (const name of path) found = found?.children.find((child) => child.name === name)
  return found
}
