import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { balanceOf, findTemplate, listTemplates } from '@huitong/ledger'
import { CliError, EXIT } from './cli-error.ts'
import { withReads } from './open-reads.ts'
import type { LedgerOptions } from './options.ts'
import { printJson, printLine, printTable } from './output.ts'
import { findServer } from './running-server.ts'

/** `huitong ledger template list` */
export async function listOfTemplates(options: LedgerOptions & { readonly limit: number }): Promise<void> {
  const found = await withReads(options.data, options.institution, (db) =>
    db.read((tx) => listTemplates(tx, '', options.limit)),
  )
  const lines = found.slice(0, options.limit).map(({ name, version, template }) => ({
    ...{ name, version, description: template.description, balance: String(balanceOf(template)) },
    parameters: [...template.parameters].map(([parameter, { type }]) => `${parameter} ${type}`),
  }))
  if (options.json) return printJson(lines)
  printTable(
    [
      { title: 'Template', value: (line) => line.name },
      { title: 'Version', value: (line) => String(line.version), right: true },
      { title: 'Balance', value: (line) => line.balance.replaceAll('_', ' ') },
      { title: 'Parameters', value: (line) => line.parameters.join(', ') },
      { title: 'Description', value: (line) => line.description },
    ],
    lines,
  )
  if (found.length > options.limit) printLine(`More than ${options.limit}; see --limit.`)
}

/** `huitong ledger template show NAME` */
export async function showTemplate(
  name: string,
  options: LedgerOptions & { readonly version?: number },
): Promise<void> {
  const found = await withReads(options.data, options.institution, (db) =>
    db.read((tx) => findTemplate(tx, name, options.version ?? null)),
  )
  if (found === undefined) throw new CliError(EXIT.refused, `There is no template ${name}.`)
  const definition: unknown = JSON.parse(found.definition)
  if (options.json) return printJson({ name, version: found.version, balance: balanceOf(found.template), definition })
  printLine(`${name}, version ${found.version}`)
  printJson(definition)
}

/** `huitong ledger template put NAME FILE` */
export async function putTemplate(name: string, file: string, options: LedgerOptions): Promise<void> {
  const text = await readFile(file, 'utf8').catch(() => {
    throw new CliError(EXIT.usage, `${file} cannot be read.`)
  })
  const definition = jsonOf(text, file)
  const server = await findServer(options)
  const answer = await server.put(`/v1/ledger/templates/${encodeURIComponent(name)}`, { definition })
  if (options.json) return printJson(answer)
  printLine(
    `Published ${name}, version ${String(answer.version)}; balance ${String(answer.balance).replaceAll('_', ' ')}.`,
  )
}

export interface RunOptions extends LedgerOptions {
  readonly dryRun?: boolean
  readonly version?: number
  readonly key?: string
}

/** `huitong ledger template run NAME PARAMETER=VALUE…`: posts, or with --dry-run says what would be posted. */
export async function runTemplate(name: string, words: readonly string[], options: RunOptions): Promise<void> {
  const body = { arguments: argumentsOf(words), ...(options.version === undefined ? {} : { version: options.version }) }
  const path = `/v1/ledger/templates/${encodeURIComponent(name)}`
  const server = await findServer(options)
  if (options.dryRun === true) {
    const trial = await server.post(`${path}/trials`, body)
    if (options.json) printJson(trial)
    else printTrial(trial)
    if (trial.would === 'refuse') throw new CliError(EXIT.refused, 'It would be refused; nothing was changed.')
    return
  }
  const key = options.key ?? randomUUID()
  if (!options.json) process.stderr.write(`Idempotency-Key: ${key}\n`)
  const answer = await server.post(`${path}/postings`, body, { 'idempotency-key': key })
  if (options.json) return printJson({ ...answer, idempotencyKey: key })
  printLine(`Posted ${name} in batch ${String(answer.batch)} as entry ${String(answer.entry)}.`)
}

function printTrial({ lines, refusal }: Readonly<Record<string, unknown>>): void {
  if (typeof refusal === 'object' && refusal !== null && 'detail' in refusal && 'code' in refusal) {
    printLine(`${String(refusal.detail)} (${String(refusal.code)})`)
    return
  }
  printTable(
    [
      { title: 'Side', value: (line) => line.side ?? '' },
      { title: 'Account', value: (line) => line.account ?? '' },
      { title: 'Amount', value: (line) => line.amount ?? '', right: true },
      { title: 'Currency', value: (line) => line.currency ?? '' },
    ],
    Array.isArray(lines)
      ? lines.map(
          (line): Readonly<Record<string, string>> =>
            Object.fromEntries(Object.entries(line).map(([field, value]) => [field, String(value)])),
        )
      : [],
  )
  printLine('Nothing was posted.')
}

function argumentsOf(words: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    words.map((word) => {
      const at = word.indexOf('=')
      if (at < 1) throw new CliError(EXIT.usage, `${word} is not of the form PARAMETER=VALUE.`)
      return [word.slice(0, at), word.slice(at + 1)]
    }),
  )
}

function jsonOf(text: string, file: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new CliError(EXIT.usage, `${file} is not JSON.`)
  }
}
