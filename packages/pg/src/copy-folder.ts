import { constants } from 'node:fs'
import { copyFile, lchown, mkdir, open, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { syncFolder } from './owned-file.ts'
import { errorCode } from './server-error.ts'
import type { SystemUser } from './unprivileged-user.ts'

/** Empty or not there. */
export async function isVacant(folder: string): Promise<boolean> {
  try {
    return (await readdir(folder)).length === 0
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return true
    throw error
  }
}

/** Copies one file durably. False when the source has vanished, as files of a living server do. */
export async function copyDurably(from: string, to: string, user?: SystemUser): Promise<boolean> {
  try {
    await copyFile(from, to, constants.COPYFILE_FICLONE)
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false
    throw error
  }
  if (user !== undefined) await lchown(to, user.uid, user.gid)
  const file = await open(to, 'r+')
  try {
    await file.sync()
  } finally {
    await file.close()
  }
  return true
}

/**
 * Copies a folder with everything below it for which `wanted` says yes; it is asked with paths relative to the folder. Files
 * that vanish on the way are left out.
 */
export async function copyFolder(
  from: string,
  to: string,
  wanted: (path: string) => boolean,
  user?: SystemUser,
  below = '',
): Promise<void> {
  const target = join(to, below)
  await mkdir(target, { recursive: true, mode: 0o700 })
  if (user !== undefined) await lchown(target, user.uid, user.gid)
  const entries = await readdir(join(from, below), { withFileTypes: true }).catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return []
    throw error
  })
  for (const entry of entries) {
    const path = join(below, entry.name)
    if (!wanted(path)) continue
    if (entry.isDirectory()) await copyFolder(from, to, wanted, user, path)
    else if (entry.isFile()) await copyDurably(join(from, path), join(to, path), user)
  }
  await syncFolder(target)
}
