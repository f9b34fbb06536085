/** Wakes those who wait for news of the journal. They look themselves: a ring that is missed costs a second and nothing else. */
export class CommitBell {
  readonly #waiting = new Set<() => void>()
  #closed = false

  /** After each commit; costs nothing when nobody waits. */
  ring(): void {
    for (const wake of this.#waiting) wake()
  }

  /** Resolves at the next ring, or after this long: another process may commit where nobody rings here. */
  async heard(withinMs: number): Promise<void> {
    if (this.#closed) return
    await new Promise<void>((resolve) => {
      const wake = (): void => {
        clearTimeout(timer)
        this.#waiting.delete(wake)
        resolve()
      }
      const timer = setTimeout(wake, withinMs)
      this.#waiting.add(wake)
    })
  }

  get closed(): boolean {
    return this.#closed
  }

  /** Nobody waits any more: the program stops. */
  close(): void {
    this.#closed = true
    this.ring()
  }
}
