import { CliError, EXIT } from './cli-error.ts'
import { askWithKey, type KeyedOptions, printPosted, wasProposed } from './keyed-request.ts'
import { printFields, printLine } from './output.ts'

const ofAccount = (account: string, what: string): string =>
  `/v1/ledger/accounts/${encodeURIComponent(account)}/${what}`

/** `huitong ledger open`: an account of the institution's own. */
export async function openAccount(
  options: KeyedOptions & { readonly subject: string; readonly currency: string; readonly floor?: string },
): Promise<void> {
  const { subject, currency, floor } = options
  const answer = await askWithKey(options, '/v1/ledger/accounts', {
    ...{ subject, currency },
    ...(floor === undefined ? {} : { floor }),
  })
  if (!options.json) printLine(`Opened: ${String(answer.id)}`)
}

/** `huitong ledger state ACCOUNT open|frozen|closed` */
export async function setState(account: string, state: string, options: KeyedOptions): Promise<void> {
  const answer = await askWithKey(options, ofAccount(account, 'state'), { state })
  if (!options.json) printLine(`${String(answer.id)} is ${state}.`)
}

/** `huitong ledger posting-policy ACCOUNT immediate|summarised` */
export async function setPostingPolicy(account: string, policy: string, options: KeyedOptions): Promise<void> {
  const answer = await askWithKey(options, ofAccount(account, 'posting-policy'), { policy })
  if (!options.json) printLine(`${String(answer.id)} is posted to ${policy === 'immediate' ? 'at once' : 'in sums'}.`)
}

/** `huitong ledger deduct FREEZE`: a second person has to approve it. */
export async function deduct(
  freeze: string,
  options: KeyedOptions & { readonly to: string; readonly amount: string; readonly currency: string },
): Promise<void> {
  const { to, amount, currency } = options
  const path = `/v1/ledger/freezes/${encodeURIComponent(freeze)}/deductions`
  const answer = await askWithKey(options, path, { to, amount, currency })
  if (options.json || wasProposed(answer)) return
  printPosted(`Deducted ${amount} ${currency}`, answer)
}

export interface CorrectOptions extends KeyedOptions {
  readonly debit: string
  readonly credit: string
  readonly amount: string
  readonly currency: string
  readonly code: string
  readonly entry?: boolean
}

/** `huitong ledger correct TRANSFER`: takes it back and posts what it should have been, as one entry. */
export async function correct(wrong: string, options: CorrectOptions): Promise<void> {
  const { debit, credit, amount, currency, code, entry } = options
  const target = entry === true ? { entry: wrong } : { transfer: wrong }
  const legs = [{ debit, credit, amount, currency, code }]
  const answer = await askWithKey(options, '/v1/ledger/corrections', { ...target, legs })
  if (!options.json) printPosted('Corrected', answer)
}

/** `huitong ledger set-metadata ID KEY=VALUE… --remove KEY`: an account's can be changed, a transfer's only added to. */
export async function setMetadata(
  id: string,
  words: readonly string[],
  options: KeyedOptions & { readonly remove: readonly string[] },
): Promise<void> {
  const metadata: Record<string, string | null> = Object.fromEntries(options.remove.map((key) => [key, null]))
  for (const word of words) {
    const at = word.indexOf('=')
    if (at < 1) throw new CliError(EXIT.usage, `${word} is not of the form KEY=VALUE.`)
    metadata[word.slice(0, at)] = word.slice(at + 1)
  }
  const object = id.startsWith('acct_') ? 'accounts' : 'transfers'
  if (object === 'transfers' && options.remove.length > 0) {
    throw new CliError(EXIT.usage, 'What hangs on a transfer is never taken away.')
  }
  const answer = await askWithKey(options, `/v1/ledger/${object}/${encodeURIComponent(id)}/metadata`, { metadata })
  if (!options.json) printFields({ ...(typeof answer.metadata === 'object' ? answer.metadata : {}) })
}
