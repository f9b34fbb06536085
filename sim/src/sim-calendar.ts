import { addDays, type LocalDate, localDate } from '@huitong/kernel'
import { closeYear, reopenYear, tieClosedDays } from '@huitong/ledger'
import type { OracleBooks } from '@huitong/oracle'
import type { Knowledge } from './knowledge.ts'
import type { LedgerWorld } from './ledger-world.ts'
import type { Random } from './random.ts'

/** Days of a run and its years, in the product and in the oracle. Every command is done alone, between waves. */
export class SimCalendar {
  readonly #world: LedgerWorld
  readonly #oracle: OracleBooks
  readonly #knowledge: Knowledge
  readonly #random: Random
  #days = 0
  #years = 0

  constructor(world: LedgerWorld, oracle: OracleBooks, knowledge: Knowledge, random: Random) {
    this.#world = world
    this.#oracle = oracle
    this.#knowledge = knowledge
    this.#random = random
  }

  get days(): number {
    return this.#days
  }

  get years(): number {
    return this.#years
  }

  /** Ends the day, and with the last one of a year the year. Returns what went otherwise than it should. */
  async next(): Promise<readonly string[]> {
    const today = dayOf(this.#oracle.days.today)
    const next = addDays(today, 1 + this.#random.below(9))
    const year = Number(today.slice(0, 4))
    if (next.startsWith(String(year))) return [...(await this.#close(next)), ...(await this.#settle(6))]
    const last = `${year}-12-31`
    const problems = today < last ? await this.#close(last) : []
    return [
      ...problems,
      ...(await this.#close(`${year + 1}-01-01`)),
      ...(await this.#settle(1)),
      ...(await this.#closeYear(year)),
    ]
  }

  async #close(next: string): Promise<readonly string[]> {
    this.#days += 1
    const { committer, commands } = this.#world
    const expected = this.#oracle.days.close(next)
    const outcome = await committer.submit({ kind: commands.closeDay, input: { next } })
    const tied = await tieClosedDays(this.#world.jobs)
    for (const { day } of this.#oracle.days.closed.slice(-2)) this.#oracle.days.tie(day)
    return [
      ...differing(`closing the day before ${next}`, outcome, expected),
      ...(tied.differences.length > 0
        ? [`the day before ${next} does not tie: ${JSON.stringify(tied.differences[0])}`]
        : []),
    ]
  }

  /** Makes all closed days final but the newest of them. */
  async #settle(kept: number): Promise<readonly string[]> {
    const through = this.#oracle.days.closed.at(-kept)?.day
    if (through === undefined) return []
    const { committer, commands } = this.#world
    const expected = this.#oracle.days.finalize(through)
    const outcome = await committer.submit({ kind: commands.finalizeDays, input: { through } })
    return differing(`finality of ${through}`, outcome, expected)
  }

  /** Nothing has moved since its last day, so what accounts have is its result. Sometimes it is opened and closed again. */
  async #closeYear(year: number): Promise<readonly string[]> {
    this.#years += 1
    const problems = [...(await this.#carry(year))]
    if (!this.#random.oneIn(2)) return problems
    const expected = this.#oracle.days.reopenYear(year, this.#oracle.days.revision)
    const opened = await reopenYear(this.#world.jobs, year, null)
    problems.push(...differing(`opening ${year}`, opened.outcome, expected))
    return [...problems, ...(await this.#carry(year))]
  }

  async #carry(year: number): Promise<readonly string[]> {
    const { days, core } = this.#oracle
    const { fees, shares, spread, retained } = this.#knowledge.own
    const resultsOf = (accounts: readonly number[]) =>
      accounts.flatMap((account) => {
        const { credits, debits } = core.account(account)
        return credits === debits ? [] : [{ account, amount: credits - debits }]
      })
    const expected = days.closeYear(
      year,
      days.revision,
      [
        ...resultsOf([fees, shares, spread.CNY]).map((one) => ({ ...one, retained: retained.CNY })),
        ...resultsOf([spread.USD]).map((one) => ({ ...one, retained: retained.USD })),
      ],
      true,
    )
    const closed = await closeYear({ ...this.#world.jobs, accountsPerCommand: 250 }, year, null)
    return differing(`closing ${year}`, closed.outcome, expected)
  }
}

function dayOf(text: string): LocalDate {
  const day = localDate(text)
  if (!day.ok) throw new Error(`${text} is no day`)
  return day.value
}

function differing(
  what: string,
  outcome: { readonly status: string; readonly refusal?: { readonly code: string } },
  expected: string,
): readonly string[] {
  const told = outcome.refusal?.code ?? outcome.status
  return told === expected ? [] : [`${what} was told ${told} and should be ${expected}`]
}
