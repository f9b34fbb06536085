import {
  AmountText,
  decodeCursor,
  encodeCursor,
  LineText,
  PAGE_LIMIT_DEFAULT,
  PAGE_QUERY,
  Page,
  PublicId,
  pageOf,
} from '@huitong/contract'
import { badField, type HttpApp, outcomeToReply, reply } from '@huitong/http'
import { publicId } from '@huitong/kernel'
import { readCustomerRegistration } from '@huitong/party'
import Type from 'typebox'
import type { AccountAnswer } from './account-commands.ts'
import { listAccounts } from './bank-read-store.ts'
import { ACCOUNT_ID, AccountBody, AccountNumber, accountBody, CUSTOMER_ID } from './bank-views.ts'
import { factorsOf } from './factors.ts'
import {
  accountOf,
  BANK_MOVE,
  BANK_READ,
  BANK_TAGS,
  BANK_WRITE,
  type BankRouteParts,
  ById,
  bankRefusal,
  ledgerViewOf,
  NoBody,
  readCustomer,
  readYuan,
} from './route-parts.ts'

const LIST = 'bank accounts'
const Opened = Type.Object({ id: PublicId(ACCOUNT_ID), number: AccountNumber, customer: PublicId(CUSTOMER_ID) })
const opened = ({ account, number, customer }: AccountAnswer) => ({
  ...{ id: publicId(ACCOUNT_ID, account), number, customer: publicId(CUSTOMER_ID, customer) },
})

/** Current accounts, as staff see them. */
export function addAccountRoutes(http: HttpApp, parts: BankRouteParts): void {
  const { db, committer, bank, vault, chance } = parts

  http.route({
    method: 'GET',
    url: '/v1/bank/accounts',
    access: BANK_READ,
    summary: 'Current accounts, in the order in which they were opened; all, or those of a customer',
    tags: BANK_TAGS,
    schema: {
      querystring: Type.Object({ ...PAGE_QUERY, customer: Type.Optional(PublicId(CUSTOMER_ID)) }),
      response: { 200: Page(AccountBody) },
    },
    handler: async ({ query }) => {
      const { limit = PAGE_LIMIT_DEFAULT, cursor, customer } = query
      const of = customer === undefined ? undefined : readCustomer(customer)
      const after = cursor === undefined ? 0 : lastOf(cursor)
      const rows = await db.read((tx) => listAccounts(tx, of, after, limit))
      const page = pageOf(
        rows,
        limit,
        (row) => row,
        ({ account }) => encodeCursor(LIST, [account]),
      )
      const items = []
      for (const row of page.items) items.push(accountBody(row, await ledgerViewOf(parts, row), today()))
      return reply({ items, nextCursor: page.nextCursor })
    },
  })

  http.route({
    method: 'GET',
    url: '/v1/bank/accounts/:id',
    access: BANK_READ,
    summary: 'One current account',
    tags: BANK_TAGS,
    schema: { params: ById, response: { 200: AccountBody } },
    handler: async ({ params }) => {
      const of = await accountOf(parts, params.id, null)
      return reply(accountBody(of, await ledgerViewOf(parts, of), today()))
    },
  })

  http.route({
    method: 'POST',
    url: '/v1/bank/accounts',
    access: BANK_WRITE,
    summary: 'Open a current account, for a customer of the bank or somebody new',
    description:
      'Name, identity number and phone are kept as keyed hashes only: a platform that binds the account must know them.',
    tags: BANK_TAGS,
    idempotent: true,
    schema: {
      body: Type.Object({
        customer: Type.Optional(PublicId(CUSTOMER_ID)),
        displayName: Type.Optional(LineText(64)),
        legalName: LineText(128),
        documentNumber: Type.String({ pattern: '^[0-9A-Za-z]{6,32}$' }),
        phone: Type.String({ pattern: '^\\+?\\d{6,15}$' }),
        singleMax: AmountText,
        dayMax: AmountText,
      }),
      response: { 201: Opened },
    },
    handler: async ({ caller, body, idempotencyKey }) => {
      const { customer, displayName, phone } = body
      if ((customer === undefined) === (displayName === undefined)) {
        return badField('customer', 'one_of', 'names a customer that there is, or displayName somebody new')
      }
      const registered = readCustomerRegistration({ displayName: displayName ?? '-', phone }, vault, chance)
      if (!registered.ok) return badField(registered.error.field, registered.error.rule, registered.error.message)
      const outcome = await committer.submit({
        kind: bank.openAccount,
        input: {
          ...factorsOf(vault, body),
          holder: customer === undefined ? registered.value : readCustomer(customer),
          singleMaxMinor: readYuan('singleMax', body.singleMax, true),
          dayMaxMinor: readYuan('dayMax', body.dayMax, true),
        },
        idempotency: { caller: caller.id, key: idempotencyKey },
      })
      return outcomeToReply(outcome, { status: 201, done: opened, refused: bankRefusal })
    },
  })

  http.route({
    method: 'POST',
    url: '/v1/bank/accounts/:id/deposits',
    access: BANK_MOVE,
    summary: 'Book cash that was brought to the counter',
    tags: BANK_TAGS,
    idempotent: true,
    schema: { params: ById, body: Type.Object({ amount: AmountText }), response: { 201: Opened } },
    handler: async ({ caller, params, body, idempotencyKey }) => {
      const { number } = await accountOf(parts, params.id, null)
      const outcome = await committer.submit({
        kind: bank.deposit,
        input: { number, amountMinor: readYuan('amount', body.amount) },
        idempotency: { caller: caller.id, key: idempotencyKey },
      })
      return outcomeToReply(outcome, { status: 201, done: opened, refused: bankRefusal })
    },
  })

  // Stopping an account may not wait for a second member of staff; letting it go on may.
  for (const [change, access, summary] of [
    ['freeze', BANK_WRITE, 'Freeze an account, as a precaution of the bank'],
    ['thaw', BANK_MOVE, 'Open a frozen account again'],
    ['close', BANK_WRITE, 'Close an account that has nothing left'],
  ] as const) {
    http.route({
      method: 'POST',
      url: `/v1/bank/accounts/:id/${change}`,
      access,
      summary,
      tags: BANK_TAGS,
      idempotent: true,
      schema: { params: ById, body: NoBody, response: { 200: Opened } },
      handler: async ({ caller, params, idempotencyKey }) => {
        const { number } = await accountOf(parts, params.id, null)
        const idempotency = { caller: caller.id, key: idempotencyKey }
        const outcome = await committer.submit({ kind: bank.changeAccount, input: { number, change }, idempotency })
        return outcomeToReply(outcome, { done: opened, refused: bankRefusal })
      },
    })
  }

  function today(): string {
    return committer.status().accountingDay
  }
}

function lastOf(cursor: string): number {
  const decoded = decodeCursor(LIST, ['number'], cursor)
  if (!decoded.ok) throw badField('cursor', decoded.error, 'is not a cursor of this list')
  return Number(decoded.value[0])
}
