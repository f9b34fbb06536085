import type { Micros } from '@huitong/kernel'
import type { ReadTx } from '@huitong/pg'
import type { BankAccount } from './account.ts'
import { type AccountRow, accountOf } from './account-store.ts'
import type { Agreement } from './agreement.ts'
import { type AgreementRow, agreementOf } from './agreement-store.ts'
import type { Payment, PaymentState } from './payment.ts'
import { type PaymentRow, paymentOf } from './payment-store.ts'

/** By the ledger's number of them, which is how they are called outside: an account number would stand in logs. */
export async function findAccount(tx: ReadTx, account: number): Promise<BankAccount | undefined> {
  const rows = await tx.sql<AccountRow[]>`
    select *, spent_on::text, wrong_on::text from bank_accounts where account_id = ${account}`
  return rows.map(accountOf)[0]
}

/** In the order in which they were opened, of one customer or all; up to limit + 1 of them. */
export async function listAccounts(
  { sql }: ReadTx,
  customer: number | undefined,
  after: number,
  limit: number,
): Promise<readonly BankAccount[]> {
  const rows = await sql<AccountRow[]>`
    select *, spent_on::text, wrong_on::text from bank_accounts
    where account_id > ${after} and ${customer === undefined ? sql`true` : sql`customer_id = ${customer}`}
    order by account_id limit ${limit + 1}`
  return rows.map(accountOf)
}

/** A payment, and the ledger's number of its account. */
export interface PaymentView {
  readonly payment: Payment
  readonly account: number | null
}

type ViewRow = PaymentRow & { readonly ledger_account: bigint | null }

function viewOf(row: ViewRow): PaymentView {
  return { payment: paymentOf(row), account: row.ledger_account === null ? null : Number(row.ledger_account) }
}

export async function findPayment({ sql }: ReadTx, reference: string): Promise<PaymentView | undefined> {
  const rows = await sql<ViewRow[]>`
    select p.*, a.account_id as ledger_account from bank_payments p left join bank_accounts a on a.number = p.account_number
    where p.reference = ${reference}`
  return rows.map(viewOf)[0]
}

/** Which payments are asked for; what is left out is any. */
export interface PaymentFilter {
  /** An account number. */
  readonly account?: string
  readonly state?: PaymentState
  readonly way?: 'in' | 'out'
  /** Those that somebody has to look at: contradicted, in suspense, or asked back by another bank. */
  readonly attention?: boolean
  /** The last one of the page before. */
  readonly after?: { readonly madeAt: Micros; readonly id: number }
  readonly limit: number
}

// Above every row, so that the first page is asked for in the same words as the others.
const NEWEST = { madeAt: 9_000_000_000_000_000, id: Number.MAX_SAFE_INTEGER }

/** Newest first, up to limit + 1 of them. */
export async function listPayments({ sql }: ReadTx, filter: PaymentFilter): Promise<readonly PaymentView[]> {
  const { account, state, way, attention, after = NEWEST, limit } = filter
  const rows = await sql<ViewRow[]>`
    select p.*, a.account_id as ledger_account from bank_payments p left join bank_accounts a on a.number = p.account_number
    where ${account === undefined ? sql`true` : sql`p.account_number = ${account}`}
      and ${state === undefined ? sql`true` : sql`p.state = ${state}`}
      and ${way === undefined ? sql`true` : sql`p.way = ${way}`}
      and ${attention === true ? sql`(p.contradicted or p.in_suspense or (p.way = 'in' and p.cancellation = 'pending'))` : sql`true`}
      and (p.made_at, p.id) < (${after.madeAt}::timestamptz, ${after.id}::int8)
    order by p.made_at desc, p.id desc limit ${limit + 1}`
  return rows.map(viewOf)
}

/** Of an account, or of all accounts of a customer, by id. */
export async function listAgreements(
  { sql }: ReadTx,
  of: { readonly account: string } | { readonly customer: number },
): Promise<readonly (Agreement & { readonly ledgerAccount: number })[]> {
  const rows = await sql<(AgreementRow & { readonly ledger_account: bigint })[]>`
    select g.*, g.spent_on::text, a.account_id as ledger_account
    from bank_agreements g join bank_accounts a on a.number = g.account_number
    where ${'account' in of ? sql`g.account_number = ${of.account}` : sql`a.customer_id = ${of.customer}`}
    order by g.id`
  return rows.map((row) => ({ ...agreementOf(row), ledgerAccount: Number(row.ledger_account) }))
}
