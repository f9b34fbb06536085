import { Worker } from 'node:worker_threads'
import type { LinkDesk } from './link-desk.ts'

type Task<Name extends keyof LinkDesk> = {
  readonly id: number
  readonly name: Name
  readonly order: Parameters<LinkDesk[Name]>[0]
}
/** What the thread is asked. */
export type DeskTask = { [Name in keyof LinkDesk]: Task<Name> }[keyof LinkDesk]
/** What it answers. */
export type DeskReply =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly fault: string }

export interface LinkThread {
  readonly desk: LinkDesk
  stop(): Promise<void>
}

interface Waiting {
  // Each answer belongs to the question that waits for it, which is where its type is known.
  // biome-ignore lint/suspicious/noExplicitAny: see above
  readonly resolve: (value: any) => void
  readonly reject: (error: Error) => void
}

/**
 * One thread for all links of the program, started by the first message. When it dies, what it was at fails, which to a link is an attempt
 * that failed, and the next message starts another.
 */
export function startLinkThread(): LinkThread {
  const waiting = new Map<number, Waiting>()
  let worker: Worker | undefined
  let last = 0

  function started(): Worker {
    if (worker !== undefined) return worker
    const made = new Worker(new URL('./link-worker.ts', import.meta.url))
    made.unref()
    made.on('message', (reply: DeskReply) => {
      const asked = waiting.get(reply.id)
      waiting.delete(reply.id)
      if ('fault' in reply) asked?.reject(new Error(reply.fault))
      else asked?.resolve(reply.value)
    })
    const gone = (error: Error): void => {
      if (worker === made) worker = undefined
      const lost = [...waiting.values()]
      waiting.clear()
      for (const { reject } of lost) reject(error)
    }
    made.on('error', gone)
    made.on('exit', () => gone(new Error('the thread of links ended')))
    worker = made
    return made
  }

  function ask<Name extends keyof LinkDesk>(name: Name) {
    return (order: Parameters<LinkDesk[Name]>[0]): ReturnType<LinkDesk[Name]> => {
      last += 1
      const id = last
      const answer = new Promise((resolve, reject) => {
        waiting.set(id, { resolve, reject })
        started().postMessage({ id, name, order })
      })
      // biome-ignore lint/suspicious/noExplicitAny: the thread answers what the function of this name answers
      return answer as any
    }
  }

  return {
    desk: { write: ask('write'), read: ask('read'), answer: ask('answer'), check: ask('check') },
    stop: async () => {
      await worker?.terminate()
    },
  }
}
