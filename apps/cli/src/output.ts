import Table from 'cli-table3'

export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`)
}

export function printLine(text: string): void {
  process.stdout.write(`${text}\n`)
}

export interface Column<Row> {
  readonly title: string
  readonly value: (row: Row) => string
  /** Amounts and counts stand to the right. */
  readonly right?: boolean
}

/** A plain table: no frames, so that it can be cut and pasted. */
export function printTable<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): void {
  const table = new Table({
    head: columns.map((column) => column.title),
    colAligns: columns.map((column) => (column.right === true ? 'right' : 'left')),
    chars: PLAIN,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 2 },
  })
  for (const row of rows) table.push(columns.map((column) => printable(column.value(row))))
  process.stdout.write(`${table.toString()}\n`)
}

/** One thing as lines of name and value; lists of things that it has stand below as tables. */
export function printFields(thing: object): void {
  const lists: [string, readonly object[]][] = []
  const lines: [string, string][] = []
  const add = (name: string, value: unknown): void => {
    if (Array.isArray(value) && value.some((item) => typeof item === 'object' && item !== null))
      lists.push([name, value])
    else if (Array.isArray(value)) lines.push([name, value.map(String).join(', ')])
    else if (typeof value === 'object' && value !== null)
      for (const [inner, held] of Object.entries(value)) add(`${name}.${inner}`, held)
    else lines.push([name, textOf(value)])
  }
  for (const [name, value] of Object.entries(thing)) add(name, value)
  const width = Math.max(0, ...lines.map(([name]) => name.length))
  for (const [name, value] of lines) printLine(`${name.padEnd(width)}  ${printable(value)}`.trimEnd())
  for (const [name, items] of lists) {
    printLine(`\n${name}`)
    printItems(items)
  }
}

/** Things of one form as a table, a column for each of their fields. */
export function printItems(items: readonly object[]): void {
  const rows = items.map(
    (item) => new Map(Object.entries(item).map(([name, value]): [string, string] => [name, textOf(value)])),
  )
  const names = [...new Set(rows.flatMap((row) => [...row.keys()]))]
  printTable(
    names.map((name) => ({ title: name, value: (row: ReadonlyMap<string, string>) => row.get(name) ?? '' })),
    rows,
  )
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return ''
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

/** Text from the database must not speak to the terminal. */
function printable(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, '?')
}

const PLAIN = {
  ...{ top: '', 'top-mid': '', 'top-left': '', 'top-right': '' },
  ...{ bottom: '', 'bottom-mid': '', 'bottom-left': '', 'bottom-right': '' },
  ...{ left: '', 'left-mid': '', mid: '', 'mid-mid': '', right: '', 'right-mid': '', middle: '' },
}
