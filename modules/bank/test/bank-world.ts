import { committerMigrations, startCommitter, WorkingSet } from '@huitong/committer'
import { SCOPES } from '@huitong/contract'
import { type Authenticator, createHttp, createLog } from '@huitong/http'
import type { IsoMessage } from '@huitong/iso20022'
import {
  beijingDay,
  CHINA_2026,
  CNY,
  type CurrencyCode,
  manualClock,
  parsePublicId,
  publicId,
  seededChance,
} from '@huitong/kernel'
import {
  adoptChart,
  createBooks,
  createLedgerCommands,
  ledgerHeadStore,
  ledgerMigrations,
  verifyLedger,
} from '@huitong/ledger'
import { createParty, createVault, partyMigrations } from '@huitong/party'
import { createInstitution } from '@huitong/testing'
import {
  addBankRoutes,
  BANK_TIES,
  bankMigrations,
  createBank,
  createDemoPhones,
  GROSS_FROM,
  GROSS_UNTIL,
} from '../src/index.ts'

export const HUB = '990900000095'
export const US = '990100000011'
export const THEM = '990200000028'
/** A Monday morning in Beijing. */
const START = Date.UTC(2026, 2, 16, 1, 0, 0) * 1000

export const ALL_STAFF = `staff ${SCOPES.join(' ')}`

/** `Bearer staff scope scope`, `Bearer customer cust_… scope`, or `Bearer peer 990… scope`. */
const bearer: Authenticator = async ({ headers }) => {
  const [, kind, ...words] = (headers.authorization ?? '').split(' ')
  if (kind === undefined) return undefined
  const scopes = new Set(SCOPES.filter((scope) => words.includes(scope)))
  if (kind === 'staff') return { kind, id: 'staff:1', scopes }
  if (kind === 'merchant') return { kind, id: 'merchant:1', scopes }
  if (kind === 'peer') return { kind, id: `peer:${words[0]}`, peerId: words[0] ?? '', scopes }
  const customer = parsePublicId('cust', words[0] ?? '')
  if (kind !== 'customer' || !customer.ok) return 'invalid'
  return { kind, id: `customer:${customer.value}`, customerId: customer.value, scopes }
}

export const PLATFORM = '990700000071'

interface OrderChange {
  readonly from?: string
  readonly agreement?: string
  readonly amount?: bigint
  readonly currency?: CurrencyCode
  readonly uetr?: string
  /** Seconds. */
  readonly age?: number
  readonly creditorAgent?: string
  readonly twice?: boolean
}

export interface Answer {
  readonly status: number
  readonly body: Readonly<Record<string, unknown>> & { readonly items?: readonly Readonly<Record<string, unknown>>[] }
}

/** A bank's routes on a port of their own. What it tells the clearing house goes nowhere; what that says, the test says. */
export async function startBankWorld(options: { readonly demo?: boolean; readonly connected?: boolean } = {}) {
  const { demo = true, connected = true } = options
  const institution = await createInstitution([committerMigrations, ledgerMigrations, partyMigrations, bankMigrations])
  const clock = manualClock(START)
  const chance = seededChance(5)
  const set = new WorkingSet()
  const books = createBooks(set)
  const party = createParty(set)
  const commands = createLedgerCommands(set, books)
  const told: IsoMessage[] = []
  /** What platforms are told. */
  const toPlatforms: { readonly to: string; readonly message: IsoMessage }[] = []
  const phones = createDemoPhones()
  const bank = createBank(set, {
    ...{ books, party, member: US, clearingHouse: HUB, clearingSystem: 'EPCC', issuer: '6217', faultsAllowed: demo },
    send: (to, message) => (to === HUB ? told.push(message) : toPlatforms.push({ to, message })),
    hours: { calendar: CHINA_2026, from: GROSS_FROM, until: GROSS_UNTIL },
  })
  const committer = await startCommitter({
    ...{ set, heads: ledgerHeadStore('2026-03-16'), connect: () => institution.dedicated(), holder: 'test', clock },
  })
  const { db } = institution
  await adoptChart({ db, committer, commands, kind: 'bank' })
  const vault = createVault([{ version: 1, secret: chance.bytes(32) }], chance.bytes(32), chance)
  const http = await createHttp({
    log: createLog({ level: 'silent' }),
    authenticate: [bearer],
    approvals: 'unwatched',
  })
  addBankRoutes(http, {
    db,
    committer,
    bank,
    books,
    vault,
    chance,
    clock,
    demo: demo ? phones : undefined,
    phones: connected ? phones : undefined,
  })
  const { port } = await http.listen({ host: '127.0.0.1', port: 0 })
  let keys = 0

  async function ask(
    method: 'GET' | 'POST',
    path: string,
    body?: object,
    more: { readonly as?: string | null; readonly key?: string } = {},
  ): Promise<Answer> {
    keys += 1
    const { as = ALL_STAFF, key = `bank ${keys}` } = more
    const answer = await fetch(`http://127.0.0.1:${port}/v1/${path}`, {
      method,
      headers: {
        ...(as === null ? {} : { authorization: `Bearer ${as}` }),
        ...(method === 'POST' ? { 'content-type': 'application/json', 'idempotency-key': key } : {}),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const parsed: Answer['body'] = JSON.parse(await answer.text())
    return { status: answer.status, body: parsed }
  }

  const hear = async (message: IsoMessage) => {
    const outcome = await committer.submit({ kind: bank.receive, input: { from: HUB, message } })
    return outcome.status === 'done' ? outcome.answer.result : outcome.status
  }
  const header = (to: string) => ({
    messageId: `M${chance.uuid().slice(0, 20)}`,
    createdAt: clock.now(),
    from: HUB,
    to,
  })

  return {
    ...{ http, bank, clock, committer, ask, told, toPlatforms, phones, hear },
    get: (path: string, as?: string) => ask('GET', path, undefined, as === undefined ? {} : { as }),
    post: (path: string, body: object = {}, more: { as?: string | null; key?: string } = {}) =>
      ask('POST', path, body, more),
    /** The clearing house says how a transfer stands. */
    says: (uetr: string, status: string, reason?: string) =>
      hear({
        kind: 'status_report',
        value: {
          ...header(US),
          statuses: [
            {
              ...{ originalMessageId: 'M', originalMessage: 'pacs.008.001.08', originalUetr: uetr, status },
              ...(reason === undefined ? {} : { reason }),
            },
          ],
        },
      }),
    /** Somebody at the other bank pays an account of ours; the UETR. */
    incoming: async (account: string, name: string, minor: bigint) => {
      const uetr = chance.uuid()
      const amount = { minor, currency: CNY }
      await hear({
        kind: 'credit_transfer',
        value: {
          ...{ ...header(US), count: 1, total: amount, settlementMethod: 'CLRG', clearingSystem: 'EPCC' },
          transfers: [
            {
              ...{ instructionId: 'I1', endToEndId: `E${uetr.slice(0, 8)}`, transactionId: 'T1', uetr, amount },
              ...{ chargeBearer: 'SLEV', debtorName: '李四', debtorAccount: '6218000000000000011', debtorAgent: THEM },
              ...{ creditorAgent: US, creditorName: name, creditorAccount: account },
            },
          ],
        },
      })
      return uetr
    },
    cancellationOf: (uetr: string, minor: bigint) =>
      hear({
        kind: 'cancellation_request',
        value: {
          ...header(US),
          cancellations: [
            {
              ...{
                originalMessageId: 'M',
                originalMessage: 'pacs.008.001.08',
                originalUetr: uetr,
                cancellationId: 'C1',
              },
              ...{ reason: 'CUST', originalAmount: { minor, currency: CNY } },
            },
          ],
        },
      }),
    findings: async () => {
      await committer.flush()
      return (await verifyLedger(db, { ties: BANK_TIES })).findings
    },
    asOwner: async (text: string) => (await institution.dedicated({})).sql.unsafe(text),
    /** An agreement in force, as a platform makes one. */
    agreement: async (account: string, factors: { nameHash: string; identityHash: string; phoneHash: string }) => {
      const input = {
        ...{ ...factors, platform: PLATFORM, platformAccount: '6300000000000000', account, codeHash: 'c' },
        ...{ singleMaxMinor: 1000n, dayMaxMinor: 1500n },
      }
      const bound = await committer.submit({ kind: bank.bind, input })
      if (bound.status !== 'done') throw new Error(JSON.stringify(bound))
      const { id } = bound.answer
      await committer.submit({
        kind: bank.confirmAgreement,
        input: { platform: PLATFORM, agreement: id, codeHash: 'c' },
      })
      return publicId('dagr', id)
    },
    /** An order of a platform, as a message; what the bank made of it. */
    order: async (change: OrderChange = {}) => {
      const {
        from = PLATFORM,
        agreement = 'dagr_0000zzzzz00r',
        amount = 1n,
        currency = CNY,
        uetr = chance.uuid(),
      } = change
      const { age = 0, creditorAgent = from, twice = false } = change
      const transfer = {
        ...{ endToEndId: `E${uetr.slice(0, 8)}`, uetr, amount: { minor: amount, currency }, creditorAgent },
        ...{ creditorName: 'Yunhe Pay', creditorAccount: '6300000000000000' },
      }
      const transfers = twice ? [transfer, { ...transfer, endToEndId: 'E2' }] : [transfer]
      const message: IsoMessage = {
        kind: 'customer_initiation',
        value: {
          ...{ messageId: `P${uetr.slice(0, 20)}`, createdAt: clock.now() - age * 1_000_000, count: transfers.length },
          initiator: 'Yunhe Pay',
          orders: [
            {
              ...{ id: agreement, method: true, executeOn: beijingDay(clock.now()), debtorName: 'Yunhe Pay' },
              ...{ debtorAccount: agreement, debtorAgent: US, transfers },
            },
          ],
        },
      }
      const outcome = await committer.submit({ kind: bank.receive, input: { from, message } })
      const result = outcome.status === 'done' ? outcome.answer.result : outcome.status
      return { result, uetr }
    },
    vault,
    stop: async () => {
      await http.drain(1000)
      await committer.stop()
    },
  }
}

export type BankWorld = Awaited<ReturnType<typeof startBankWorld>>
