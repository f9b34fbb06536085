import { publicId } from '@huitong/kernel'
import { findSet, readHead, readSetBody, setMembers } from '@huitong/ledger'
import { askWithKey, type KeyedOptions } from './keyed-request.ts'
import { idOf, type ListOptions, showList, showOne } from './ledger-read.ts'
import type { LedgerOptions } from './options.ts'
import { printLine } from './output.ts'

/** `huitong ledger set create NAME` */
export async function createSet(name: string, options: KeyedOptions & { readonly parent?: string }): Promise<void> {
  const parent = options.parent === undefined ? {} : { parent: options.parent }
  const answer = await askWithKey(options, '/v1/ledger/sets', { name, ...parent })
  if (!options.json) printLine(`Made: ${String(answer.id)}`)
}

/** `huitong ledger set add SET ACCOUNT` */
export function addToSet(set: string, account: string, options: KeyedOptions): Promise<void> {
  return change(set, 'members', account, options)
}

/** `huitong ledger set remove SET ACCOUNT` */
export function removeFromSet(set: string, account: string, options: KeyedOptions): Promise<void> {
  return change(set, 'removals', account, options)
}

async function change(set: string, what: string, account: string, options: KeyedOptions): Promise<void> {
  const answer = await askWithKey(options, `/v1/ledger/sets/${encodeURIComponent(set)}/${what}`, { account })
  if (!options.json) printLine(`Changed: ${String(answer.id)}`)
}

/** `huitong ledger set show SET` */
export async function showSet(set: string, options: LedgerOptions): Promise<void> {
  const id = idOf('aset', set)
  await showOne(options, `set ${set}`, (tx) => readSetBody(tx, id))
}

/** `huitong ledger set members SET`: itself or through sets below it. */
export async function showMembers(set: string, options: ListOptions): Promise<void> {
  const id = idOf('aset', set)
  await showList(options, `set ${set}`, async (tx) => {
    if ((await findSet(tx, id)) === undefined) return undefined
    const { number } = await readHead(tx)
    const members = await setMembers(tx, id, number, 0, options.limit)
    return members.map((account) => ({ account: publicId('acct', account) }))
  })
}
