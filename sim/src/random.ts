/** Repeatable randomness: the same seed, the same run. */
export class Random {
  #state: number

  constructor(seed: number) {
    this.#state = seed >>> 0
  }

  /** A whole number from 0 to n - 1. */
  below(n: number): number {
    // Mulberry32: one addition and two multiplications a number, which is enough for choosing steps.
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let mixed = this.#state
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000) * n)
  }

  /** True once in n times. */
  oneIn(n: number): boolean {
    return this.below(n) === 0
  }

  pick<T>(of: readonly T[]): T {
    const found = of[this.below(of.length)]
    if (found === undefined) throw new Error('there is nothing to pick from')
    return found
  }

  /** Most often small, sometimes large: what finds both bounds. */
  amount(): number {
    return this.oneIn(20) ? this.below(2000) : this.below(150) + (this.oneIn(50) ? 0 : 1)
  }
}
