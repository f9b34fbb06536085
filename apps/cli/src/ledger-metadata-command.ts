import { publicId } from '@huitong/kernel'
import { findMetadata, METADATA_KEY, metadataHistoryBodies, searchMetadata } from '@huitong/ledger'
import { CliError, EXIT } from './cli-error.ts'
import { idOf, type ListOptions, showList } from './ledger-read.ts'
import { withReads } from './open-reads.ts'
import type { LedgerOptions } from './options.ts'
import { printJson, printLine, printTable } from './output.ts'

const PREFIXES = { account: 'acct', transfer: 'tran' } as const

/** `huitong ledger metadata ID`: what hangs on an account or transfer, or what was set when. */
export async function showMetadata(
  idText: string,
  options: ListOptions & { readonly history?: boolean },
): Promise<void> {
  const object = idText.startsWith(`${PREFIXES.account}_`) ? 'account' : 'transfer'
  const id = idOf(PREFIXES[object], idText)
  if (options.history === true) {
    return showList(options, `${object} ${idText}`, (tx) =>
      metadataHistoryBodies(tx, object, id, undefined, options.limit),
    )
  }
  const metadata = await withReads(options.data, options.institution, (db) =>
    db.read((tx) => findMetadata(tx, object, id)),
  )
  if (metadata === undefined) throw new CliError(EXIT.refused, `There is no ${object} ${idText}.`)
  if (options.json) return printJson(Object.fromEntries(metadata))
  if (metadata.size === 0) return printLine('Nothing hangs on it.')
  printTable(
    [
      { title: 'Key', value: ([key]) => key },
      { title: 'Value', value: ([, value]) => value },
    ],
    [...metadata],
  )
}

export interface FindOptions extends LedgerOptions {
  readonly of: 'account' | 'transfer'
  readonly value?: string
  readonly prefix?: string
  readonly limit: number
}

/** `huitong ledger find KEY`: accounts or transfers that have the key, exactly the value, or one that begins so. */
export async function findByMetadata(key: string, options: FindOptions): Promise<void> {
  const { of, value, prefix, limit } = options
  if (!METADATA_KEY.test(key)) throw new CliError(EXIT.usage, `${key} cannot be a key of metadata.`)
  if (value !== undefined && prefix !== undefined) throw new CliError(EXIT.usage, 'Give --value or --prefix, not both.')
  const hits = await withReads(options.data, options.institution, (db) =>
    db.read((tx) =>
      searchMetadata(tx, {
        ...{ object: of, key, limit },
        ...(value === undefined ? {} : { value }),
        ...(prefix === undefined ? {} : { prefix }),
      }),
    ),
  )
  const shown = hits.slice(0, limit).map((hit) => ({ id: publicId(PREFIXES[of], hit.id), value: hit.value }))
  if (options.json) return printJson(shown)
  printTable(
    [
      { title: of === 'account' ? 'Account' : 'Transfer', value: (hit) => hit.id },
      { title: key, value: (hit) => hit.value },
    ],
    shown,
  )
  if (hits.length > limit) printLine(`More than ${limit}; see --limit.`)
}
