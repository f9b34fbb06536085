import { currencyCode, formatAmount, publicId } from '@huitong/kernel'
import { type AccountSet, listSets, type SetBalance, setBalances } from '@huitong/ledger'
import { withReads } from './open-reads.ts'
import type { LedgerOptions } from './options.ts'
import { printJson, printLine, printTable } from './output.ts'

/** `huitong ledger sets`: sets of accounts with what their members have together. */
export async function showSets(options: LedgerOptions & { readonly limit: number }): Promise<void> {
  const { limit } = options
  const found = await withReads(options.data, options.institution, (db) =>
    db.read(async (tx) => {
      const sets = await listSets(tx, 0, limit)
      return Promise.all(sets.map(async (set) => ({ set, balances: await setBalances(tx, set.id) })))
    }),
  )
  const lines = found.slice(0, limit).flatMap(({ set, balances }) => linesOf(set, balances))
  if (options.json) return printJson(lines)
  printTable(
    [
      { title: 'Set', value: (line) => line.id },
      { title: 'Name', value: (line) => line.name },
      { title: 'Below', value: (line) => line.below ?? '' },
      { title: 'Members', value: (line) => String(line.members), right: true },
      { title: 'Credit', value: (line) => line.credit, right: true },
      { title: 'Currency', value: (line) => line.currency },
    ],
    lines,
  )
  if (found.length > limit) printLine(`More than ${limit}; see --limit.`)
}

function linesOf(set: AccountSet, balances: readonly SetBalance[]) {
  const below = set.parent === null ? null : publicId('aset', set.parent)
  const own = { id: publicId('aset', set.id), name: set.name, below }
  if (balances.length === 0) return [{ ...own, members: 0, credit: '', currency: '' }]
  return balances.map(({ members, currency, creditsPosted, debitsPosted }) => {
    const known = currencyCode(currency)
    const minor = creditsPosted - debitsPosted
    return { ...own, members, currency, credit: known.ok ? formatAmount(minor, known.value) : String(minor) }
  })
}
