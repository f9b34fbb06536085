import type { CommitterConnection, CommitterOptions } from './committer-options.ts'
import type { OutcomeIndex } from './outcome-index.ts'

/** Until a failed attempt to store keys is made again. */
const AGAIN_MICROS = 10_000_000

/** Does the index's work over a connection of its own, beside the batches: what it does nobody waits for. */
export class OutcomeIndexer {
  readonly #index: OutcomeIndex
  readonly #options: Pick<CommitterOptions, 'connect' | 'clock' | 'log'>
  #working: Promise<void> | undefined
  #againAt = 0

  constructor(index: OutcomeIndex, options: Pick<CommitterOptions, 'connect' | 'clock' | 'log'>) {
    this.#index = index
    this.#options = options
  }

  /** There may be work; costs nothing when there is none. */
  wake(): void {
    if (this.#working !== undefined || !this.#index.hasWork || this.#options.clock.now() < this.#againAt) return
    this.#working = this.#work().finally(() => {
      this.#working = undefined
    })
  }

  /** Resolves when nothing is under way. */
  async done(): Promise<void> {
    await this.#working
  }

  async #work(): Promise<void> {
    let connection: CommitterConnection | undefined
    try {
      connection = await this.#options.connect()
      await this.#index.work(connection.sql)
    } catch (error) {
      this.#againAt = this.#options.clock.now() + AGAIN_MICROS
      this.#options.log?.('warn', 'keys of outcomes stay in memory for now', { error: String(error) })
    } finally {
      await connection?.close().catch(() => undefined)
    }
  }
}
