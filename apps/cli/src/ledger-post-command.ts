import { askWithKey, type KeyedOptions, printPosted, wasProposed } from './keyed-request.ts'

export interface PostOptions extends KeyedOptions {
  readonly debit: string
  readonly credit: string
  readonly amount: string
  readonly currency: string
  readonly code: string
  readonly effectiveOn?: string
  readonly anyAccount?: boolean
}

/** `huitong ledger post`: one transfer between the institution's own accounts, or between any with the approval of a second person. */
export async function postTransfer(options: PostOptions): Promise<void> {
  const { debit, credit, amount, currency, code, effectiveOn, anyAccount } = options
  const day = effectiveOn === undefined ? {} : { effectiveOn }
  const legs = [{ type: 'transfer', debit, credit, amount, currency, code, ...day }]
  const path = anyAccount === true ? '/v1/ledger/approved-postings' : '/v1/ledger/postings'
  const answer = await askWithKey(options, path, { legs })
  if (options.json || wasProposed(answer)) return
  printPosted(`Posted ${amount} ${currency} from ${credit} to ${debit}`, answer)
}
