import { listDays, readSettings, readTie, stateOfDay, tieLineText } from '@huitong/ledger'
import { InvalidArgumentError } from 'commander'
import { EXIT } from './cli-error.ts'
import { askWithKey, type KeyedOptions } from './keyed-request.ts'
import { withReads } from './open-reads.ts'
import type { LedgerOptions } from './options.ts'
import { printJson, printLine, printTable } from './output.ts'
import { findServer } from './running-server.ts'

export function yearOption(text: string): number {
  if (!/^\d{4}$/.test(text)) throw new InvalidArgumentError('Write a year as 2026.')
  return Number(text)
}

/** `huitong ledger days` */
export async function showDays(options: LedgerOptions & { readonly limit: number }): Promise<void> {
  const days = await withReads(options.data, options.institution, (db) =>
    db.read(async (tx) => {
      const { finalThrough } = await readSettings(tx)
      const closed = await listDays(tx, null, options.limit)
      return closed.map((day) => ({ ...day, state: stateOfDay(day, finalThrough) }))
    }),
  )
  if (options.json) {
    return printJson(
      days.map(({ day, state, nextDay, closedBatch, closedBy, tiedBatch }) => ({
        ...{ day, state, nextDay, closedBatch, closedBy, tiedBatch },
      })),
    )
  }
  printTable(
    [
      { title: 'Day', value: ({ day }) => day },
      { title: 'State', value: ({ state }) => state },
      { title: 'Last batch', value: ({ closedBatch }) => String(closedBatch), right: true },
      { title: 'Closed by', value: ({ closedBy }) => closedBy ?? '' },
      { title: 'Tied as of', value: ({ tiedBatch }) => (tiedBatch === null ? '' : String(tiedBatch)), right: true },
    ],
    days,
  )
}

/** `huitong ledger tie`; the exit code says whether it holds. */
export async function showTie(options: LedgerOptions): Promise<number> {
  const { batch, lines, differences } = await withReads(options.data, options.institution, (db) => db.read(readTie))
  if (options.json) {
    printJson({
      batch,
      subjects: lines.length,
      tied: differences.length === 0,
      differences: differences.map(tieLineText),
    })
  } else {
    for (const line of differences) printLine(tieLineText(line))
    const verdict =
      differences.length === 0 ? 'Accounts add up to their subjects' : 'Accounts do NOT add up to their subjects'
    printLine(`${verdict} (${lines.length}) as of batch ${batch}.`)
  }
  return differences.length === 0 ? 0 : EXIT.refused
}

/** `huitong ledger close-day`: through the running server, under a key that is shown as that of `post` is. */
export async function closeDay(options: KeyedOptions & { readonly next?: string }): Promise<void> {
  const body = options.next === undefined ? {} : { next: options.next }
  const answer = await askWithKey(options, '/v1/ledger/days/close', body)
  if (!options.json) printLine(`Closed with batch ${String(answer.batch)}; it is ${String(answer.next)} now.`)
}

/** `huitong ledger finalize-days` */
export async function finalizeDays(through: string, options: KeyedOptions): Promise<void> {
  const answer = await askWithKey(options, '/v1/ledger/days/finalize', { through })
  if (!options.json) printLine(`Final up to ${String(answer.through)}.`)
}

/** `huitong ledger close-year`: may be repeated, so it needs no key. */
export async function closeYear(year: number, options: LedgerOptions & { readonly reopen?: boolean }): Promise<void> {
  const server = await findServer(options)
  const state = options.reopen === true ? 'open' : 'closed'
  const answer = await server.put(`/v1/ledger/years/${year}`, { state })
  if (options.json) return printJson(answer)
  const done = state === 'open' ? 'entries were taken back' : 'accounts were carried into retained earnings'
  printLine(`${year} is ${state}: ${String(answer.count)} ${done}.`)
}
