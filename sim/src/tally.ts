/** How often each kind of command was told what. */
export class Tally {
  readonly #told = new Map<string, Map<string, number>>()
  #total = 0
  #done = 0

  add(kind: string, told: string): void {
    const of = this.#told.get(kind) ?? new Map<string, number>()
    this.#told.set(kind, of)
    of.set(told, (of.get(told) ?? 0) + 1)
    this.#total += 1
    if (told === 'done') this.#done += 1
  }

  get total(): number {
    return this.#total
  }

  get done(): number {
    return this.#done
  }

  /** Of all kinds together. */
  answers(): ReadonlyMap<string, number> {
    const all = new Map<string, number>()
    for (const of of this.#told.values()) {
      for (const [told, count] of of) all.set(told, (all.get(told) ?? 0) + count)
    }
    return all
  }

  /** A line a kind, the most frequent first: how many were done, and why the others were refused. */
  lines(): readonly string[] {
    const kinds = [...this.#told].map(([kind, of]) => ({ kind, of, total: sum(of) }))
    return kinds
      .toSorted((a, b) => b.total - a.total)
      .map(({ kind, of, total }) => {
        const done = of.get('done') ?? 0
        const refused = [...of]
          .filter(([told]) => told !== 'done')
          .toSorted(([, a], [, b]) => b - a)
          .map(([told, count]) => `${told} ${count}`)
        const share = `${Math.round((done / total) * 100)} %`
        return `${kind.padEnd(18)} ${String(total).padStart(9)}  done ${String(done).padStart(9)} ${share.padStart(5)}  ${refused.join(', ')}`
      })
  }
}

function sum(of: ReadonlyMap<string, number>): number {
  let total = 0
  for (const count of of.values()) total += count
  return total
}
