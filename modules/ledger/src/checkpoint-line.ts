import { isStorable } from '@huitong/kernel'

/** One line of a checkpoint: what it is, then its values. Amounts are decimal text. */
export type CheckpointLine = readonly [name: string, ...values: readonly CheckpointValue[]]
type CheckpointValue = string | number | boolean | null

/** A part of the replay that remembers something from one batch to the next. */
export interface Kept {
  /** Names of its lines, in the order in which it writes them. */
  readonly names: readonly string[]
  /** What it remembers now; lines of one name in an order that the journal alone decides. */
  save(): Iterable<CheckpointLine>
  /** Takes back one such line; only before the first batch. */
  load(fields: CheckpointFields): void
}

/** The line of a checkpoint cannot be read. It was signed so: another program wrote it. */
export class CheckpointUnreadable extends Error {
  override readonly name = 'CheckpointUnreadable'
}

/** The values of a line, one after the other. */
export class CheckpointFields {
  readonly name: string
  readonly #values: readonly unknown[]
  #next = 1

  constructor(line: string) {
    const values: unknown = JSON.parse(line)
    if (!Array.isArray(values) || typeof values[0] !== 'string') throw new CheckpointUnreadable(line)
    this.name = values[0]
    this.#values = values
  }

  text(): string {
    const value = this.#take()
    if (typeof value === 'string' && isStorable(value)) return value
    throw new CheckpointUnreadable(`a text is missing in ${this.name}`)
  }

  number(): number {
    const value = this.#take()
    if (typeof value === 'number' && Number.isSafeInteger(value)) return value
    throw new CheckpointUnreadable(`a number is missing in ${this.name}`)
  }

  minor(): bigint {
    const text = this.text()
    if (/^-?\d{1,38}$/.test(text)) return BigInt(text)
    throw new CheckpointUnreadable(`an amount is missing in ${this.name}`)
  }

  flag(): boolean {
    const value = this.#take()
    if (typeof value === 'boolean') return value
    throw new CheckpointUnreadable(`a flag is missing in ${this.name}`)
  }

  /** The value that `read` reads, or null where it says so. */
  orNull<T>(read: (fields: CheckpointFields) => T): T | null {
    if (this.#values[this.#next] !== null) return read(this)
    this.#next += 1
    return null
  }

  /** Nothing may follow. */
  end(): void {
    if (this.#next !== this.#values.length)
      throw new CheckpointUnreadable(`${this.name} has other values than expected`)
  }

  #take(): unknown {
    const value = this.#values[this.#next]
    this.#next += 1
    return value
  }
}
