import { askWithKey, type KeyedOptions } from './keyed-request.ts'
import { printLine } from './output.ts'

/** `huitong ledger credit-limit`: a floor below zero by so much; 0 takes the credit line away. */
export function setCreditLimit(account: string, limit: string, options: KeyedOptions): Promise<void> {
  return change(account, 'credit-limit', { limit }, options)
}

/** `huitong ledger ceiling`: without an amount the bound is taken away. */
export function setCeiling(account: string, ceiling: string | undefined, options: KeyedOptions): Promise<void> {
  return change(account, 'ceiling', { ceiling: ceiling ?? null }, options)
}

/** `huitong ledger floor`, of the institution's own accounts: without an amount the floor is taken away. */
export function setFloor(account: string, floor: string | undefined, options: KeyedOptions): Promise<void> {
  return change(account, 'floor', { floor: floor ?? null }, options)
}

/** `huitong ledger reopen`. */
export function reopenAccount(account: string, options: KeyedOptions & { readonly reason: string }): Promise<void> {
  return change(account, 'reopen', { reason: options.reason }, options)
}

async function change(account: string, what: string, body: object, options: KeyedOptions): Promise<void> {
  const answer = await askWithKey(options, `/v1/ledger/accounts/${encodeURIComponent(account)}/${what}`, body)
  if (!options.json) printLine(`Changed: ${String(answer.id)}`)
}
