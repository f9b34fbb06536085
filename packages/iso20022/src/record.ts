import { type XmlElement, xml } from '@huitong/formats'
import { err, invariant, ok, type Result } from '@huitong/kernel'
import type { Field } from './field.ts'
import { type IsoFault, isoFault } from './iso-fault.ts'
import { at, type XmlTree } from './xml-tree.ts'

/** Fields by their names in the program, in the order in which the schema wants their elements. */
type Fields = Readonly<Record<string, Field<unknown>>>

type TypeOf<F> = F extends Field<infer T> ? T : never
type OptionalName<F> = { [K in keyof F]: undefined extends TypeOf<F[K]> ? K : never }[keyof F]

/** What a group with these fields holds. */
export type ValueOf<F> = { readonly [K in Exclude<keyof F, OptionalName<F>>]: TypeOf<F[K]> } & {
  readonly [K in OptionalName<F>]?: TypeOf<F[K]>
}

/**
 * A group of elements, described once for both directions, since a reader and a writer written apart come to disagree. Elements that no
 * field names are not read; the bytes of the message, which are kept, still have them.
 */
export interface RecordForm<V> {
  read(tree: XmlTree, path?: string): Result<V, IsoFault>
  write(value: V): readonly XmlElement[]
}

export function recordForm<F extends Fields>(fields: F): RecordForm<ValueOf<F>> {
  const entries = Object.entries(fields)
  return {
    read(tree, path = '') {
      const value: Record<string, unknown> = {}
      for (const [name, field] of entries) {
        const where = `${path}${path === '' ? '' : '/'}${field.path.join('/')}`
        const [first, ...others] = elementsAt(tree, field.path)
        if (first === undefined) {
          if (!field.optional) return err(isoFault('missing', where))
          continue
        }
        const read = field.read([first, ...others], where)
        if (!read.ok) return read
        value[name] = read.value
      }
      invariant(isWhole(value, fields), 'a field that was read is not there')
      return ok(value)
    },
    write(value) {
      const root: Branch = { name: '', inside: [] }
      for (const [name, field] of entries) {
        const held = new Map<string, unknown>(Object.entries(value)).get(name)
        if (held === undefined) continue
        const parent = branchAt(root, field.path.slice(0, -1))
        parent.inside.push(...field.write(held, field.path.at(-1) ?? ''))
      }
      return root.inside.map(asElement)
    },
  }
}

/** Each name holds what its own field read, so only what is absent is left to look at. */
function isWhole<F extends Fields>(value: Readonly<Record<string, unknown>>, fields: F): value is ValueOf<F> {
  return Object.entries(fields).every(([name, field]) => field.optional || name in value)
}

/** A group that repeats, in each element of this path; at least once. */
export function list<V>(path: string, form: RecordForm<V>): Field<readonly V[]> {
  return {
    path: path.split('/'),
    optional: false,
    read(elements, where) {
      const values: V[] = []
      for (const [index, element] of elements.entries()) {
        const read = form.read(element, elements.length === 1 ? where : `${where}[${index + 1}]`)
        if (!read.ok) return read
        values.push(read.value)
      }
      return ok(values)
    },
    write: (values, name) => values.map((value) => xml(name, form.write(value))),
  }
}

function elementsAt(tree: XmlTree, path: readonly string[]): readonly XmlTree[] {
  const name = path.at(-1)
  return at(tree, path.slice(0, -1))?.children.filter((child) => child.name === name) ?? []
}

/** An element while fields are still put into it. */
interface Branch {
  readonly name: string
  readonly inside: (Branch | XmlElement)[]
}

/** The element at a path; neighbours with the same beginning share it. */
function branchAt(root: Branch, path: readonly string[]): Branch {
  let branch = root
  for (const name of path) {
    const last = branch.inside.at(-1)
    if (last !== undefined && 'inside' in last && last.name === name) branch = last
    else {
      const next: Branch = { name, inside: [] }
      branch.inside.push(next)
      branch = next
    }
  }
  return branch
}

function asElement(part: Branch | XmlElement): XmlElement {
  return 'inside' in part ? xml(part.name, part.inside.map(asElement)) : part
}

/** What a form reads and writes. */
export type FormValue<F> = F extends RecordForm<infer V> ? V : never
