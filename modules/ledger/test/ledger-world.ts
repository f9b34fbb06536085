import { type CommandKind, type Committer, committerMigrations, startCommitter, WorkingSet } from '@huitong/committer'
import { type Clock, CNY, type CurrencyCode, ok, systemClock } from '@huitong/kernel'
import { createInstitution, type TestInstitution } from '@huitong/testing'
import { type Books, createBooks } from '../src/books.ts'
import { ledgerHeadStore } from '../src/head-store.ts'
import { createLedgerCommands, type LedgerCommands } from '../src/ledger-commands.ts'
import { ledgerMigrations } from '../src/migrations.ts'
import type { PostingLeg } from '../src/posting-command.ts'
import type { SubjectCode } from '../src/subjects.ts'

/** An institution of its own with a running committer and nothing but the ledger in it. */
export interface LedgerWorld {
  readonly institution: TestInstitution
  readonly committer: Committer
  readonly commands: LedgerCommands
  readonly books: Books
  /** Opens a customer's wallet as the modules that know customers do. */
  openWallet(): Promise<number>
  open(subject: SubjectCode, floorMinor?: bigint | null, currency?: CurrencyCode): Promise<number>
}

export async function startLedgerWorld(
  options: { readonly clock?: Clock; readonly institution?: TestInstitution; readonly partitionBatches?: number } = {},
): Promise<LedgerWorld> {
  const institution = options.institution ?? (await createInstitution([committerMigrations, ledgerMigrations]))
  const set = new WorkingSet()
  const books = createBooks(set)
  const commands = createLedgerCommands(set, books)
  const openWallet: CommandKind<number, number> = {
    name: 'test.open-wallet',
    need: () => undefined,
    decide: (slot) => {
      const request = { slot, subject: '2001', currency: CNY, owner: 'customer:7', floorMinor: 0n } as const
      const opened = books.openAccount(request)
      return opened.ok ? ok(opened.value.id) : opened
    },
    form: String,
    encode: String,
    decode: Number,
  }
  const committer = await startCommitter({
    set,
    heads: ledgerHeadStore('2026-11-22', options.partitionBatches),
    connect: () => institution.dedicated(),
    holder: 'test',
    clock: options.clock ?? systemClock(),
  })
  return {
    institution,
    committer,
    commands,
    books,
    openWallet: async () => {
      const outcome = await committer.submit({ kind: openWallet, input: 77 })
      if (outcome.status !== 'done') throw new Error(`the wallet was not opened: ${JSON.stringify(outcome)}`)
      return outcome.answer
    },
    open: async (subject, floorMinor = null, currency = CNY) => {
      const outcome = await committer.submit({
        kind: commands.openAccount,
        input: { slot: 0, subject, currency, owner: null, floorMinor },
      })
      if (outcome.status !== 'done') throw new Error(`the account was not opened: ${JSON.stringify(outcome)}`)
      return outcome.answer.account
    },
  }
}

export function move(debit: number, credit: number, amountMinor: bigint): PostingLeg {
  return {
    type: 'transfer',
    debit,
    credit,
    amountMinor,
    currency: CNY,
    code: 'adjustment',
    reference: null,
    expiresAt: null,
  }
}

export function promise(
  debit: number,
  credit: number,
  amountMinor: bigint,
  expiresAt: number | null = null,
): PostingLeg {
  return { type: 'hold', debit, credit, amountMinor, currency: CNY, code: 'adjustment', reference: null, expiresAt }
}
