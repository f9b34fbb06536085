import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Answer, HttpConnection } from './http-connection.ts'

type Send = (request: Buffer) => Promise<Answer>

/** One or several requests, the next sent when the last was answered. Throws on any answer but the hoped for one. */
export type Job = (send: Send) => Promise<void>

export interface Drained {
  readonly seconds: number
  /** Of each request, in ms. */
  readonly latencies: readonly number[]
}

/**
 * Closed loop: every connection takes the next job as soon as it is done with one. With `perSecond` jobs are due at even
 * times instead, and a job that had to wait for a connection has waited: its first request's latency counts from when it was due.
 */
export async function drain(
  connections: readonly HttpConnection[],
  jobs: readonly Job[],
  perSecond?: number,
): Promise<Drained> {
  const latencies: number[] = []
  const start = performance.now()
  let next = 0

  async function work(connection: HttpConnection): Promise<void> {
    for (;;) {
      const index = next
      next += 1
      const job = jobs[index]
      if (job === undefined) return
      let began = performance.now()
      if (perSecond !== undefined) {
        const due = start + (index * 1000) / perSecond
        if (due > began) await sleep(due - began)
        began = due
      }
      await job(async (request) => {
        const answer = await connection.send(request)
        const answered = performance.now()
        latencies.push(answered - began)
        began = answered
        return answer
      })
    }
  }

  await Promise.all(connections.map(work))
  return { seconds: (performance.now() - start) / 1000, latencies }
}
