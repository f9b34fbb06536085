import type { Lane } from './command.ts'
import type { Job } from './job.ts'

/** Two bounded lanes. Interactive work goes first; bulk work (income, import, expiry) fills what is left of a batch. */
export class JobQueue {
  readonly #limits: Readonly<Record<Lane, number>>
  #interactive: Job[] = []
  #bulk: Job[] = []

  constructor(limits: Readonly<Record<Lane, number>>) {
    this.#limits = limits
  }

  get size(): number {
    return this.#interactive.length + this.#bulk.length
  }

  sizeOf(lane: Lane): number {
    return lane === 'interactive' ? this.#interactive.length : this.#bulk.length
  }

  /** False when the lane is full; nothing was queued then. */
  offer(job: Job, lane: Lane): boolean {
    const queue = lane === 'interactive' ? this.#interactive : this.#bulk
    if (queue.length >= this.#limits[lane]) return false
    queue.push(job)
    return true
  }

  takeInteractive(most: number): Job[] {
    const taken = this.#interactive.length <= most ? this.#interactive : this.#interactive.slice(0, most)
    this.#interactive = taken === this.#interactive ? [] : this.#interactive.slice(most)
    return taken
  }

  takeBulk(most: number): Job[] {
    const taken = this.#bulk.slice(0, most)
    this.#bulk = this.#bulk.slice(most)
    return taken
  }

  /** Puts jobs back ahead of all others, also bulk ones: they have waited already, and a batch's order must not change. */
  putBack(jobs: readonly Job[]): void {
    this.#interactive = [...jobs, ...this.#interactive]
  }

  takeAll(): Job[] {
    const all = [...this.#interactive, ...this.#bulk]
    this.#interactive = []
    this.#bulk = []
    return all
  }
}
