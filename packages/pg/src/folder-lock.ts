import { createHash } from 'node:crypto'
import { rm, stat } from 'node:fs/promises'
import { createConnection, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { DataFolderInUse, errorCode } from './server-error.ts'

/** Holds a folder until released; the operating system releases it when the process ends in whatever way. */
export interface FolderLock {
  release(): Promise<void>
}

/**
 * The lock is a listening socket named after the folder's device and inode, so two paths to one folder are one lock. A
 * pid file would outlive `kill -9`; Node has no flock. On Linux the name is abstract: the kernel forgets it with the
 * process. Elsewhere it is a file in the temporary folder that a later start removes when nobody answers on it; PostgreSQL's
 * own postmaster.pid is the second guard there. The holder answers with its pid, for the message.
 */
export async function lockFolder(folder: string): Promise<FolderLock> {
  const { dev, ino } = await stat(folder, { bigint: true })
  const name = createHash('sha256').update(`${dev}:${ino}`).digest('hex').slice(0, 24)
  const address = process.platform === 'linux' ? `\0huitong-folder-${name}` : join(tmpdir(), `huitong-${name}.lock`)
  const startedAt = performance.now()
  for (;;) {
    try {
      const server = await listen(address)
      return { release: () => close(server) }
    } catch (error) {
      if (errorCode(error) !== 'EADDRINUSE') throw error
      const holder = await askHolder(address)
      if (typeof holder === 'number') throw new DataFolderInUse(folder, holder)
      // One that was killed a moment ago may still be on its way out, and answers nothing.
      if (performance.now() - startedAt > patienceMillis) throw new DataFolderInUse(folder, undefined)
      if (holder === 'nobody' && process.platform !== 'linux') await rm(address, { force: true })
      await sleep(25)
    }
  }
}

const patienceMillis = 3000

function listen(address: string): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined)
      socket.end(String(process.pid))
    })
    server.once('error', reject)
    server.listen({ path: address }, () => {
      server.unref()
      resolve(server)
    })
  })
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()))
}

/** The holder's pid, undefined when it holds but does not say, `nobody` when no process listens. */
function askHolder(address: string): Promise<number | undefined | 'nobody'> {
  return new Promise((resolve) => {
    let said = ''
    const socket = createConnection({ path: address })
    socket.setTimeout(1000, () => {
      socket.destroy()
      resolve(undefined)
    })
    socket.on('data', (chunk) => {
      said += chunk.toString('latin1')
    })
    socket.on('end', () => resolve(/^\d+$/.test(said) ? Number(said) : undefined))
    socket.on('error', (error) => resolve(errorCode(error) === 'ECONNREFUSED' ? 'nobody' : undefined))
  })
}
