import { randomUUID } from 'node:crypto'
import { CliError, EXIT } from './cli-error.ts'
import { printFields, printItems, printJson, printLine } from './output.ts'
import { findServer, problemText } from './running-server.ts'
import { type Fields, isFields, listed, type StaffOptions, toldProposal } from './staff-commands.ts'

/** Asks the running server for one thing and shows it. */
export async function showThing(options: StaffOptions, path: string): Promise<void> {
  const server = await findServer(options)
  const { status, fields } = await server.ask('GET', path)
  if (status !== 200) throw new CliError(EXIT.refused, problemText(fields, status))
  if (options.json === true) printJson(fields)
  else printFields(fields)
}

/** Asks for a list, page after page, and shows up to `limit` of it with the columns named. */
export async function showThings(
  options: StaffOptions & { readonly limit: number },
  path: string,
  columns: readonly string[],
): Promise<void> {
  const server = await findServer(options)
  const rows = await listed(server, path, options.limit)
  if (options.json === true) return printJson(rows)
  printItems(rows.map((row) => Object.fromEntries(columns.map((column) => [column, row[column]]))))
}

/** Asks for a list that comes as a whole, and shows it with the columns named. */
export async function showAll(options: StaffOptions, path: string, columns: readonly string[]): Promise<void> {
  const server = await findServer(options)
  const { status, fields } = await server.ask('GET', path)
  if (status !== 200) throw new CliError(EXIT.refused, problemText(fields, status))
  const rows = Array.isArray(fields.items) ? fields.items.filter(isFields) : []
  if (options.json === true) return printJson(rows)
  printItems(rows.map((row) => Object.fromEntries(columns.map((column) => [column, row[column]]))))
}

/** Asks for a change: done at once, or proposed to a second member of staff. */
export async function change(
  options: StaffOptions & { readonly key?: string },
  path: string,
  body: object,
  said: (answer: Fields) => string,
  method: 'post' | 'put' = 'post',
): Promise<void> {
  const server = await findServer(options)
  const answer = await server[method](path, body, { 'idempotency-key': options.key ?? randomUUID() })
  if (options.json === true) return printJson(answer)
  if (!toldProposal(answer)) printLine(said(answer))
}

/** A query of what was told. */
export function queryOf(filter: Readonly<Record<string, string | number | undefined>>): string {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(filter)) if (value !== undefined) query.set(name, String(value))
  const text = query.toString()
  return text === '' ? '' : `?${text}`
}
