import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Outcome } from '@huitong/committer'
import { type ManualClock, manualClock } from '@huitong/kernel'
import { OracleBooks, type Told } from '@huitong/oracle'
import { compareBooks } from './compare-books.ts'
import { type Knowledge, SECOND } from './knowledge.ts'
import { FIRST_DAY, LedgerWorld } from './ledger-world.ts'
import { nextStep } from './next-step.ts'
import { openBooks } from './opening.ts'
import { Random } from './random.ts'
import { SimCalendar } from './sim-calendar.ts'
import type { Step } from './step.ts'
import { Tally } from './tally.ts'

export interface LedgerSimOptions {
  readonly operations: number
  readonly seed: number
  readonly accounts: number
  /** Commands that are submitted at once. */
  readonly wave: number
  /** Waves between two faults. */
  readonly faultEvery: number
  /** Waves between the end of a day and the next; 20 unless told. */
  readonly dayEvery?: number
  /** Keys of remembered outcomes that stay in memory before they are stored as a run. */
  readonly segmentKeys?: number
  /** Looks at the books of a run in which nothing differed, before they are thrown away; `more` goes on for so many operations. */
  readonly atEnd?: (world: LedgerWorld, more: (operations: number) => Promise<void>) => Promise<void>
  readonly log: (line: string) => void
}

export interface LedgerSimReport {
  readonly operations: number
  readonly answers: ReadonlyMap<string, number>
  readonly faults: number
  readonly days: number
  readonly years: number
  readonly differences: readonly string[]
}

const START = Date.UTC(2026, 0, 1) * 1000
/** Above that, one more says nothing new. */
const DIFFERENCES_MAX = 20
const DAY_EVERY = 20
const WAVES_A_LINE = 100

/** Runs until all operations are answered or something differs; the same seed makes the same run. */
export async function runLedgerSim(options: LedgerSimOptions): Promise<LedgerSimReport> {
  const dataDir = await mkdtemp(join(tmpdir(), 'huitong-sim-'))
  const clock = manualClock(START)
  const world = await LedgerWorld.start(dataDir, clock, options.segmentKeys)
  options.log(`seed ${options.seed}: ${options.operations} operations on ${options.accounts} accounts`)
  try {
    const oracle = new OracleBooks(FIRST_DAY)
    const knowledge = await openBooks(world, oracle, options.accounts)
    const run = new LedgerRun(options, world, clock, oracle, knowledge)
    const report = await run.run()
    if (report.differences.length === 0) await options.atEnd?.(world, (operations) => run.goOn(operations))
    return report
  } finally {
    await world.stop()
    await rm(dataDir, { recursive: true, force: true })
  }
}

interface Submitted {
  readonly step: Step
  readonly key: string
  readonly outcome: Promise<Outcome<unknown>>
}

class LedgerRun {
  readonly #options: LedgerSimOptions
  readonly #world: LedgerWorld
  readonly #clock: ManualClock
  readonly #random: Random
  readonly #oracle: OracleBooks
  readonly #knowledge: Knowledge
  readonly #calendar: SimCalendar
  readonly #tally = new Tally()
  readonly #differences: string[] = []
  #operations = 0
  #faults = 0

  constructor(
    options: LedgerSimOptions,
    world: LedgerWorld,
    clock: ManualClock,
    oracle: OracleBooks,
    knowledge: Knowledge,
  ) {
    this.#options = options
    this.#world = world
    this.#clock = clock
    this.#random = new Random(options.seed)
    this.#oracle = oracle
    this.#knowledge = knowledge
    this.#calendar = new SimCalendar(world, oracle, knowledge, this.#random)
  }

  async run(): Promise<LedgerSimReport> {
    const { operations, log, seed } = this.#options
    await this.goOn(operations)
    await this.#compare()
    for (const line of this.#tally.lines()) log(line)
    for (const difference of this.#differences) log(`DIFFERS (seed ${seed}): ${difference}`)
    if (this.#differences.length === 0)
      log('nothing differs: every answer, balance and hold is as predicted, and verify finds nothing')
    const { days, years } = this.#calendar
    const answers = this.#tally.answers()
    return { operations: this.#operations, answers, faults: this.#faults, days, years, differences: this.#differences }
  }

  /** So many operations more, or until something differs. */
  async goOn(operations: number): Promise<void> {
    const { wave, faultEvery, dayEvery = DAY_EVERY, log } = this.#options
    const end = this.#operations + operations
    const progress = this.#progress()
    for (let waves = 1; this.#operations < end && this.#differences.length === 0; waves += 1) {
      await this.#wave(Math.min(wave, end - this.#operations))
      this.#clock.advance(this.#random.below(4) * SECOND)
      if (waves % dayEvery === 0) this.#differ(await this.#calendar.next())
      if (waves % faultEvery === 0) await this.#fault()
      if (waves % WAVES_A_LINE === 0) log(progress())
    }
  }

  /** Of all so far, and how many were done since the last line: a run in which all ends up refused proves little. */
  #progress(): () => string {
    const begun = performance.now()
    let [total, done] = [0, 0]
    return () => {
      const perSecond = Math.round(this.#operations / ((performance.now() - begun) / 1000))
      const share = Math.round(((this.#tally.done - done) / (this.#tally.total - total)) * 100)
      ;[total, done] = [this.#tally.total, this.#tally.done]
      const { days, years } = this.#calendar
      const happened = `${this.#faults} faults, ${days} days and ${years} years closed`
      return `${this.#operations} operations, ${perSecond}/s, ${share} % of these done, ${happened}`
    }
  }

  async #wave(count: number): Promise<void> {
    const { commands, committer } = this.#world
    const now = this.#clock.now()
    const drawing = { random: this.#random, oracle: this.#oracle, knowledge: this.#knowledge, commands, now }
    const under: Submitted[] = []
    for (let index = 0; index < count; index += 1) {
      const key = `${this.#operations + index}`
      // Some are asked for again, while the first is still under way, and must get its very answer.
      const before = this.#random.oneIn(20) ? under[this.#random.below(under.length + 1)] : undefined
      const step = before?.step ?? nextStep(drawing)
      const same = before?.key ?? key
      under.push({ step, key: same, outcome: step.submit(committer.submit, same) })
    }
    for (const { step, key, outcome } of under) {
      const told = toldOf(await outcome)
      this.#tally.add(step.name, told)
      if (told !== step.expected)
        this.#differ([`key ${key} (${step.name}) was told ${told} and should be ${step.expected}`])
      const wrong = step.learn()
      if (wrong !== undefined) this.#differ([`key ${key} (${step.name}): ${wrong}`])
    }
    this.#operations += count
  }

  async #fault(): Promise<void> {
    this.#faults += 1
    await this.#world.fault(this.#random.oneIn(2) ? 'takeover' : 'crash')
    this.#differ(await compareBooks(this.#world, this.#oracle, this.#knowledge))
  }

  async #compare(): Promise<void> {
    this.#differ(await compareBooks(this.#world, this.#oracle, this.#knowledge))
    const report = await this.#world.verify()
    this.#differ(report.findings.map((finding) => `verify: ${JSON.stringify(finding)}`))
    this.#options.log(`${report.batch} batches, ${report.transfers} transfers, ${report.holds} holds replayed`)
  }

  #differ(sentences: readonly string[]): void {
    this.#differences.push(...sentences.slice(0, DIFFERENCES_MAX - this.#differences.length))
  }
}

function toldOf(outcome: Outcome<unknown>): Told {
  return outcome.status === 'refused' ? outcome.refusal.code : outcome.status
}
