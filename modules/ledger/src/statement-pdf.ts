import { Worker } from 'node:worker_threads'
import { invariant } from '@huitong/kernel'
import type { AccountStatement } from './account-statement.ts'

/**
 * Draws the statement in a thread of its own: the font's eight megabytes and the work of drawing neither hold up the thread of all
 * payments nor stay in its memory.
 */
export function statementPdf(statement: AccountStatement): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./statement-pdf-worker.ts', import.meta.url), { workerData: statement })
    worker.once('message', (bytes: unknown) => {
      invariant(bytes instanceof Uint8Array, 'the thread sends the bytes of the document')
      resolve(bytes)
    })
    worker.once('error', reject)
    worker.once('exit', (code) => reject(new Error(`the thread that draws statements ended with ${code}`)))
  })
}
