import { currencyCode, formatAmount } from '@huitong/kernel'
import { CliError, EXIT } from './cli-error.ts'
import type { LedgerOptions } from './options.ts'
import { printJson, printTable } from './output.ts'
import { findServer, problemText } from './running-server.ts'

interface Line {
  readonly currency: string
  readonly total: string
  readonly count: string
  readonly batch: string
  readonly root: string
}

/** `huitong ledger liabilities`: states and signs what is owed now, through the running server, which has the key. */
export async function showLiabilities(options: LedgerOptions): Promise<void> {
  const server = await findServer(options)
  const { status, fields } = await server.ask('POST', '/v1/ledger/liabilities', {})
  if (status !== 200) throw new CliError(EXIT.refused, problemText(fields, status))
  if (options.json) return printJson(fields.items)
  printTable(
    [
      { title: 'Currency', value: (line) => line.currency },
      { title: 'Owed', value: (line) => line.total, right: true },
      { title: 'Accounts', value: (line) => line.count, right: true },
      { title: 'Batch', value: (line) => line.batch, right: true },
      { title: 'Root', value: (line) => line.root },
    ],
    Array.isArray(fields.items) ? fields.items.map(lineOf) : [],
  )
}

function lineOf(item: unknown): Line {
  const fields = new Map(typeof item === 'object' && item !== null ? Object.entries(item) : [])
  const text = (name: string): string => String(fields.get(name) ?? '')
  const currency = currencyCode(text('currency'))
  const total = currency.ok ? formatAmount(BigInt(text('totalMinor')), currency.value) : text('totalMinor')
  return { currency: text('currency'), total, count: text('count'), batch: text('batch'), root: text('root') }
}
