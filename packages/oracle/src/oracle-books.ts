import type { OracleOpening, Told } from './oracle-account.ts'
import { OracleChanges } from './oracle-changes.ts'
import { OracleCore } from './oracle-core.ts'
import { OracleDays } from './oracle-days.ts'
import { OracleEntries } from './oracle-entries.ts'
import { OracleFreezes, type OracleFreezeTerms } from './oracle-freezes.ts'
import { OracleHolds } from './oracle-holds.ts'
import { OracleMetadata } from './oracle-metadata.ts'
import { OracleSets } from './oracle-sets.ts'

/**
 * The ledger as its documentation has it, in the plainest words: numbers, no hashes, no batches. It predicts every answer. Nothing of the
 * product is imported here, so whatever it says differently is an error of one of the two. Things are named by numbers from 0 in the
 * order in which they were made.
 */
export class OracleBooks {
  readonly core = new OracleCore()
  readonly holds = new OracleHolds(this.core)
  readonly entries = new OracleEntries(this.core)
  readonly sets = new OracleSets(this.core)
  readonly metadata = new OracleMetadata()
  readonly days: OracleDays
  readonly #freezes = new OracleFreezes(this.core)
  readonly #changes = new OracleChanges(this.core)

  constructor(today: string) {
    this.days = new OracleDays(this.core, today)
  }

  open(opening: Omit<OracleOpening, 'openedOn'>): number {
    return this.core.open({ ...opening, openedOn: this.days.today })
  }

  get freezes(): Pick<OracleFreezes, 'all' | 'active' | 'lift' | 'expire' | 'deduct'> {
    return this.#freezes
  }

  /** What waits for the end of the day is posted before its account changes, unless the change is refused. */
  #whole(account: number, change: () => Told): Told {
    return this.core.together([
      () => {
        if (this.core.accounts[account] !== undefined) this.days.post(account)
        return 'done'
      },
      change,
    ])
  }

  freeze(terms: OracleFreezeTerms, now: number): Told {
    return this.#whole(terms.account, () => this.#freezes.place(terms, now))
  }

  floor(account: number, floor: number | null): Told {
    return this.#whole(account, () => this.#changes.floor(account, floor))
  }

  creditLimit(account: number, limit: number): Told {
    return this.#whole(account, () => this.#changes.creditLimit(account, limit))
  }

  ceiling(account: number, ceiling: number | null): Told {
    return this.#whole(account, () => this.#changes.ceiling(account, ceiling))
  }

  state(account: number, state: 'open' | 'frozen' | 'closed'): Told {
    return this.#whole(account, () => this.#changes.state(account, state))
  }

  dormant(account: number, entries: number): Told {
    return this.#whole(account, () => this.#changes.dormant(account, entries))
  }

  reopen(account: number): Told {
    return this.#changes.reopen(account)
  }
}
