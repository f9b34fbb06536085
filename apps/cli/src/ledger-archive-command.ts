import { existsSync } from 'node:fs'
import { type Archives, archiveTransfers, openArchives, restoreArchive } from '@huitong/ledger'
import { CliError, EXIT } from './cli-error.ts'
import { withOwner } from './open-database.ts'
import type { LedgerOptions } from './options.ts'
import { printJson, printLine } from './output.ts'

/** `huitong ledger archive --before DAY --to DIR` */
export async function archiveJournal(
  options: LedgerOptions & { readonly before: string; readonly to: string },
): Promise<void> {
  const { data, institution, before, to } = options
  const done = await withOwner(data, institution, (sql) => archiveTransfers(sql, institution, before, to))
  const stretches = done.map(({ first, end, transfers, file }) => ({
    firstBatch: first,
    endBatch: end,
    transfers,
    file,
  }))
  if (options.json) return printJson(stretches)
  for (const { firstBatch, endBatch, transfers, file } of stretches) {
    printLine(`Batches ${firstBatch} to ${endBatch - 1}: ${transfers} transfers are in ${file} now.`)
  }
  if (stretches.length === 0) printLine(`No partition of the journal ended before ${before}; nothing was moved.`)
  else printLine('Keep the files: ledger verify needs them, with --archive.')
}

/** `huitong ledger restore-archive DIR`: every stretch that is archived and has its file there. */
export async function restoreJournal(directory: string, { data, institution, json }: LedgerOptions): Promise<void> {
  const archives = await archivesIn(directory, institution)
  const restored: { readonly firstBatch: number; readonly endBatch: number; readonly transfers: number }[] = []
  for (const manifest of archives.manifests) {
    const back = await withOwner(data, institution, (sql) => restoreArchive(sql, archives, manifest))
    if (!back.ok) throw new CliError(EXIT.refused, back.error)
    restored.push({ firstBatch: manifest.first, endBatch: manifest.end, transfers: back.value })
  }
  if (json) return printJson(restored)
  for (const { firstBatch, endBatch, transfers } of restored) {
    printLine(`Batches ${firstBatch} to ${endBatch - 1}: ${transfers} transfers are in the journal again.`)
  }
  if (restored.length === 0) printLine(`There is no archive of ${institution} in ${directory}.`)
}

export async function archivesIn(directory: string, institution: string): Promise<Archives> {
  if (!existsSync(directory)) throw new CliError(EXIT.usage, `There is no folder ${directory}.`)
  const archives = await openArchives(directory, institution)
  if (!archives.ok) throw new CliError(EXIT.usage, archives.error)
  return archives.value
}
