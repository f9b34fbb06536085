import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { seededChance, shiftedClock, systemClock } from '@huitong/kernel'
import { committerRole, type Database, type EmbeddedServer, migrate, openDatabase, startEmbedded } from '@huitong/pg'
import {
  BANK_TABLES,
  type BankNode,
  type Carried,
  CLEARING_HOUSE_TABLES,
  createWire,
  fundPosition,
  type HubNode,
  type NodeOptions,
  openBank,
  openHub,
  type WireEnd,
} from '@huitong/sim'

export const PAYER_BANK = '990100000011'
export const PAYEE_BANK = '990200000028'

/** A clearing house and two banks on one embedded server with the settings that `npm start` uses, and the wire between them. */
export interface ClearingBenchWorld {
  readonly server: EmbeddedServer
  readonly hub: HubNode
  readonly payerBank: BankNode
  readonly payeeBank: BankNode
  readonly payers: readonly string[]
  readonly payees: readonly string[]
  readonly payeeName: string
  /** Called with each message that was carried and taken in. */
  onCarried: (carried: Carried) => void
  onFailed: (error: unknown) => void
  stop(): Promise<void>
}

/** Gross payments are sent on business days only, so the world's day is one, whenever it is measured: a Monday at nine in Beijing. */
const OPENING = Date.UTC(2026, 2, 16, 1, 0, 0) * 1000
const CASH = 10n ** 12n

export async function startClearingWorld(accounts: number): Promise<ClearingBenchWorld> {
  const dataDir = await mkdtemp(join(process.env.HUITONG_BENCH_DIR ?? tmpdir(), 'huitong-bench-'))
  const server = await startEmbedded({ dataDir })
  const database = openDatabase(server.connection)
  const real = systemClock()
  const clock = shiftedClock(real, OPENING - real.now())
  const chance = seededChance(2026)
  const pumps: (() => void)[] = []
  const node = async (schema: string, tables: Parameters<typeof migrate>[2], index: number): Promise<NodeOptions> => ({
    ...{ place: await placeOf(database, schema, tables), clock, chance, onCommitted: () => pumps[index]?.() },
  })
  const hub = await openHub(await node('hub', CLEARING_HOUSE_TABLES, 0))
  const payerBank = await openBank(PAYER_BANK, await node('payer_bank', BANK_TABLES, 1))
  const payeeBank = await openBank(PAYEE_BANK, await node('payee_bank', BANK_TABLES, 2))
  const ends = [hub.end, payerBank.end, payeeBank.end]
  const wire = createWire(ends)
  const payeeName = '商户'
  const payers: string[] = []
  const payees: string[] = []
  for (let index = 0; index < accounts; index += 1) {
    payers.push(await payerBank.openAccount('付款人', CASH))
    payees.push(await payeeBank.openAccount(payeeName, CASH))
  }
  const position = (CASH * BigInt(accounts)) / 2n
  await fundPosition(hub, payerBank, position)
  await fundPosition(hub, payeeBank, position)

  const world: ClearingBenchWorld = {
    ...{ server, hub, payerBank, payeeBank, payers, payees, payeeName },
    onCarried: () => undefined,
    onFailed: (error) => {
      throw error
    },
    stop: async () => {
      for (const { committer } of [payerBank, payeeBank, hub]) await committer.stop()
      await database.close()
      await server.stop()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
  for (const [index, end] of ends.entries()) pumps[index] = pumpOf(end)
  return world

  /** Carries after each commit; a commit during a look is looked at afterwards. */
  function pumpOf(end: WireEnd): () => void {
    let looking = false
    let again = false
    const look = async (): Promise<void> => {
      if (looking) {
        again = true
        return
      }
      looking = true
      try {
        do {
          again = false
          await wire.carryFrom(
            end,
            (carried) => world.onCarried(carried),
            (error) => world.onFailed(error),
          )
        } while (again)
      } finally {
        looking = false
      }
    }
    return () => {
      look().catch((error: unknown) => world.onFailed(error))
    }
  }
}

async function placeOf(database: Database, schema: string, tables: Parameters<typeof migrate>[2]) {
  await migrate(database, schema, tables)
  return {
    db: database.institution(schema),
    connect: () => database.dedicated(schema, { role: committerRole }),
  }
}
