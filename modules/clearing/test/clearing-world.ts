import { type Committer, committerMigrations, type Outcome, startCommitter, WorkingSet } from '@huitong/committer'
import {
  type CreditTransfer,
  type IsoMessage,
  readIsoMessage,
  type StatusReport,
  writeIsoMessage,
} from '@huitong/iso20022'
import { CNY, type ManualClock, manualClock, seededChance } from '@huitong/kernel'
import {
  adoptChart,
  type Books,
  createBooks,
  createLedgerCommands,
  ledgerHeadStore,
  ledgerMigrations,
} from '@huitong/ledger'
import type { InstitutionDatabase } from '@huitong/pg'
import { createInstitution } from '@huitong/testing'
import {
  CLEARING_TIES,
  type Clearing,
  type ClearingQueries,
  clearingMigrations,
  createClearing,
  createClearingQueries,
} from '../src/index.ts'

export const HUB = '990900000095'
export const BANK_A = '990100000011'
export const BANK_B = '990200000028'
export const BANK_C = '990300000030'
const START = Date.UTC(2026, 2, 16, 1, 0, 0) * 1000

/** A clearing house with a running committer. What it sends is written, read back and held against its schema. */
export interface ClearingWorld {
  readonly db: InstitutionDatabase
  readonly books: Books
  /** Runs SQL as the owner of the tables, who can change what no program may. */
  asOwner(text: string): Promise<unknown>
  readonly committer: Committer
  readonly clearing: Clearing
  readonly queries: ClearingQueries
  readonly clock: ManualClock
  admit(member: string, fundsMinor: bigint, capMinor?: bigint): Promise<void>
  /** Takes a message in; what came of it. */
  receive(from: string, message: IsoMessage): Promise<string>
  /** What was sent since the last look, in order. */
  sent(): Promise<readonly { readonly to: string; readonly message: IsoMessage }[]>
  /** What was sent since the last look, as `to status` or `to kind`. */
  told(): Promise<readonly string[]>
  /** Posted and available on a position account. */
  position(member: string): Promise<readonly [posted: bigint, available: bigint]>
  /** Must be nothing: the books' sum and the netting account; and every hold belongs to something open. */
  untied(): Promise<readonly string[]>
  transfer(change?: Partial<CreditTransfer>, messageId?: string): CreditTransferOf
  answer(uetr: string, status: string, reason?: string): IsoMessage
  id(): string
  uetr(): string
  stop(): Promise<void>
}

type CreditTransferOf = Extract<IsoMessage, { kind: 'credit_transfer' }>

export async function startClearingWorld(seed: number): Promise<ClearingWorld> {
  const institution = await createInstitution([ledgerMigrations, committerMigrations, clearingMigrations])
  const clock = manualClock(START)
  const chance = seededChance(seed)
  const set = new WorkingSet()
  const books = createBooks(set)
  const commands = createLedgerCommands(set, books)
  const send = (to: string, message: IsoMessage) =>
    set.emit({
      ...{ topic: 'test.sent', key: to },
      body: JSON.stringify({ xml: Buffer.from(writeIsoMessage(message)).toString('utf8') }),
    })
  const clearing = createClearing(set, { books, send, member: HUB })
  const committer = await startCommitter({
    ...{ set, heads: ledgerHeadStore('2026-03-16'), connect: () => institution.dedicated(), holder: 'test', clock },
  })
  await adoptChart({ db: institution.db, committer, commands, kind: 'clearing_house' })
  const queries = createClearingQueries(institution.db)
  let counter = 0
  let seen = { batch: 0, position: -1 }

  const world: ClearingWorld = {
    ...{ db: institution.db, books, committer, clearing, queries, clock },
    asOwner: async (text) => (await institution.dedicated({})).sql.unsafe(text),
    admit: async (member, amountMinor, capMinor = 0n) => {
      answerOf(await committer.submit({ kind: clearing.admit, input: { member, name: `Bank ${member}` } }))
      if (amountMinor > 0n) answerOf(await committer.submit({ kind: clearing.fund, input: { member, amountMinor } }))
      if (capMinor > 0n) {
        answerOf(await committer.submit({ kind: clearing.setCap, input: { member, amountMinor: capMinor } }))
      }
    },
    receive: async (from, message) => {
      const outcome = await committer.submit({ kind: clearing.receive, input: { from, message } })
      if (outcome.status === 'refused') return `refused ${outcome.refusal.code}`
      const { result, reason } = answerOf(outcome)
      return reason === null ? result : `${result} ${reason}`
    },
    sent: async () => {
      const rows = await institution.db.read(
        (tx) => tx.sql<{ batch: bigint; position: number; key: string; body: { xml: string } }[]>`
          select batch, position, key, body from committer_outbox
          where topic = 'test.sent' and (batch, position) > (${seen.batch}, ${seen.position}) order by batch, position`,
      )
      const last = rows.at(-1)
      if (last !== undefined) seen = { batch: Number(last.batch), position: last.position }
      return rows.map(({ key, body }) => {
        const read = readIsoMessage(Buffer.from(body.xml, 'utf8'), { maxBytes: 100_000 })
        if (!read.ok) throw new Error(`what was sent is not valid: ${JSON.stringify(read.error)}`)
        return { to: key, message: read.value }
      })
    },
    told: async () =>
      (await world.sent()).map(({ to, message }) => {
        const name = { [BANK_A]: 'A', [BANK_B]: 'B', [BANK_C]: 'C' }[to] ?? to
        return `${name} ${said(message)}`
      }),
    position: async (member) => {
      await committer.flush()
      const [row] = await institution.db.read(
        (tx) => tx.sql<{ posted: bigint; available: bigint }[]>`
          select b.credits_posted - b.debits_posted as posted, b.credits_posted - b.debits_posted - b.debits_pending as available
          from clearing_participants p join ledger_balances b on b.account_id = p.account_id where p.member = ${member}`,
      )
      return [row?.posted ?? -1n, row?.available ?? -1n]
    },
    untied: async () => {
      await committer.flush()
      const rows = await institution.db.read(
        (tx) => tx.sql<{ what: string; differs: string }[]>`
          with had as (
            select a.subject, b.credits_posted - b.debits_posted as minor, b.debits_pending, b.credits_pending
            from ledger_accounts a join ledger_balances b on b.account_id = a.id
          ), covered as (select coalesce(sum(cap_minor), 0) as minor from clearing_participants)
          select 'all accounts' as what, sum(minor)::text as differs from had
          union all
          select 'netting', coalesce(sum(minor), 0)::text from had where subject = '2003'
          union all
          select 'covers of caps', (coalesce(sum(credits_pending), 0) - (select minor from covered))::text
          from had where subject = '2003'
          union all
          select 'open gross payments', (coalesce(sum(debits_pending), 0) - (select minor from covered) - coalesce((
            select sum(amount_minor) from clearing_payments where state = 'forwarded' and mode = 'gross'), 0))::text
          from had where subject = '2501'
          union all
          select 'reserved of ' || p.member, (p.reserved_minor - coalesce((
            select sum(amount_minor) from clearing_payments c
            where c.state = 'forwarded' and c.mode = 'net' and c.payer = p.member), 0))::text
          from clearing_participants p
          union all
          select 'window ' || w.number, (w.gross_minor - coalesce((
            select sum(p.sent_minor) from clearing_positions p where p.window_number = w.number), 0))::text
          from clearing_windows w`,
      )
      const ties = []
      for (const { name, differences } of CLEARING_TIES) {
        for (const { what, expected, found } of await institution.db.read(differences)) {
          ties.push(`${name} of ${what}: ${found}, not ${expected}`)
        }
      }
      return [
        ...rows.filter(({ differs }) => differs !== '0').map(({ what, differs }) => `${what}: ${differs}`),
        ...ties,
      ]
    },
    transfer: (change = {}, messageId = world.id()) => {
      const amount = change.amount ?? { minor: 12_850n, currency: CNY }
      const transfer: CreditTransfer = {
        ...{ instructionId: `${messageId}-I`, endToEndId: `E${messageId}`, transactionId: `T${messageId}` },
        ...{
          uetr: world.uetr(),
          amount,
          chargeBearer: 'SLEV',
          debtorName: '张伟',
          debtorAccount: '6217000000000000011',
        },
        ...{ debtorAgent: BANK_A, creditorAgent: BANK_B, creditorName: '杭州测试', creditorAccount: '33010000000022' },
        ...change,
      }
      return {
        kind: 'credit_transfer',
        value: {
          ...{ messageId, createdAt: clock.now(), count: 1, total: amount, settlementMethod: 'CLRG' },
          ...{ clearingSystem: 'EPCC', from: transfer.debtorAgent, to: HUB, transfers: [transfer] },
        },
      }
    },
    answer: (uetr, status, reason) => {
      const statuses: StatusReport[] = [
        {
          ...{ originalMessageId: 'M', originalMessage: 'pacs.008.001.08', originalUetr: uetr, status },
          ...(reason === undefined ? {} : { reason }),
        },
      ]
      return {
        kind: 'status_report',
        value: { messageId: world.id(), createdAt: clock.now(), from: BANK_B, to: HUB, statuses },
      }
    },
    id: () => {
      counter += 1
      return `M${String(counter).padStart(6, '0')}`
    },
    uetr: () => chance.uuid(),
    stop: () => committer.stop(),
  }
  return world
}

function said(message: IsoMessage): string {
  if (message.kind === 'status_report') {
    const [status] = message.value.statuses
    return status?.reason === undefined ? `${status?.status}` : `${status.status} ${status.reason}`
  }
  if (message.kind === 'resolution') {
    const [resolved] = message.value.resolved
    const reason = resolved?.reason === undefined ? '' : ` ${resolved.reason}`
    return `${message.value.confirmation}${reason}`
  }
  return message.kind
}

export function answerOf<Answer>(outcome: Outcome<Answer>): Answer {
  if (outcome.status !== 'done') throw new Error(`not done: ${JSON.stringify(outcome)}`)
  return outcome.answer
}
