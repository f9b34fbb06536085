import type { Rate } from '../row.ts'
import type { Drained } from './drain.ts'
import { type CpuTimes, cpuBetween } from './process-cpu.ts'

/** What all rounds of one row came to. */
export class Tally {
  #seconds = 0
  readonly #latencies: number[] = []
  readonly #cpu: CpuTimes[] = []

  get seconds(): number {
    return this.#seconds
  }

  add({ seconds, latencies }: Drained, before: CpuTimes, after: CpuTimes): void {
    this.#seconds += seconds
    for (const latency of latencies) this.#latencies.push(latency)
    this.#cpu.push(cpuBetween(before, after))
  }

  rate(): Rate {
    const sorted = this.#latencies.toSorted((a, b) => a - b)
    const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
    return { perSecond: sorted.length / this.#seconds, p50Ms: at(0.5), p99Ms: at(0.99) }
  }

  /** CPU time that one request took, in µs, by who spent it; other processes of the machine do not count. */
  cpuMicros(): { readonly server_cpu_us: number; readonly postgres_cpu_us: number; readonly client_cpu_us: number } {
    const each = (part: keyof CpuTimes) =>
      Math.round(this.#cpu.reduce((sum, times) => sum + times[part], 0) / Math.max(1, this.#latencies.length))
    return { server_cpu_us: each('server'), postgres_cpu_us: each('postgres'), client_cpu_us: each('client') }
  }
}
