import { randomUUID } from 'node:crypto'
import { committerMigrations, startCommitter, WorkingSet } from '@huitong/committer'
import { SCOPES } from '@huitong/contract'
import { type Authenticator, createHttp, createLog } from '@huitong/http'
import type { IsoMessage } from '@huitong/iso20022'
import { CHINA_2026, CNY, manualClock, parsePublicId, publicId, seededChance } from '@huitong/kernel'
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
import { addBankRoutes, BANK_TIES, bankMigrations, createBank, GROSS_FROM, GROSS_UNTIL } from '../src/index.ts'

export const HUB = '990900000095'
export const US = '990100000011'
export const THEM = '990200000028'
/** A Monday morning in Beijing. */
const START = Date.UTC(2026, 2, 16, 1, 0, 0) * 1000

export const ALL_STAFF = `staff ${SCOPES.join(' ')}`

/** `Bearer staff scope scope`, or `Bearer customer cust_… scope`. */
const bearer: Authenticator = async ({ headers }) => {
  const [, kind, ...words] = (headers.authorization ?? '').split(' ')
  if (kind === undefined) return undefined
  const scopes = new Set(SCOPES.filter((scope) => words.includes(scope)))
  if (kind === 'staff') return { kind, id: 'staff:1', scopes }
  if (kind === 'merchant') return { kind, id: 'merchant:1', scopes }
  const customer = parsePublicId('cust', words[0] ?? '')
  if (kind !== 'customer' || !customer.ok) return 'invalid'
  return { kind, id: `customer:${customer.value}`, customerId: customer.value, scopes }
}

export interface Answer {
  readonly status: number
  readonly body: Readonly<Record<string, unknown>> & { readonly items?: readonly Readonly<Record<string, unknown>>[] }
}

/** A bank's routes on a port of their own. What it tells the clearing house goes nowhere; what that says, the test says. */
export async function startBankWorld(options: { readonly demo?: boolean } = {}) {
  const { demo = true } = options
  const institution = await createInstitution([committerMigrations, ledgerMigrations, partyMigrations, bankMigrations])
  const clock = manualClock(START)
  const chance = seededChance(5)
  const set = new WorkingSet()
  const books = createBooks(set)
  const party = createParty(set)
  const commands = createLedgerCommands(set, books)
  const told: IsoMessage[] = []
  const bank = createBank(set, {
    ...{ books, party, member: US, clearingHouse: HUB, clearingSystem: 'EPCC', issuer: '6217', faultsAllowed: demo },
    send: (_to, message) => told.push(message),
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
  addBankRoutes(http, { db, committer, bank, books, vault, chance, clock, demo })
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
    ...{ http, bank, clock, committer, ask, told, hear },
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
        ...{ ...factors, platform: '990700000071', platformAccount: '6300000000000000', account, codeHash: 'c' },
        ...{ singleMaxMinor: 1000n, dayMaxMinor: 1500n },
      }
      const bound = await committer.submit({ kind: bank.bind, input })
      if (bound.status !== 'done') throw new Error(JSON.stringify(bound))
      const { id } = bound.answer
      await committer.submit({
        kind: bank.confirmAgreement,
        input: { platform: '990700000071', agreement: id, codeHash: 'c' },
      })
      return publicId('dagr', id)
    },
    /** A debit of 0.01 by the platform that made the agreement. */
    debit: async (id: string) => {
      const agreement = parsePublicId('dagr', id)
      if (!agreement.ok) throw new Error(id)
      const input = { platform: '990700000071', agreement: agreement.value, amountMinor: 1n, payeeName: 'Yunhe' }
      return committer.submit({ kind: bank.debit, input: { ...input, remittance: null, uetr: randomUUID() } })
    },
    vault,
    stop: async () => {
      await http.drain(1000)
      await committer.stop()
    },
  }
}

export type BankWorld = Awaited<ReturnType<typeof startBankWorld>>
