import { rm } from 'node:fs/promises'
import type { DataFolder } from './data-folder.ts'
import { writePrivateFile } from './data-folder.ts'

/** How programs of the same user on this machine find the running server and may speak to it as its operator. */
export interface ServerFile {
  readonly pid: number
  readonly url: string
  /** A bearer token that is good while this process runs. */
  readonly token: string
  /** Every institution that is up, the first one included, with a token for each. */
  readonly institutions: readonly {
    readonly schema: string
    readonly name: string
    readonly kind: string
    readonly url: string
    readonly token: string
  }[]
}

export async function writeServerFile(folder: DataFolder, file: ServerFile): Promise<void> {
  await writePrivateFile(folder.serverFile, `${JSON.stringify(file, null, 2)}\n`)
}

export async function removeServerFile(folder: DataFolder): Promise<void> {
  await rm(folder.serverFile, { force: true })
}
