import { randomBytes } from 'node:crypto'
import { chown, type FileHandle, open, rename, rm } from 'node:fs/promises'
import type { SystemUser } from './unprivileged-user.ts'

/**
 * Writes a whole file for `user`, mode 600, replacing an old one in one step. The new file is made under a name that
 * must not exist, so that a link planted in a folder of that user cannot lead root's pen elsewhere.
 */
export async function writeOwnedFile(path: string, text: string, user: SystemUser | undefined): Promise<void> {
  const temporary = `${path}.${randomBytes(6).toString('hex')}`
  const file = await open(temporary, 'wx', 0o600)
  try {
    await fill(file, text, user)
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
}

async function fill(file: FileHandle, text: string, user: SystemUser | undefined): Promise<void> {
  try {
    await file.writeFile(text)
    if (user !== undefined) await file.chown(user.uid, user.gid)
    await file.sync()
  } finally {
    await file.close()
  }
}

/** Gives a folder to `user`; nothing to do when we run PostgreSQL as ourselves. */
export async function giveFolder(path: string, user: SystemUser | undefined): Promise<void> {
  if (user !== undefined) await chown(path, user.uid, user.gid)
}

/** Makes the names in a folder durable. Some systems cannot open a folder; they keep names by themselves. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r').catch(() => undefined)
  if (folder === undefined) return
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}
