import { open, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Micros } from '@huitong/kernel'
import { BackupError } from './backup-error.ts'

export const manifestFile = 'backup.json'

/** What a backup says about itself. It is written last, so a folder with it is a whole backup. */
export interface BackupManifest {
  readonly format: 1
  readonly postgresVersion: string
  /** Names the cluster, so that the log of another one that took its place is not replayed. */
  readonly systemIdentifier: string
  /** First and last piece of log that make the copied files consistent. */
  readonly firstSegment: string
  readonly lastSegment: string
  /** When the copy was complete; the earliest time to restore to. */
  readonly takenAtMicros: Micros
  /** Where the server's own files were, and with them the log since. */
  readonly sourceFolder: string
}

export async function readManifest(directory: string): Promise<BackupManifest> {
  const text = await readFile(join(directory, manifestFile), 'utf8').catch(() => '')
  const found: unknown = text === '' ? undefined : parse(text)
  if (!isManifest(found)) {
    throw new BackupError(
      'not_a_backup',
      `The folder ${directory} holds no complete backup: ${manifestFile} is missing or damaged.`,
    )
  }
  return found
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function isManifest(value: unknown): value is BackupManifest {
  if (typeof value !== 'object' || value === null) return false
  const texts = ['postgresVersion', 'systemIdentifier', 'firstSegment', 'lastSegment', 'sourceFolder']
  const fields = new Map<string, unknown>(Object.entries(value))
  return (
    fields.get('format') === 1 &&
    Number.isSafeInteger(fields.get('takenAtMicros')) &&
    texts.every((name) => typeof fields.get(name) === 'string')
  )
}

/** The number that initdb gave the cluster: the first eight bytes of its control file. */
export async function readSystemIdentifier(clusterFolder: string): Promise<string> {
  const file = await open(join(clusterFolder, 'global', 'pg_control'), 'r')
  try {
    const { buffer } = await file.read(Buffer.alloc(8), 0, 8, 0)
    return String(buffer.readBigUInt64LE(0))
  } finally {
    await file.close()
  }
}
