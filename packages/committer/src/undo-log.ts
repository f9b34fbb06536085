/**
 * Savepoints of the working set, in memory: every change pushes the step that takes it back.
 *
 * A refused command, a failed member of a linked group or a command that must wait for a row contributes nothing to its batch.
 * Owners with many changes push one and the same step each time and keep what it needs themselves, newest last: a closure a change
 * would be most of the garbage of a batch.
 */
export class UndoLog {
  readonly #steps: (() => void)[] = []

  push(step: () => void): void {
    this.#steps.push(step)
  }

  mark(): number {
    return this.#steps.length
  }

  rollbackTo(mark: number): void {
    while (this.#steps.length > mark) this.#steps.pop()?.()
  }

  clear(): void {
    this.#steps.length = 0
  }
}
