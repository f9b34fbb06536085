import { isoToMicros, localDate } from '@huitong/kernel'
import {
  accountBody,
  createAccountHistory,
  datedAccountBody,
  findAccount,
  freezeBodiesOf,
  headBody,
  readBufferBody,
  readHead,
  readReversalBody,
  readTransferBody,
  yearBodies,
} from '@huitong/ledger'
import { CliError, EXIT } from './cli-error.ts'
import { idOf, type ListOptions, showList, showOne } from './ledger-read.ts'
import { withReads } from './open-reads.ts'
import type { LedgerOptions } from './options.ts'
import { printFields, printJson } from './output.ts'
import { findServer, problemText } from './running-server.ts'

export interface AccountOptions extends LedgerOptions {
  readonly asOf?: string
  readonly asOfBatch?: number
  readonly asOfDay?: string
}

/** `huitong ledger account ID`: as it is, or as it was as of a time, batch or accounting day. */
export async function showAccount(account: string, options: AccountOptions): Promise<void> {
  const id = idOf('acct', account)
  const wanted = wantedOf(options)
  if (wanted === undefined) {
    return showOne(options, `account ${account}`, async (tx) => {
      const view = await findAccount(tx, id)
      return view === undefined ? undefined : accountBody(view)
    })
  }
  const body = await withReads(options.data, options.institution, async (db) => {
    const history = createAccountHistory(db)
    const point = await history.point(wanted)
    if (point === undefined) throw new CliError(EXIT.refused, 'The journal has no such batch.')
    const found = await history.find(point, id)
    return found === undefined ? undefined : datedAccountBody(found, point)
  })
  if (body === undefined) throw new CliError(EXIT.refused, `There was no account ${account} then.`)
  if (options.json) printJson(body)
  else printFields(body)
}

function wantedOf({ asOf, asOfBatch, asOfDay }: AccountOptions) {
  if ([asOf, asOfBatch, asOfDay].filter((told) => told !== undefined).length > 1) {
    throw new CliError(EXIT.usage, 'Give one of --as-of, --as-of-batch and --as-of-day.')
  }
  if (asOfBatch !== undefined) return { batch: asOfBatch }
  if (asOfDay !== undefined) {
    const day = localDate(asOfDay)
    if (!day.ok) throw new CliError(EXIT.usage, 'Days are written as 2026-11-22.')
    return { day: day.value }
  }
  if (asOf === undefined) return undefined
  const time = isoToMicros(asOf)
  if (!time.ok) throw new CliError(EXIT.usage, 'Times are written as 2026-11-22T08:30:00Z.')
  return { at: time.value }
}

/** `huitong ledger transfer ID` */
export async function showTransfer(transfer: string, options: LedgerOptions): Promise<void> {
  const id = idOf('tran', transfer)
  await showOne(options, `transfer ${transfer}`, (tx) => readTransferBody(tx, id))
}

/** `huitong ledger reversal ID`: how much of a transfer was taken back. */
export async function showReversal(transfer: string, options: LedgerOptions): Promise<void> {
  const id = idOf('tran', transfer)
  await showOne(options, `transfer ${transfer}`, (tx) => readReversalBody(tx, id))
}

/** `huitong ledger freezes ACCOUNT`: ended ones too. */
export async function showFreezes(account: string, options: ListOptions): Promise<void> {
  const id = idOf('acct', account)
  await showList(options, `account ${account}`, (tx) => freezeBodiesOf(tx, id, 0, options.limit))
}

/** `huitong ledger buffer ACCOUNT`: what waits for the close of the day. */
export async function showBuffer(account: string, options: LedgerOptions): Promise<void> {
  const id = idOf('acct', account)
  await showOne(options, `account ${account}`, (tx) => readBufferBody(tx, id))
}

/** `huitong ledger years` */
export async function showYears(options: LedgerOptions): Promise<void> {
  await showList({ ...options, limit: Number.MAX_SAFE_INTEGER }, 'year', yearBodies)
}

/** `huitong ledger head`: the end of the journal. */
export async function showHead(options: LedgerOptions): Promise<void> {
  await showOne(options, 'journal', async (tx) => headBody(await readHead(tx)))
}

/** `huitong ledger checkpoint`: what the running server says of the checkpoints that it writes. */
export async function showCheckpoint(options: LedgerOptions): Promise<void> {
  const server = await findServer(options)
  const { status, fields } = await server.ask('GET', '/v1/ledger/checkpoint')
  if (status !== 200) throw new CliError(EXIT.refused, problemText(fields, status))
  if (options.json) printJson(fields)
  else printFields(fields)
}
