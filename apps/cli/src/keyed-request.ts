import { randomUUID } from 'node:crypto'
import type { LedgerOptions } from './options.ts'
import { printJson, printLine } from './output.ts'
import { findServer } from './running-server.ts'

export interface KeyedOptions extends LedgerOptions {
  readonly key?: string
}

type Answer = Readonly<Record<string, unknown>>

/** Asks the running server for a change, under a key that is shown first, so that it can be given again when the answer is lost. */
export async function askWithKey(options: KeyedOptions, path: string, body: object): Promise<Answer> {
  const key = options.key ?? randomUUID()
  if (!options.json) process.stderr.write(`Idempotency-Key: ${key}\n`)
  const server = await findServer(options)
  const answer = await server.post(path, body, { 'idempotency-key': key })
  if (options.json) printJson({ ...answer, idempotencyKey: key })
  return answer
}

/** What was done, with the batch and the transfers that did it. */
export function printPosted(done: string, { batch, transfers }: Answer): void {
  const ids = Array.isArray(transfers) ? transfers.map(String).join(', ') : ''
  printLine(`${done} in batch ${String(batch)}: ${ids}`)
}

/** What takes four eyes is only proposed by the first pair of them; tells so. */
export function wasProposed({ id }: Answer): boolean {
  if (typeof id !== 'string' || !id.startsWith('appr_')) return false
  printLine(`Proposed as ${id}: another member of staff must approve it under /v1/approvals.`)
  return true
}
