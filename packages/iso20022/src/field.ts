import { type XmlElement, xml } from '@huitong/formats'
import { err, ok, type Result } from '@huitong/kernel'
import { type IsoFault, isoFault } from './iso-fault.ts'
import type { XmlTree } from './xml-tree.ts'

/** One value of a message: where it stands, and how it is read from there and written there. */
export interface Field<T> {
  /** Element names from the body on; the last one holds the value. */
  readonly path: readonly string[]
  /** Whether `undefined` is a value, that is, the element may be absent. */
  readonly optional: boolean
  /** `elements` are those at the path, at least one; `where` is the path as text. */
  read(elements: readonly [XmlTree, ...XmlTree[]], where: string): Result<T, IsoFault>
  /** The elements, of that name, that hold the value. Not called for a value that is absent. */
  write(value: T, name: string): readonly XmlElement[]
}

/** A value in one element. */
export function leaf<T>(
  path: string,
  codec: { read(element: XmlTree, where: string): Result<T, IsoFault>; write(value: T, name: string): XmlElement },
): Field<T> {
  return {
    path: path.split('/'),
    optional: false,
    read: ([element], where) => codec.read(element, where),
    write: (value, name) => [codec.write(value, name)],
  }
}

export function optional<T>(field: Field<T>): Field<T | undefined> {
  const { path, read, write } = field
  return { path, optional: true, read, write: (value, name) => (value === undefined ? [] : write(value, name)) }
}

/** Text as it stands, within the bounds of the schema. */
export function text(path: string): Field<string> {
  return leaf(path, { read: (element) => ok(element.text), write: (value, name) => xml(name, value) })
}

/** One of a few words. */
export function word<const W extends string>(path: string, words: readonly W[]): Field<W> {
  return leaf(path, {
    read(element, where) {
      const found = words.find((known) => known === element.text)
      if (found !== undefined) return ok(found)
      return err(isoFault('unknown_code', where, `"${element.text}" is none of ${words.join(', ')}`))
    },
    write: (value, name) => xml(name, value),
  })
}

/** An element whose content is always the same. */
export function constant(path: string, content: string): Field<true> {
  return leaf(path, { read: () => ok(true), write: (_, name) => xml(name, content) })
}

/** A whole number, not negative. */
export function count(path: string): Field<number> {
  return leaf(path, {
    read(element, where) {
      const value = Number(element.text)
      return Number.isSafeInteger(value) && value >= 0
        ? ok(value)
        : err(isoFault('wrong_count', where, `"${element.text}" is no count`))
    },
    write: (value, name) => xml(name, String(value)),
  })
}

export function yesOrNo(path: string): Field<boolean> {
  return leaf(path, {
    read: (element) => ok(element.text.trim() === 'true' || element.text.trim() === '1'),
    write: (value, name) => xml(name, String(value)),
  })
}
