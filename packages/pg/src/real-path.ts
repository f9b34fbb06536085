import { realpath } from 'node:fs/promises'
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path'
import { errorCode } from './server-error.ts'

/** The path without symbolic links, also of a folder that is not there yet: then the links are those of the folders above it. */
export async function realPath(path: string): Promise<string> {
  const absolute = resolve(path)
  try {
    return await realpath(absolute)
  } catch (error) {
    if (errorCode(error) !== 'ENOENT' || dirname(absolute) === absolute) throw error
    return join(await realPath(dirname(absolute)), basename(absolute))
  }
}

/** Whether a folder is another one or lies below it. Both are real paths. */
export function isWithin(folder: string, other: string): boolean {
  const way = relative(other, folder)
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way)
}
