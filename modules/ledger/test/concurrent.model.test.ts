import { committerMigrations } from '@huitong/committer'
import type { ReadTx } from '@huitong/pg'
import {
  type AuditedBalance,
  type AuditedRequest,
  Auditor,
  createInstitution,
  type TestInstitution,
} from '@huitong/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { availableMinor } from '../src/account.ts'
import { type BalanceReader, journalBalances, liveBalances } from '../src/balance-reader.ts'
import { loadBalances } from '../src/balance-store.ts'
import { listAccounts } from '../src/ledger-read-store.ts'
import { ledgerMigrations } from '../src/migrations.ts'
import type { PostingLeg } from '../src/posting-command.ts'
import { type LedgerWorld, move, promise, startLedgerWorld } from './ledger-world.ts'

/**
 * Many clients at once move money between few accounts, repeat themselves, use a key for two requests and lose their committer in
 * the middle to a second one. The auditor knows from requests and answers alone what every balance must be.
 */
const CLIENTS = 6
const FLOORS: readonly (bigint | null)[] = [null, 0n, 0n, 0n, 0n, -150n]
const START_MINOR = 300n
const UNKNOWN = { id: 999_999 * 1024, key: 'unknown' }

type Step =
  | {
      readonly type: 'transfer' | 'hold' | 'pair'
      readonly legs: readonly Leg[]
      readonly ask: 'once' | 'twice' | 'clash'
    }
  | {
      readonly type: 'capture'
      readonly hold: number
      readonly amountMinor: bigint
      readonly final: boolean
    }
  | { readonly type: 'increase'; readonly hold: number; readonly amountMinor: bigint }
  | { readonly type: 'reverse'; readonly transfer: number; readonly amountMinor: bigint }
  | { readonly type: 'freeze'; readonly account: number; readonly amountMinor: bigint | null }
  | { readonly type: 'lift'; readonly freeze: number }
  | { readonly type: 'void'; readonly hold: number }
  | { readonly type: 'again'; readonly request: number }
  | { readonly type: 'look' }

interface Leg {
  readonly debit: number
  readonly credit: number
  readonly amountMinor: bigint
}

const account = fc.nat({ max: FLOORS.length - 1 })
const leg: fc.Arbitrary<Leg> = fc.record({ debit: account, credit: account, amountMinor: fc.bigInt(1n, 120n) })
const ask = fc.constantFrom('once' as const, 'once' as const, 'twice' as const, 'clash' as const)

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      type: fc.constantFrom('transfer' as const, 'hold' as const),
      legs: fc.tuple(leg),
      ask,
    }),
  },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('pair' as const), legs: fc.tuple(leg, leg), ask }) },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant('capture' as const),
      hold: fc.nat({ max: 4 }),
      amountMinor: fc.bigInt(1n, 90n),
      final: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant('increase' as const),
      hold: fc.nat({ max: 4 }),
      amountMinor: fc.bigInt(1n, 90n),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant('reverse' as const),
      transfer: fc.nat({ max: 4 }),
      amountMinor: fc.bigInt(1n, 90n),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant('freeze' as const),
      account: fc.integer({ min: 1, max: FLOORS.length - 1 }),
      amountMinor: fc.option(fc.bigInt(1n, 60n), { freq: 6 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('lift' as const), freeze: fc.nat({ max: 2 }) }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('void' as const), hold: fc.nat({ max: 4 }) }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('again' as const), request: fc.nat({ max: 8 }) }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('look' as const) }) },
)

const scenario = fc.record({
  scripts: fc.array(fc.array(step, { minLength: 10, maxLength: 30 }), { minLength: CLIENTS, maxLength: CLIENTS }),
  restartAfter: fc.integer({ min: 20, max: 80 }),
  killed: fc.boolean(),
})

type Ask =
  | { readonly type: 'post'; readonly legs: readonly PostingLeg[] }
  | { readonly type: 'reverse'; readonly transfer: number; readonly amountMinor: bigint }
  | { readonly type: 'freeze'; readonly account: number; readonly amountMinor: bigint | null }
  | { readonly type: 'lift'; readonly freeze: number }

interface Request {
  readonly key: string
  readonly ask: Ask
  readonly audited: readonly AuditedRequest[]
}

interface Run {
  readonly home: TestInstitution
  readonly auditor: Auditor
  readonly problems: string[]
  readonly ids: readonly number[]
  readonly worlds: LedgerWorld[]
  readonly connections: Connections
  world: LedgerWorld
}

type Connections = Awaited<ReturnType<TestInstitution['dedicated']>>[]

/** A world over this institution whose connections can be cut. */
async function startWorld(home: TestInstitution, connections: Connections): Promise<LedgerWorld> {
  const dedicated: TestInstitution['dedicated'] = async (options) => {
    const connection = await home.dedicated(options)
    connections.push(connection)
    return connection
  }
  return startLedgerWorld({ institution: { ...home, dedicated } })
}

async function start(): Promise<Run> {
  const home = await createInstitution([committerMigrations, ledgerMigrations])
  const connections: Connections = []
  const world = await startWorld(home, connections)
  const auditor = new Auditor()
  const ids: number[] = []
  for (const [index, floorMinor] of FLOORS.entries()) {
    ids.push(await world.open(index === 0 ? '1002' : '2003', floorMinor))
    auditor.opened(String(index), { normal: index === 0 ? 'debit' : 'credit', floorMinor })
  }
  const run: Run = { home, auditor, problems: [], ids, worlds: [world], connections, world }
  const funds = FLOORS.map((_, credit) => ({ debit: 0, credit, amountMinor: START_MINOR }))
  const funding = request(run, 'funding', 'pair', funds.slice(1))
  await once(run, funding)
  return run
}

function request(run: Run, key: string, type: 'transfer' | 'hold' | 'pair', legs: readonly Leg[]): Request {
  const id = (index: number) => run.ids[index] ?? 0
  const make = type === 'hold' ? promise : move
  return {
    key,
    ask: { type: 'post', legs: legs.map((one) => make(id(one.debit), id(one.credit), one.amountMinor)) },
    audited: legs.map((one) => {
      const sides = { debit: String(one.debit), credit: String(one.credit), amountMinor: one.amountMinor }
      return type === 'hold'
        ? { kind: 'hold', hold: key, ...sides }
        : { kind: 'transfer', ...(type === 'transfer' ? { transfer: key } : {}), ...sides }
    }),
  }
}

function submitOnce({ committer, commands }: LedgerWorld, key: string, ask: Ask) {
  const idempotency = { caller: 'model', key }
  switch (ask.type) {
    case 'post':
      return committer.submit({ kind: commands.post, input: { legs: ask.legs, raw: true }, idempotency })
    case 'reverse': {
      const { transfer, amountMinor } = ask
      return committer.submit({
        kind: commands.reverse,
        input: { of: { transfer, amountMinor }, raw: true },
        idempotency,
      })
    }
    case 'freeze': {
      const { account: of, amountMinor } = ask
      const rest = { cause: 'risk', blocksIncoming: amountMinor === null, reference: 'case', expiresAt: null } as const
      return committer.submit({ kind: commands.placeFreeze, input: { account: of, amountMinor, ...rest }, idempotency })
    }
    case 'lift':
      return committer.submit({
        ...{ kind: commands.liftFreeze, idempotency },
        input: { freeze: ask.freeze, authority: 'judicial' },
      })
  }
}

/** Asks until it is told what became of the request: a lost committer may be asked again under the same key. */
async function submit(run: Run, { key, ask }: Request) {
  for (let attempt = 0; ; attempt += 1) {
    const outcome = await submitOnce(run.world, key, ask)
    if ((outcome.status !== 'unavailable' && outcome.status !== 'unknown') || attempt === 250) return outcome
    await new Promise((resolve) => setTimeout(resolve, 4))
  }
}

type Told = Awaited<ReturnType<typeof submit>>

/** The first id that an accepted request made. */
function answered(run: Run, key: string, outcome: Told): number | undefined {
  if (outcome.status === 'done') {
    run.auditor.answered(key, 'accepted', JSON.stringify(outcome.answer))
    return 'transfers' in outcome.answer ? outcome.answer.transfers[0] : outcome.answer.freeze
  }
  if (outcome.status === 'refused') run.auditor.answered(key, 'refused', JSON.stringify(outcome.refusal))
  else run.problems.push(`${key}: ${JSON.stringify(outcome)}`)
  return undefined
}

async function once(run: Run, asked: Request): Promise<number | undefined> {
  run.auditor.asked(asked.key, asked.audited)
  return answered(run, asked.key, await submit(run, asked))
}

/** Two different requests under one key at once: one of them is the first, the other is told of the conflict. */
async function clash(run: Run, one: Request, other: Request): Promise<{ won: Request; answer: number | undefined }> {
  const outcomes = await Promise.all([submit(run, one), submit(run, other)])
  const conflicts = outcomes.filter((outcome) => outcome.status === 'key_conflict')
  if (conflicts.length !== 1) run.problems.push(`${one.key}: ${conflicts.length} of two different requests conflict`)
  const [first, second] = outcomes
  const won = first.status === 'key_conflict' ? other : one
  run.auditor.asked(won.key, won.audited)
  return { won, answer: answered(run, won.key, won === one ? first : second) }
}

interface Known {
  readonly id: number
  readonly key: string
}

async function client(run: Run, name: number, script: readonly Step[], stepped: () => Promise<void>): Promise<void> {
  const made: Request[] = []
  const holds: Known[] = []
  const transfers: Known[] = []
  const freezes: Known[] = []
  for (const [index, one] of script.entries()) {
    // What went wrong once is not made clearer by what comes after it.
    if (run.problems.length > 0) return
    await stepped()
    const key = `client ${name} step ${index}`
    switch (one.type) {
      case 'transfer':
      case 'hold':
      case 'pair': {
        let asked = request(run, key, one.type, one.legs)
        let answer: number | undefined
        if (one.ask === 'clash') {
          const more = one.legs.map((each) => ({ ...each, amountMinor: each.amountMinor + 1n }))
          const told = await clash(run, asked, request(run, key, one.type, more))
          asked = told.won
          answer = told.answer
        } else {
          const answers = await Promise.all(Array.from({ length: one.ask === 'twice' ? 2 : 1 }, () => once(run, asked)))
          answer = answers[0]
        }
        made.push(asked)
        if (answer === undefined) break
        if (one.type === 'hold') holds.push({ id: answer, key })
        if (one.type === 'transfer') transfers.push({ id: answer, key })
        break
      }
      case 'capture':
      case 'increase':
      case 'void': {
        const hold = holds[one.hold] ?? UNKNOWN
        const asked: Request = { key, ...changeOf(hold, one) }
        made.push(asked)
        await once(run, asked)
        break
      }
      case 'reverse': {
        const { amountMinor } = one
        const transfer = transfers[one.transfer] ?? UNKNOWN
        const audited: AuditedRequest[] = [{ kind: 'reverse', transfer: transfer.key, amountMinor }]
        const asked: Request = { key, ask: { type: 'reverse', transfer: transfer.id, amountMinor }, audited }
        made.push(asked)
        await once(run, asked)
        break
      }
      case 'freeze': {
        const ask = { type: 'freeze', account: run.ids[one.account] ?? 0, amountMinor: one.amountMinor } as const
        const asked: Request = { key, ask, audited: [{ kind: 'freeze', freeze: key, account: String(one.account) }] }
        made.push(asked)
        const id = await once(run, asked)
        if (id !== undefined) freezes.push({ id, key })
        break
      }
      case 'lift': {
        const freeze = freezes[one.freeze] ?? UNKNOWN
        const audited: AuditedRequest[] = [{ kind: 'lift', freeze: freeze.key }]
        const asked: Request = { key, ask: { type: 'lift', freeze: freeze.id }, audited }
        made.push(asked)
        await once(run, asked)
        break
      }
      case 'again': {
        const asked = made[one.request]
        if (asked !== undefined) await once(run, asked)
        break
      }
      case 'look':
        await look(run, journalBalances)
        if (run.worlds.length > 1) await look(run, liveBalances(run.world.committer, run.world.books))
        break
    }
  }
}

function changeOf(
  { id: hold, key }: Known,
  step: Extract<Step, { readonly type: 'capture' | 'increase' | 'void' }>,
): Pick<Request, 'ask' | 'audited'> {
  switch (step.type) {
    case 'void':
      return { ask: { type: 'post', legs: [{ type: 'void', hold }] }, audited: [{ kind: 'void', hold: key }] }
    case 'increase': {
      const { amountMinor } = step
      const legs: PostingLeg[] = [{ type: 'increase', hold, amountMinor }]
      return { ask: { type: 'post', legs }, audited: [{ kind: 'increase', hold: key, amountMinor }] }
    }
    case 'capture': {
      const { amountMinor, final } = step
      const legs: PostingLeg[] = [{ type: 'capture', hold, amountMinor, final }]
      return { ask: { type: 'post', legs }, audited: [{ kind: 'post', hold: key, amountMinor, keepsRest: !final }] }
    }
  }
}

/** Whenever anybody looks, all debits are all credits and nobody is below his floor. */
async function look(run: Run, reader: BalanceReader): Promise<void> {
  const views = await run.home.db.read((tx) => listAccounts(tx, { afterId: 0, limit: 100 }, reader))
  let posted = 0n
  let pending = 0n
  for (const { account: of, balance } of views) {
    posted += balance.debitsPosted - balance.creditsPosted
    pending += balance.debitsPending - balance.creditsPending
    // What is frozen may be more than there is, and only says what may leave.
    if (availableMinor({ ...of, restraints: null }, balance) < 0n)
      run.problems.push(`account ${of.id} was seen below its floor`)
  }
  if (posted !== 0n || pending !== 0n) run.problems.push(`debits and credits were seen ${posted} and ${pending} apart`)
}

async function found(run: Run, read: (tx: ReadTx, ids: readonly number[]) => ReturnType<BalanceReader>) {
  const balances = await run.home.db.read((tx) => read(tx, run.ids))
  const named = new Map<string, AuditedBalance>()
  for (const [index, id] of run.ids.entries()) {
    const balance = balances.get(id)
    if (balance !== undefined) named.set(String(index), balance)
  }
  return named
}

describe('many clients at once', () => {
  it('leave exactly what the answers say, by whatever way it is read', { timeout: 240_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(scenario, async ({ scripts, restartAfter, killed }) => {
        const run = await start()
        try {
          let steps = 0
          const stepped = async () => {
            steps += 1
            if (steps !== restartAfter) return
            // The committer before this one is not told: it finds out by its next batch or its lost connection.
            if (killed) for (const connection of run.connections.splice(0)) void connection.close()
            run.world = await startWorld(run.home, run.connections)
            run.worlds.push(run.world)
          }
          await Promise.all(scripts.map((script, name) => client(run, name, script, stepped)))
          expect(run.problems).toEqual([])
          const { committer, books } = run.world
          expect(run.auditor.compare(await found(run, journalBalances))).toEqual([])
          expect(run.auditor.compare(await found(run, liveBalances(committer, books)))).toEqual([])
          await committer.stop()
          const table: BalanceReader = async (tx, ids) => new Map(await loadBalances(tx.sql, ids))
          expect(run.auditor.compare(await found(run, table))).toEqual([])
        } finally {
          for (const world of run.worlds) await world.committer.stop()
          await run.home.drop()
        }
      }),
      { numRuns: 12, endOnFailure: true },
    )
  })
})
