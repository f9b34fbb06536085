import { CliError, EXIT } from './cli-error.ts'
import { askWithKey, type KeyedOptions, printPosted } from './keyed-request.ts'

export interface ReverseOptions extends KeyedOptions {
  readonly amount?: string
  readonly currency: string
  readonly entry?: boolean
}

/** `huitong ledger reverse`: through the running server, under a key that is shown as that of `post` is. */
export async function reverseTransfer(transfer: string, options: ReverseOptions): Promise<void> {
  const { amount, currency } = options
  if (options.entry === true && amount !== undefined) {
    throw new CliError(EXIT.usage, 'An entry is taken back as a whole: --amount has no meaning with --entry.')
  }
  const body = options.entry ? { entry: transfer } : { transfer, ...(amount === undefined ? {} : { amount, currency }) }
  const answer = await askWithKey(options, '/v1/ledger/reversals', body)
  if (!options.json) printPosted('Taken back', answer)
}
