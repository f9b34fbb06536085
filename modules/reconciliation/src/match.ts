import { isWithinTwoEdits, plainName } from './names.ts'

/**
 * What stands in a statement of somebody else. Amounts are in minor units and signed as the ledger sees the account: above zero when
 * the line makes it grow.
 */
export interface StatementLine {
  /** From 1, as the statement counts. */
  readonly line: number
  /** Days since 1970-01-01. */
  readonly day: number
  readonly minor: bigint
  /** What the other side calls it; empty when it does not say. */
  readonly reference: string
}

/** An entry of the account in our books, with all that it may be called by. */
export interface LedgerEntry {
  /** Of its transfer. */
  readonly id: number
  readonly day: number
  readonly minor: bigint
  readonly names: readonly string[]
}

/**
 * Why a line and entries are taken for the same, the surest first:
 * - `exact`: reference, amount and day; `reference`: reference and amount, some days apart;
 * - `group`: several entries of one reference come to the line, or several lines to the entry;
 * - `similar_reference`: the amount, and a reference that was damaged on its way, and nothing else that fits;
 * - `amount`: the amount, and nothing else of that amount on either side.
 */
export const MATCH_RULES = ['exact', 'reference', 'group', 'similar_reference', 'amount'] as const
export type MatchRule = (typeof MATCH_RULES)[number]

interface Match {
  readonly rule: MatchRule
  readonly lines: readonly number[]
  readonly entries: readonly number[]
}

/** `amount_differs`: one reference, two amounts. The others stand on one side only. */
export const DIFFERENCE_KINDS = ['amount_differs', 'missing_in_ledger', 'missing_in_statement'] as const
export type DifferenceKind = (typeof DIFFERENCE_KINDS)[number]

interface Difference {
  readonly kind: DifferenceKind
  readonly line: number | null
  readonly entry: number | null
  /** What the ledger would have to grow by to agree. */
  readonly minor: bigint
}

export interface Reconciled {
  readonly matches: readonly Match[]
  readonly differences: readonly Difference[]
}

/** How far apart, in days, a line and an entry may be. */
export interface MatchOptions {
  readonly windowDays: number
}

/** Shorter ones are like too many others. */
const SIMILAR_FROM = 6
/** Of so many characters at either end all must be whole. */
const END = 4
/** Names that are cut off still have this many characters. */
const CUT_FROM = 8

/**
 * Finds what belongs together. Each line and each entry is used once; rule by rule, the surest first, so that a guess never takes what a
 * reference proves. Where two would fit equally well a guess is none: it stays a difference, for people to look at.
 */
export function reconcile(
  lines: readonly StatementLine[],
  entries: readonly LedgerEntry[],
  { windowDays }: MatchOptions,
): Reconciled {
  return new Matching(lines, entries, windowDays).run()
}

class Matching {
  readonly #lines: readonly StatementLine[]
  readonly #entries: readonly LedgerEntry[]
  readonly #window: number
  /** By place in the lists. */
  readonly #lineUsed: Uint8Array
  readonly #entryUsed: Uint8Array
  /** Plain names of lines, and entries by their plain names. */
  readonly #names: string[]
  readonly #byName = new Map<string, number[]>()
  readonly #matches: Match[] = []
  readonly #differences: Difference[] = []

  constructor(lines: readonly StatementLine[], entries: readonly LedgerEntry[], window: number) {
    this.#lines = lines
    this.#entries = entries
    this.#window = window
    this.#lineUsed = new Uint8Array(lines.length)
    this.#entryUsed = new Uint8Array(entries.length)
    this.#names = lines.map(({ reference }) => plainName(reference))
    for (const [place, { names }] of entries.entries()) {
      for (const name of names) {
        const plain = plainName(name)
        const known = this.#byName.get(plain)
        if (plain === '') continue
        if (known === undefined) this.#byName.set(plain, [place])
        else if (known.at(-1) !== place) known.push(place)
      }
    }
  }

  run(): Reconciled {
    this.#byReference('exact', 0)
    this.#byReference('reference', this.#window)
    this.#groups()
    this.#bySimilarReference()
    this.#amountsDiffer()
    this.#byAmount()
    for (const [place, { line, minor }] of this.#lines.entries()) {
      if (this.#lineUsed[place] === 0) this.#differences.push({ kind: 'missing_in_ledger', line, entry: null, minor })
    }
    for (const [place, { id, minor }] of this.#entries.entries()) {
      if (this.#entryUsed[place] === 0) {
        this.#differences.push({ kind: 'missing_in_statement', line: null, entry: id, minor: -minor })
      }
    }
    return { matches: this.#matches, differences: this.#differences }
  }

  #use(rule: MatchRule, lines: readonly number[], entries: readonly number[]): void {
    for (const place of lines) this.#lineUsed[place] = 1
    for (const place of entries) this.#entryUsed[place] = 1
    this.#matches.push({
      rule,
      lines: lines.map((place) => this.#lineAt(place).line),
      entries: entries.map((place) => this.#entryAt(place).id),
    })
  }

  #lineAt(place: number): StatementLine {
    const line = this.#lines[place]
    if (line === undefined) throw new RangeError(`no line ${place}`)
    return line
  }

  #entryAt(place: number): LedgerEntry {
    const entry = this.#entries[place]
    if (entry === undefined) throw new RangeError(`no entry ${place}`)
    return entry
  }

  /** Entries of this name that are free and near enough, nearest first. */
  #named(name: string, day: number, window: number): readonly number[] {
    const places = name === '' ? undefined : this.#byName.get(name)
    if (places === undefined) return []
    const near = places.filter((at) => this.#entryUsed[at] === 0 && Math.abs(this.#entryAt(at).day - day) <= window)
    if (near.length < 2) return near
    return near.toSorted((a, b) => Math.abs(this.#entryAt(a).day - day) - Math.abs(this.#entryAt(b).day - day) || a - b)
  }

  #byReference(rule: 'exact' | 'reference', window: number): void {
    for (const [place, { day, minor }] of this.#lines.entries()) {
      if (this.#lineUsed[place] === 1) continue
      const found = this.#named(this.#names[place] ?? '', day, window).find((at) => this.#entryAt(at).minor === minor)
      if (found !== undefined) this.#use(rule, [place], [found])
    }
  }

  #groups(): void {
    const linesOf = new Map<string, number[]>()
    for (const place of this.#freeLines()) {
      const name = this.#names[place] ?? ''
      if (name === '') continue
      const { day, minor } = this.#lineAt(place)
      const some = this.#named(name, day, this.#window)
      const sum = some.reduce((total, at) => total + this.#entryAt(at).minor, 0n)
      if (some.length > 1 && sum === minor) this.#use('group', [place], some)
      else linesOf.set(name, [...(linesOf.get(name) ?? []), place])
    }
    for (const [name, places] of linesOf) {
      const [first] = places
      if (places.length < 2 || first === undefined) continue
      const sum = places.reduce((total, at) => total + this.#lineAt(at).minor, 0n)
      const one = this.#named(name, this.#lineAt(first).day, this.#window)
      const entry = one.find((at) => this.#entryAt(at).minor === sum)
      if (entry !== undefined) this.#use('group', places, [entry])
    }
  }

  /** A line and an entry of one amount whose names are alike, when each is the only such for the other. */
  #bySimilarReference(): void {
    const nearby = this.#freeByEnds()
    const chosen = new Map<number, number[]>()
    const wanted = new Map<number, number>()
    for (const place of this.#freeLines()) {
      const name = this.#names[place] ?? ''
      if (name.length < SIMILAR_FROM) continue
      const { day, minor } = this.#lineAt(place)
      const candidates = new Set(endsOf(minor, name).flatMap((end) => nearby.get(end) ?? []))
      const alike = [...candidates].filter(
        (at) => Math.abs(this.#entryAt(at).day - day) <= this.#window && this.#isAlike(name, at),
      )
      const [only] = alike
      if (alike.length !== 1 || only === undefined) continue
      wanted.set(place, only)
      chosen.set(only, [...(chosen.get(only) ?? []), place])
    }
    for (const [place, at] of wanted) {
      if (chosen.get(at)?.length === 1) this.#use('similar_reference', [place], [at])
    }
  }

  #isAlike(name: string, place: number): boolean {
    return this.#entryAt(place).names.some((one) => {
      const other = plainName(one)
      if (other.length < SIMILAR_FROM) return false
      const shorter = Math.min(name.length, other.length)
      if (
        shorter >= CUT_FROM &&
        (other.startsWith(name) || name.startsWith(other) || name.endsWith(other) || other.endsWith(name))
      )
        return true
      return isWithinTwoEdits(name, other)
    })
  }

  /** One reference, two amounts: named together, since it is one thing that is wrong. */
  #amountsDiffer(): void {
    for (const place of this.#freeLines()) {
      const { line, day, minor } = this.#lineAt(place)
      const [at, another] = this.#named(this.#names[place] ?? '', day, this.#window)
      if (at === undefined || another !== undefined) continue
      const entry = this.#entryAt(at)
      this.#lineUsed[place] = 1
      this.#entryUsed[at] = 1
      this.#differences.push({ kind: 'amount_differs', line, entry: entry.id, minor: minor - entry.minor })
    }
  }

  #byAmount(): void {
    const entriesOf = this.#freeByAmount()
    const linesOf = new Map<bigint, number[]>()
    for (const place of this.#freeLines()) {
      const { minor } = this.#lineAt(place)
      const known = linesOf.get(minor)
      if (known === undefined) linesOf.set(minor, [place])
      else known.push(place)
    }
    for (const [minor, [place, ...others]] of linesOf) {
      const [at, ...more] = entriesOf.get(minor) ?? []
      if (place === undefined || at === undefined || others.length > 0 || more.length > 0) continue
      if (Math.abs(this.#entryAt(at).day - this.#lineAt(place).day) <= this.#window) this.#use('amount', [place], [at])
    }
  }

  #freeLines(): readonly number[] {
    const free: number[] = []
    for (let place = 0; place < this.#lines.length; place += 1) if (this.#lineUsed[place] === 0) free.push(place)
    return free
  }

  /** Free entries by amount and either end of a name: what is damaged in one place keeps one of its ends. */
  #freeByEnds(): ReadonlyMap<string, readonly number[]> {
    const free = new Map<string, number[]>()
    for (const [place, { minor, names }] of this.#entries.entries()) {
      if (this.#entryUsed[place] === 1) continue
      for (const end of names.flatMap((name) => endsOf(minor, plainName(name)))) {
        const known = free.get(end)
        if (known === undefined) free.set(end, [place])
        else known.push(place)
      }
    }
    return free
  }

  #freeByAmount(): ReadonlyMap<bigint, readonly number[]> {
    const free = new Map<bigint, number[]>()
    for (const [place, { minor }] of this.#entries.entries()) {
      if (this.#entryUsed[place] === 1) continue
      const known = free.get(minor)
      if (known === undefined) free.set(minor, [place])
      else known.push(place)
    }
    return free
  }
}

/** Under what a name of this amount is looked for. */
function endsOf(minor: bigint, name: string): readonly string[] {
  return [`${minor} ${name.slice(0, END)}`, `${minor} ${name.slice(-END)}`]
}
