import { spawnSync } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLog } from '@huitong/http'
import { parsePublicId } from '@huitong/kernel'
import { TradeAuditor } from '@huitong/oracle'
import { type RunningServer, readConfig, startServer } from '@huitong/server'
import { Random } from '../random.ts'
import { fen, yuan } from './amounts.ts'
import { bodyOf, type TradeClient, tradeClient } from './trade-client.ts'
import { registerPeople } from './trade-people.ts'
import { TRADE_STEPS, type TradeKnowledge } from './trade-steps.ts'

export interface TradeSimOptions {
  readonly operations: number
  readonly seed: number
  readonly customers: number
  /** Steps under way at once. */
  readonly atOnce: number
  readonly log: (line: string) => void
}

export interface TradeSimReport {
  readonly operations: number
  /** By name of the step: how often each status was answered. */
  readonly answers: ReadonlyMap<string, ReadonlyMap<string, number>>
  /** What coupons gave and did not get back. */
  readonly discountsMinor: bigint
  readonly differences: readonly string[]
}

const CLI = join(import.meta.dirname, '../../../apps/cli/src/main.ts')
const BUDGET = 20_000n
const FIRST_ORDER = 30_000n
const COUPON = { minimum: 500n, off: 120n }
const LINE_EVERY = 2_000
/** Income from fees. */
const FEES = 'subject=5001'

/**
 * A random history of payments over HTTP against a whole server: buyers, sellers and staff at once, repeats and refunds at
 * once among it. At the end every balance, fee, budget and limit must be what the auditor makes of requests and answers.
 */
export async function runTradeSim(options: TradeSimOptions): Promise<TradeSimReport> {
  const folder = await mkdtemp(join(tmpdir(), 'huitong-trades-'))
  const dataDir = join(folder, 'data')
  const server = await start(dataDir)
  try {
    const { token } = JSON.parse(await readFile(join(dataDir, 'server.json'), 'utf8'))
    return await new TradeRun(options, server, dataDir, String(token)).run()
  } finally {
    await server.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

async function start(dataDir: string): Promise<RunningServer> {
  const config = readConfig(['--data', dataDir, '--port', '0'], {})
  if (!config.ok || config.value === 'help') throw new Error('the server takes these options')
  return startServer(config.value, createLog({ level: 'silent' }), new AbortController().signal)
}

class TradeRun {
  readonly #options: TradeSimOptions
  readonly #dataDir: string
  readonly #operator: string
  readonly #client: TradeClient
  readonly #auditor = new TradeAuditor()
  readonly #answers = new Map<string, Map<string, number>>()
  #taken = 0

  constructor(options: TradeSimOptions, server: RunningServer, dataDir: string, operator: string) {
    this.#options = options
    this.#dataDir = dataDir
    this.#operator = operator
    this.#client = tradeClient(server.url)
  }

  async run(): Promise<TradeSimReport> {
    const { operations, seed, customers, atOnce, log } = this.#options
    log(`seed ${seed}: ${operations} steps of ${customers} customers, ${atOnce} at once`)
    const people = await registerPeople(this.#client, this.#operator, this.#auditor, customers)
    const fees = await this.#sumOf(FEES)
    const random = new Random(seed)
    const knowledge: TradeKnowledge = {
      ...{ client: this.#client, operator: this.#operator, auditor: this.#auditor, random, people },
      ...{ payments: [], escrows: [], packets: [], campaigns: [], number: 0 },
    }
    await this.#fund(knowledge)
    await Promise.all(Array.from({ length: atOnce }, () => this.#work(knowledge)))
    const differences = [...this.#auditor.contradictions, ...(await this.#compare(knowledge, fees)), ...this.#verify()]
    for (const [name, told] of this.#answers) {
      log(`${name.padEnd(16)} ${[...told].map(([status, count]) => `${status} ${count}`).join(', ')}`)
    }
    for (const difference of differences.slice(0, 20)) log(`DIFFERS (seed ${seed}): ${difference}`)
    if (differences.length === 0)
      log('nothing differs: every balance, fee, budget and limit is as predicted, and verify finds nothing')
    const { discountsMinor } = this.#auditor.predictions()
    return { operations: this.#taken, answers: this.#answers, discountsMinor, differences }
  }

  /** Every merchant earns a little and sets it aside for coupons. */
  async #fund(knowledge: TradeKnowledge): Promise<void> {
    const { client, people, auditor, operator } = knowledge
    for (const [index, merchant] of people.merchants.entries()) {
      const customer = people.customers[index]
      if (customer === undefined) throw new Error('fewer customers than merchants')
      bodyOf(await client.post(`/v1/wallets/${customer.id}/top-ups`, operator, { amount: yuan(FIRST_ORDER) }))
      auditor.toppedUp(customer.id, FIRST_ORDER)
      const order = {
        orderNumber: `FUND_${merchant.id}`,
        amount: yuan(FIRST_ORDER),
        subject: '首单',
        customer: customer.id,
      }
      const opened = bodyOf(await client.post('/v1/payments', merchant.apiKey, order))
      const paid = bodyOf(await client.post(`/v1/payments/${opened.id}/confirm`, customer.session))
      if (paid.state !== 'paid') throw new Error(`the first order was not paid: ${JSON.stringify(paid)}`)
      const seen = bodyOf(await client.get(`/v1/payments/${opened.id}`, merchant.apiKey))
      const parts = [{ tender: 'balance', funder: 'buyer', amountMinor: FIRST_ORDER } as const]
      const ids = { id: opened.id, buyer: customer.id, merchant: merchant.id }
      auditor.paid({ ...ids, totalMinor: FIRST_ORDER, parts, feeMinor: fen(seen.fee) })
      const terms = { name: '满减券', budget: yuan(BUDGET), minimum: yuan(COUPON.minimum), off: yuan(COUPON.off) }
      const campaign = { ...terms, validUntil: '2090-01-01T00:00:00Z', perPerson: 10 }
      const made = bodyOf(await client.post('/v1/merchant-coupon-campaigns', merchant.apiKey, campaign))
      auditor.budgeted(merchant.id, BUDGET)
      knowledge.campaigns.push(made.id)
    }
  }

  async #work(knowledge: TradeKnowledge): Promise<void> {
    const { operations, log } = this.#options
    while (this.#taken < operations) {
      this.#taken += 1
      if (this.#taken % LINE_EVERY === 0) log(`${this.#taken} steps`)
      const [name, , step] = this.#draw(knowledge.random)
      const { status, body } = await step(knowledge)
      const told = status < 300 ? (status === 0 ? 'nothing' : 'done') : `${status} ${String(body.code)}`
      const counts = this.#answers.get(name) ?? new Map<string, number>()
      counts.set(told, (counts.get(told) ?? 0) + 1)
      this.#answers.set(name, counts)
      if (status >= 500) throw new Error(`${name}: ${status} ${JSON.stringify(body)}`)
    }
  }

  #draw(random: Random): (typeof TRADE_STEPS)[number] {
    let left = random.below(TRADE_STEPS.reduce((sum, [, weight]) => sum + weight, 0))
    for (const drawn of TRADE_STEPS) {
      left -= drawn[1]
      if (left < 0) return drawn
    }
    throw new Error('nothing was drawn')
  }

  /** Of the balances of these accounts. */
  async #sumOf(query: string): Promise<bigint> {
    const { items } = bodyOf(await this.#client.get(`/v1/ledger/accounts?${query}&limit=200`, this.#operator))
    return items.reduce((sum: bigint, { balance }: { readonly balance: string }) => sum + fen(balance), 0n)
  }

  async #compare({ people, campaigns }: TradeKnowledge, feesBefore: bigint): Promise<readonly string[]> {
    const expected = this.#auditor.predictions()
    const differences: string[] = []
    const differ = (what: string, found: bigint, minor: bigint | undefined) => {
      if (found !== minor) differences.push(`${what}: ${found} and should be ${minor}`)
    }
    for (const { id, session } of people.customers) {
      const wallet = bodyOf(await this.#client.get(`/v1/wallets/${id}`, session))
      differ(`wallet of ${id}`, fen(wallet.balance), expected.wallets.get(id))
      const packets = bodyOf(await this.#client.get(`/v1/wallets/${id}/red-packet-money`, session))
      differ(`red packet money of ${id}`, fen(packets.available), expected.packetMoney.get(id))
      const { limits } = bodyOf(await this.#client.get(`/v1/customers/${id}/limits`, session))
      const year = limits.find((one: { window: string }) => one.window === 'year')
      differ(`year of ${id}`, fen(year.used), expected.spent.get(id))
    }
    for (const { id } of people.merchants) {
      differ(
        `account of merchant ${id}`,
        await this.#sumOf(`subject=2002&owner=${ownerOf(id)}`),
        expected.merchants.get(id),
      )
    }
    differ('held in escrow', await this.#sumOf('subject=2004'), expected.escrowMinor)
    let used = 0n
    for (const id of campaigns) {
      const campaign = bodyOf(await this.#client.get(`/v1/coupon-campaigns/${id}`, this.#operator))
      used += fen(campaign.money.spent)
    }
    differ('used of the budgets', used, expected.discountsMinor)
    differ('fees', (await this.#sumOf(FEES)) - feesBefore, expected.feesMinor)
    return differences
  }

  #verify(): readonly string[] {
    const ended = spawnSync(process.execPath, [CLI, 'ledger', 'verify', '--data', this.#dataDir, '--json'], {
      encoding: 'utf8',
    })
    const report: { readonly sound: boolean; readonly findings: readonly unknown[] } = JSON.parse(ended.stdout)
    return report.sound ? [] : report.findings.map((finding) => `verify: ${JSON.stringify(finding)}`)
  }
}

/** As the ledger names the owner of a merchant's accounts. */
function ownerOf(merchant: string): string {
  const id = parsePublicId('mrch', merchant)
  if (!id.ok) throw new Error(`no id of a merchant: ${merchant}`)
  return `merchant:${id.value}`
}
