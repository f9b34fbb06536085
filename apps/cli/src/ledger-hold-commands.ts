import { pendingHoldBodies, readHoldBody } from '@huitong/ledger'
import { askWithKey, type KeyedOptions, printPosted } from './keyed-request.ts'
import { idOf, type ListOptions, showList, showOne } from './ledger-read.ts'
import type { LedgerOptions } from './options.ts'
import { printLine } from './output.ts'

export interface HoldOptions extends KeyedOptions {
  readonly debit: string
  readonly credit: string
  readonly amount: string
  readonly currency: string
  readonly code: string
  readonly expires?: string
}

/** `huitong ledger hold create`: promises an amount between two of the institution's own accounts. */
export async function createHold(options: HoldOptions): Promise<void> {
  const { debit, credit, amount, currency, code, expires } = options
  const expiry = expires === undefined ? {} : { expiresAt: expires }
  await postLeg(
    { type: 'hold', debit, credit, amount, currency, code, ...expiry },
    options,
    `Promised ${amount} ${currency}`,
  )
}

type AmountOptions = KeyedOptions & { readonly currency: string }

/** `huitong ledger hold capture HOLD AMOUNT`; what is left is given back unless it is to stay. */
export async function captureHold(
  hold: string,
  amount: string,
  options: AmountOptions & { readonly keepRest?: boolean },
): Promise<void> {
  const { currency, keepRest = false } = options
  await postLeg(
    { type: 'capture', hold, amount, currency, final: !keepRest },
    options,
    `Captured ${amount} ${currency}`,
  )
}

/** `huitong ledger hold increase HOLD AMOUNT` */
export async function increaseHold(hold: string, amount: string, options: AmountOptions): Promise<void> {
  const { currency } = options
  await postLeg({ type: 'increase', hold, amount, currency }, options, `Increased by ${amount} ${currency}`)
}

/** `huitong ledger hold void HOLD` */
export async function voidHold(hold: string, options: KeyedOptions): Promise<void> {
  await postLeg({ type: 'void', hold }, options, 'Given back')
}

/** `huitong ledger hold extend HOLD TIME` */
export async function extendHold(hold: string, expiresAt: string, options: KeyedOptions): Promise<void> {
  const answer = await askWithKey(options, `/v1/ledger/holds/${encodeURIComponent(hold)}/expiry`, { expiresAt })
  if (!options.json) printLine(`Extended: ${String(answer.id)}`)
}

/** `huitong ledger hold show HOLD` */
export async function showHold(hold: string, options: LedgerOptions): Promise<void> {
  const id = idOf('tran', hold)
  await showOne(options, `hold ${hold}`, (tx) => readHoldBody(tx, id))
}

/** `huitong ledger hold list ACCOUNT`: what is promised out of an account. */
export async function listHolds(account: string, options: ListOptions): Promise<void> {
  const id = idOf('acct', account)
  await showList(options, `account ${account}`, (tx) => pendingHoldBodies(tx, id, 0, options.limit))
}

async function postLeg(leg: object, options: KeyedOptions, done: string): Promise<void> {
  const answer = await askWithKey(options, '/v1/ledger/postings', { legs: [leg] })
  if (!options.json) printPosted(done, answer)
}
