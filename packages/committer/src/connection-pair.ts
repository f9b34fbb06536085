import { invariant } from '@huitong/kernel'
import type { Sql } from '@huitong/pg'
import type { CommitterConnection } from './committer-options.ts'

/**
 * Loads go over a connection of their own, so that PostgreSQL looks rows up for one batch while it writes the last one. Both are lost and
 * found together.
 */
export class ConnectionPair {
  readonly #connect: () => Promise<CommitterConnection>
  #writer: CommitterConnection | undefined
  #reader: CommitterConnection | undefined

  constructor(connect: () => Promise<CommitterConnection>) {
    this.#connect = connect
  }

  async open(): Promise<void> {
    this.#writer = await this.#connect()
    this.#reader = await this.#connect()
  }

  get writer(): Sql {
    invariant(this.#writer !== undefined, 'the committer is not connected')
    return this.#writer.sql
  }

  get reader(): Sql {
    invariant(this.#reader !== undefined, 'the committer is not connected')
    return this.#reader.sql
  }

  /** Whatever state they are in. */
  async close(): Promise<void> {
    await Promise.all([this.#writer?.close().catch(() => undefined), this.#reader?.close().catch(() => undefined)])
  }
}
