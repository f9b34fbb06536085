import { statfs } from 'node:fs/promises'
import { ServerStartError } from '@huitong/pg'

/** What ends a start before it is ready, since commands wait for as long as the database takes them. */
export interface Patience {
  /** The folder whose disk is looked at when time is up. */
  readonly folder: string
  readonly millis: number
  /** Aborted when the program is asked to stop. */
  readonly stop: AbortSignal
}

/** The program was asked to stop while it was still starting. */
export class StartStopped extends Error {
  override readonly name = 'StartStopped'
}

const FREE_BYTES_MIN = 1024 * 1024

/**
 * Resolves with the work, or rejects: `StartStopped` when asked to stop, `ServerStartError` when time is up, or when the work failed on
 * a full disk, whatever it said of it.
 */
export async function within<T>(work: Promise<T>, { folder, millis, stop }: Patience): Promise<T> {
  const over = new AbortController()
  const ended = new Promise<'stopped' | 'late'>((resolve) => {
    const timer = setTimeout(() => resolve('late'), millis)
    over.signal.addEventListener('abort', () => clearTimeout(timer))
    if (stop.aborted) resolve('stopped')
    stop.addEventListener('abort', () => resolve('stopped'), { signal: over.signal })
  })
  const tried = work.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  )
  const first = await Promise.race([tried, ended])
  over.abort()
  if (first === 'stopped') throw new StartStopped('asked to stop while starting')
  if (first !== 'late' && 'value' in first) return first.value
  if (await isFull(folder)) throw new ServerStartError('disk_full', `The disk that holds ${folder} is full.`)
  if (first !== 'late') throw first.error
  throw new ServerStartError('start_failed', 'The database takes no commands; huitong.log in the data folder says why.')
}

async function isFull(folder: string): Promise<boolean> {
  const { bavail, bsize } = await statfs(folder)
  return bavail * bsize < FREE_BYTES_MIN
}
