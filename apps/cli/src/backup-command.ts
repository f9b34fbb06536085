import { existsSync } from 'node:fs'
import { cp, mkdir, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { isoToMicros, microsToIso } from '@huitong/kernel'
import { backup, findRunning, restore, startEmbedded } from '@huitong/pg'
import { CliError, EXIT } from './cli-error.ts'
import type { DataOptions } from './options.ts'
import { printLine } from './output.ts'

/** What stands beside PostgreSQL in a data folder and is worth as much: without the keys nobody can read people's data. */
const BESIDE = ['keys', 'heads', 'demo-clock.json'] as const
const BESIDE_FOLDER = 'huitong'

/** `huitong backup DIR` */
export async function takeBackup(directory: string, { data }: DataOptions): Promise<void> {
  refuseExternal()
  if (!existsSync(join(data, 'postgres')))
    throw new CliError(EXIT.usage, `There is no data in ${data}; name the folder with --data.`)
  const running = await findRunning(data)
  const own = running === undefined ? await startEmbedded({ dataDir: data }) : undefined
  const server = running ?? own
  if (server === undefined) throw new CliError(EXIT.unreachable, `No server could be started on ${data}.`)
  try {
    const manifest = await backup(server, directory)
    await copyBeside(data, join(resolve(directory), BESIDE_FOLDER))
    printLine(`Backed up to ${resolve(directory)}, complete at ${microsToIso(manifest.takenAtMicros)}.`)
    printLine('It holds the keys of the institution too: keep it as safe as the data folder.')
  } finally {
    await own?.stop()
  }
}

/** `huitong restore DIR [--to TIME]` */
export async function restoreBackup(
  directory: string,
  { data, to }: DataOptions & { readonly to?: string },
): Promise<void> {
  refuseExternal()
  const time = to === undefined ? undefined : isoToMicros(to)
  if (time !== undefined && !time.ok)
    throw new CliError(EXIT.usage, `--to must be a time such as 2026-11-22T08:30:00Z, not ${to}.`)
  await restore(directory, data, time === undefined ? {} : { to: time.value })
  await copyBeside(join(resolve(directory), BESIDE_FOLDER), data)
  printLine(
    `Restored to ${data}${to === undefined ? '' : ` as of ${to}`}. Check it with: huitong ledger verify --data ${data}`,
  )
}

async function copyBeside(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true, mode: 0o700 })
  for (const name of BESIDE) {
    await rm(join(to, name), { recursive: true, force: true })
    if (existsSync(join(from, name)))
      await cp(join(from, name), join(to, name), { recursive: true, preserveTimestamps: true })
  }
}

function refuseExternal(): void {
  if ((process.env.DATABASE_URL ?? '') === '') return
  throw new CliError(EXIT.usage, 'DATABASE_URL names a PostgreSQL of your own: back it up with its own tools.')
}
