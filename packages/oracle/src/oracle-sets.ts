import type { OracleAccount, Told } from './oracle-account.ts'
import type { OracleCore } from './oracle-core.ts'

interface OracleSet {
  readonly number: number
  readonly parent: number | null
}

const DEPTH_MAX = 8
const SETS_PER_ACCOUNT_MAX = 8

/** Sets of accounts in trees: whoever is in one counts in it and in all above it. */
export class OracleSets {
  readonly all: OracleSet[] = []
  readonly #core: OracleCore

  constructor(core: OracleCore) {
    this.#core = core
  }

  create(parent: number | null): Told {
    const above = parent === null ? undefined : this.all[parent]
    if (parent !== null && above === undefined) return 'set_unknown'
    if (above !== undefined && this.#upwards(above.number).length >= DEPTH_MAX) return 'set_too_deep'
    this.all.push({ number: this.all.length, parent })
    return 'done'
  }

  #upwards(number: number): readonly number[] {
    const set = this.all[number]
    if (set === undefined) return []
    return [number, ...(set.parent === null ? [] : this.#upwards(set.parent))]
  }

  #root(number: number): number | undefined {
    return this.#upwards(number).at(-1)
  }

  add(number: number, account: number): Told {
    if (this.all[number] === undefined) return 'set_unknown'
    const member = this.#core.accounts[account]
    if (member === undefined) return 'account_unknown'
    const root = this.#root(number)
    if ([...member.sets].some((set) => this.#root(set) === root)) return 'set_counts_account'
    if (member.sets.size >= SETS_PER_ACCOUNT_MAX) return 'account_in_too_many_sets'
    member.sets.add(number)
    return 'done'
  }

  remove(number: number, account: number): Told {
    if (this.all[number] === undefined) return 'set_unknown'
    const member = this.#core.accounts[account]
    if (member === undefined) return 'account_unknown'
    return member.sets.delete(number) ? 'done' : 'set_lacks_account'
  }

  members(number: number): readonly OracleAccount[] {
    return this.#core.accounts.filter(({ sets }) => [...sets].some((set) => this.#upwards(set).includes(number)))
  }
}
