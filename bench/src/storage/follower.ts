// The follower of the packed shape: turns records into history, outcome and outbox rows on a thread and connection of its own.

import { parentPort, Worker, workerData } from 'node:worker_threads'
import postgres from 'postgres'
import { outboxRows, outcomeRows, transferRows } from './encode.ts'
import { unpackTransfers } from './write-packed.ts'
import { copy } from './write-rows.ts'

interface Handed {
  readonly number: bigint
  readonly record: Uint8Array
}

export interface Follower {
  readonly hand: (number: bigint, record: Buffer) => void
  /** The last batch whose rows are committed. */
  readonly followed: () => bigint
  readonly close: () => Promise<void>
}

export function startFollower(socketFolder: string, database: string, from: bigint): Follower {
  const worker = new Worker(new URL(import.meta.url), { workerData: { storageFollower: true, socketFolder, database } })
  let followed = from
  worker.on('message', (number: bigint) => {
    followed = number
  })
  return {
    hand: (number, record) => {
      const shared = new SharedArrayBuffer(record.length)
      const bytes = new Uint8Array(shared)
      bytes.set(record)
      worker.postMessage({ number, record: bytes })
    },
    followed: () => followed,
    close: async () => {
      await worker.terminate()
    },
  }
}

async function follow(socketFolder: string, database: string): Promise<void> {
  const sql = postgres({ host: socketFolder, user: 'postgres', database, max: 1 })
  const queue: Handed[] = []
  let wake = () => {}
  parentPort?.on('message', (handed: Handed) => {
    queue.push(handed)
    wake()
  })
  const nothing = Buffer.alloc(0)
  for (;;) {
    const handed = queue.shift()
    if (handed === undefined) {
      await new Promise<void>((resolve) => {
        wake = resolve
      })
      continue
    }
    const record = Buffer.from(handed.record)
    const batch = {
      number: handed.number,
      transfers: unpackTransfers(record),
      leaves: nothing,
      previous: nothing,
      root: nothing,
      hash: nothing,
    }
    sql`begin`.execute()
    await copy(sql, 'copy ledger_transfers from stdin (format binary)', await transferRows(batch, false))
    await copy(sql, 'copy committer_outcomes from stdin (format binary)', await outcomeRows(batch, 'text'))
    await copy(sql, 'copy committer_outbox from stdin (format binary)', await outboxRows(batch, 'jsonb'))
    // What a follower writes can be built again, so its own commits need not wait for the disk.
    await Promise.all([sql`set local synchronous_commit = off`, sql`commit`])
    parentPort?.postMessage(handed.number)
  }
}

const start: unknown = workerData
if (
  typeof start === 'object' &&
  start !== null &&
  'storageFollower' in start &&
  'socketFolder' in start &&
  'database' in start
) {
  await follow(String(start.socketFolder), String(start.database))
}
