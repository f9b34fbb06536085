import { askWithKey, type KeyedOptions } from './keyed-request.ts'
import { printLine } from './output.ts'

export interface FreezeOptions extends KeyedOptions {
  readonly cause: string
  readonly reference: string
  readonly amount?: string
  readonly currency: string
  readonly incoming?: boolean
  readonly expires?: string
}

/** `huitong ledger freeze`: through the running server, under a key that is shown as that of `post` is. */
export async function freezeAccount(account: string, options: FreezeOptions): Promise<void> {
  const { cause, reference, amount, currency, expires } = options
  const body = {
    ...{ cause, reference },
    ...(amount === undefined ? {} : { amount, currency }),
    ...(options.incoming === true ? { blocksIncoming: true } : {}),
    ...(expires === undefined ? {} : { expiresAt: expires }),
  }
  const answer = await askWithKey(options, `/v1/ledger/accounts/${encodeURIComponent(account)}/freezes`, body)
  if (!options.json) printLine(`Frozen: ${String(answer.id)}`)
}

/** `huitong ledger lift`. */
export async function liftFreeze(freeze: string, options: KeyedOptions): Promise<void> {
  const answer = await askWithKey(options, `/v1/ledger/freezes/${encodeURIComponent(freeze)}/lift`, {})
  if (!options.json) printLine(`Lifted: ${String(answer.id)}`)
}
