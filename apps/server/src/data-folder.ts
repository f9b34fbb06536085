import { randomBytes } from 'node:crypto'
import { chmod, mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { errorCode } from '@huitong/pg'

/** The files of ours in the data folder; PostgreSQL's stand in `postgres/` beside them. */
export interface DataFolder {
  readonly path: string
  readonly demoFile: string
  readonly serverFile: string
  readonly logFile: string
  readonly clockFile: string
  readonly checkpoints: string
  keyFile(name: string): string
  headsFile(schema: string): string
}

export async function openDataFolder(path: string): Promise<DataFolder> {
  const folders = [path, join(path, 'keys'), join(path, 'heads')]
  for (const folder of folders) await mkdir(folder, { recursive: true, mode: 0o700 })
  await chmod(join(path, 'keys'), 0o700)
  return {
    path,
    demoFile: join(path, 'demo.json'),
    serverFile: join(path, 'server.json'),
    logFile: join(path, 'huitong.log'),
    clockFile: join(path, 'demo-clock.json'),
    checkpoints: join(path, 'checkpoints'),
    keyFile: (name) => join(path, 'keys', name),
    headsFile: (schema) => join(path, 'heads', `${schema}.jsonl`),
  }
}

/** Writes a whole file that only we may read, in one step: readers see the old one or the new one. */
export async function writePrivateFile(path: string, text: string): Promise<void> {
  const draft = join(dirname(path), `.${randomBytes(6).toString('hex')}.draft`)
  try {
    const file = await open(draft, 'wx', 0o600)
    try {
      await file.writeFile(text)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(draft, path)
  } catch (error) {
    await rm(draft, { force: true })
    throw error
  }
}

/** The text of a file, or undefined when there is none. */
export async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined
    throw error
  }
}

/** The text of a file; made and kept when there is none. */
export async function readOrMake(path: string, make: () => string | Promise<string>): Promise<string> {
  const found = await readIfThere(path)
  if (found !== undefined) return found
  const text = await make()
  await writePrivateFile(path, text)
  return text
}
