import { performance } from 'node:perf_hooks'

/** What a run of one row measured. Latencies are per command, from asking to the durable answer. */
export interface Measured {
  readonly perSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly done: number
  readonly refused: number
  /** Those that were answered in the second around one of the moments that were told, and the others. */
  readonly near: Latencies
  readonly elsewhere: Latencies
}

interface Latencies {
  readonly p99Ms: number
  readonly maxMs: number
}

/** One command; resolves to `refused` or to whatever it was done with. Anything else rejects. */
export type Ask = (client: number) => Promise<unknown>

/**
 * Closed loop: this many clients, each asking again as soon as it was answered. The first tenth of the time warms up and is not
 * counted. `moments` may be added while it runs.
 */
export async function drive(
  clients: number,
  seconds: number,
  ask: Ask,
  moments: readonly number[] = [],
): Promise<Measured> {
  const start = performance.now()
  const countFrom = start + seconds * 100
  const end = start + seconds * 1000
  const latencies: number[] = []
  const answers: number[] = []
  let done = 0
  let refused = 0

  async function client(index: number): Promise<void> {
    for (;;) {
      const asked = performance.now()
      if (asked >= end) return
      const verdict = await ask(index)
      const answered = performance.now()
      if (answered < countFrom || answered >= end) continue
      latencies.push(answered - asked)
      answers.push(answered)
      if (verdict === 'refused') refused += 1
      else done += 1
    }
  }

  await Promise.all(Array.from({ length: clients }, (_, index) => client(index)))
  // Before they are sorted: by place, each belongs to its answer.
  const isNear = (_: number, index: number) => moments.some((moment) => nearTo(moment, answers[index] ?? 0))
  const near = latencies.filter(isNear)
  const elsewhere = latencies.filter((latency, index) => !isNear(latency, index))
  latencies.sort((a, b) => a - b)
  const at = (share: number) => latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? 0
  return {
    ...{ perSecond: (done + refused) / (seconds * 0.9), p50Ms: at(0.5), p99Ms: at(0.99), done, refused },
    ...{ near: latenciesOf(near), elsewhere: latenciesOf(elsewhere) },
  }
}

/** The second around a moment. */
function nearTo(moment: number, answered: number): boolean {
  return Math.abs(answered - moment) < 500
}

function latenciesOf(unsorted: readonly number[]): Latencies {
  const sorted = unsorted.toSorted((a, b) => a - b)
  return { p99Ms: sorted[Math.floor(sorted.length * 0.99)] ?? 0, maxMs: sorted.at(-1) ?? 0 }
}
