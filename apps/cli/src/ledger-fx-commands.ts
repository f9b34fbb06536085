import { positionBodies } from '@huitong/ledger'
import { CliError, EXIT } from './cli-error.ts'
import { askWithKey, type KeyedOptions } from './keyed-request.ts'
import { showList } from './ledger-read.ts'
import type { LedgerOptions } from './options.ts'
import { printLine } from './output.ts'

export interface ExchangeOptions extends KeyedOptions {
  readonly sell: string
  readonly sellCurrency: string
  readonly sellAmount?: string
  readonly buy: string
  readonly buyCurrency: string
  readonly buyAmount?: string
  readonly base: string
  readonly midRate: string
  readonly appliedRate?: string
  readonly spreadBps?: string
  readonly spread?: string
  readonly rounding: string
  readonly postSpread?: boolean
}

/** `huitong ledger fx exchange`: the amount of one side is told, the other follows from the rate. */
export async function exchange(options: ExchangeOptions): Promise<void> {
  const { base, midRate, appliedRate, spreadBps, spread, rounding, postSpread } = options
  const told = (name: string, value: string | undefined) => (value === undefined ? {} : { [name]: value })
  const answer = await askWithKey(options, '/v1/ledger/fx/exchanges', {
    sell: { account: options.sell, currency: options.sellCurrency, ...told('amount', options.sellAmount) },
    buy: { account: options.buy, currency: options.buyCurrency, ...told('amount', options.buyAmount) },
    ...{ base, midRate, rounding },
    ...{ ...told('appliedRate', appliedRate), ...told('spreadBps', spreadBps), ...told('spread', spread) },
    ...(postSpread === undefined ? {} : { postSpread }),
  })
  if (options.json) return
  const { sold, bought, appliedRate: rate, entry, batch } = answer
  printLine(
    `Sold ${String(sold)} ${options.sellCurrency} for ${String(bought)} ${options.buyCurrency} at ${String(rate)} in batch ${String(batch)}, entry ${String(entry)}.`,
  )
}

/** `huitong ledger fx positions` */
export async function showPositions(options: LedgerOptions): Promise<void> {
  await showList({ ...options, limit: Number.MAX_SAFE_INTEGER }, 'position', (tx) => positionBodies(tx))
}

export interface RevalueOptions extends KeyedOptions {
  readonly base: string
  readonly rate: readonly string[]
  readonly rounding: string
}

/** `huitong ledger fx revalue`: values the positions at rates and posts the gain or the loss. */
export async function revalue(options: RevalueOptions): Promise<void> {
  const { base, rounding } = options
  const rates = options.rate.map((text) => {
    const [, currency = '', rate = ''] = /^([^=]+)=(.+)$/.exec(text) ?? []
    if (currency === '') throw new CliError(EXIT.usage, `${text} is not of the form CURRENCY=RATE.`)
    return { currency, rate }
  })
  const answer = await askWithKey(options, '/v1/ledger/fx/revaluations', { base, rates, rounding })
  if (options.json) return
  const { gain, entry, batch } = answer
  printLine(
    entry === null
      ? 'Nothing was to be posted.'
      : `Gain ${String(gain)} ${base} in batch ${String(batch)}, entry ${String(entry)}.`,
  )
}
