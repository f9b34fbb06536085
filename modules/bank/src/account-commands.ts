import type { CommandKind } from '@huitong/committer'
import { answerCodec } from '@huitong/contract'
import { CNY, canonicalJson, counterOf, invariant, ok, slotOf } from '@huitong/kernel'
import { type CustomerRegistration, registrationForm } from '@huitong/party'
import Type, { type Static } from 'typebox'
import { accountNumberOf, type BankAccount } from './account.ts'
import { type BankRefusalCode, refuse } from './bank-refusals.ts'
import type { BankContext } from './context.ts'
import type { Factors } from './factors.ts'

export const AccountAnswer = Type.Object({
  number: Type.String(),
  customer: Type.Integer(),
  /** Of the ledger. */
  account: Type.Integer(),
  /** In fen, as text. */
  available: Type.String(),
})
export type AccountAnswer = Static<typeof AccountAnswer>

export interface OpenAccountInput extends Factors {
  /** Somebody who is new, or a customer that the bank has. */
  readonly holder: number | CustomerRegistration
  readonly singleMaxMinor: bigint
  readonly dayMaxMinor: bigint
}

/** `bank.open-account`: a current account for a customer, who may be new. */
export function openAccountKind(context: BankContext): CommandKind<OpenAccountInput, AccountAnswer> {
  const { set, books, party, accounts, issuer } = context
  return {
    name: 'bank.open-account',
    need: ({ holder }) => {
      if (typeof holder === 'number') party.needCustomer(holder)
      else party.needRegistration(holder)
    },
    decide: ({ holder, singleMaxMinor, dayMaxMinor, nameHash, identityHash, phoneHash }) => {
      if (singleMaxMinor < 0n || dayMaxMinor < 0n) return refuse('amount_out_of_range')
      let customer = typeof holder === 'number' ? holder : 0
      if (typeof holder === 'number') {
        if (party.customer(holder) === undefined) return refuse('customer_not_found')
      } else {
        const registered = party.registerCustomer(holder)
        if (!registered.ok) return registered
        customer = registered.value.id
      }
      const opened = books.openAccount({
        ...{ slot: slotOf(customer), subject: '2101', currency: CNY, owner: `customer:${customer}`, floorMinor: 0n },
      })
      invariant(opened.ok, 'the ledger opens current accounts')
      const number = accountNumberOf(issuer, counterOf(opened.value.id))
      const account: BankAccount = {
        ...{ number, customer, account: opened.value.id, nameHash, identityHash, phoneHash },
        ...{ singleMaxMinor, dayMaxMinor, spentOn: null, spentMinor: 0n, wrongFactors: 0, wrongOn: null },
        openedAt: set.batch.at,
      }
      accounts.add(number, account)
      return ok(answerOf(context, account))
    },
    form: ({ holder, singleMaxMinor, dayMaxMinor, ...factors }) =>
      canonicalJson({
        ...factors,
        holder: typeof holder === 'number' ? holder : registrationForm(holder),
        ...{ single: singleMaxMinor.toString(), day: dayMaxMinor.toString() },
      }),
    ...answerCodec(AccountAnswer),
  }
}

export interface AccountAmountInput {
  readonly number: string
  readonly amountMinor: bigint
}

/** `bank.deposit`: cash over the counter. */
export function depositKind(context: BankContext): CommandKind<AccountAmountInput, AccountAnswer> {
  const { books, accounts } = context
  return {
    name: 'bank.deposit',
    need: ({ number }) => accounts.need(number),
    decide: ({ number, amountMinor }) => {
      const account = accounts.get(number)
      if (account === undefined) return refuse('account_not_found')
      if (amountMinor <= 0n) return refuse('amount_out_of_range')
      const credit = context.ledgerAccount(account)
      const moved = books.transfer({
        ...{ debit: context.house('cash'), credit, amountMinor, currency: CNY, code: 'top_up', reference: null },
      })
      return moved.ok ? ok(answerOf(context, account)) : refuse('account_blocked')
    },
    form: ({ number, amountMinor }) => canonicalJson({ number, amount: amountMinor.toString() }),
    ...answerCodec(AccountAnswer),
  }
}

/** `bank.fund-settlement`: cash that the bank brings to the central bank for its position at the clearing house. */
export function fundSettlementKind(
  context: BankContext,
): CommandKind<{ readonly amountMinor: bigint }, Static<typeof SettlementAnswer>> {
  const { books } = context
  return {
    name: 'bank.fund-settlement',
    need: () => undefined,
    decide: ({ amountMinor }) => {
      if (amountMinor <= 0n) return refuse('amount_out_of_range')
      const debit = context.house('settlement')
      const moved = books.transfer({
        ...{ debit, credit: context.house('cash'), amountMinor, currency: CNY, code: 'position_funding' },
        reference: null,
      })
      return moved.ok ? ok({ available: books.available(debit).toString() }) : refuse('account_without_funds')
    },
    form: ({ amountMinor }) => canonicalJson({ amount: amountMinor.toString() }),
    ...answerCodec(SettlementAnswer),
  }
}

export const SettlementAnswer = Type.Object({ available: Type.String() })

/** What can be done to an account as a whole. `freeze` and `thaw` are a precaution of the bank; a court's freezes are the ledger's. */
type AccountChange = 'freeze' | 'thaw' | 'close'

/** `bank.change-account` */
export function changeAccountKind(
  context: BankContext,
): CommandKind<{ readonly number: string; readonly change: AccountChange }, AccountAnswer> {
  const { books, accounts } = context
  const states = { freeze: 'frozen', thaw: 'open', close: 'closed' } as const
  return {
    name: 'bank.change-account',
    need: ({ number }) => accounts.need(number),
    decide: ({ number, change }) => {
      const account = accounts.get(number)
      if (account === undefined) return refuse('account_not_found')
      const changed = books.setState(context.ledgerAccount(account), states[change])
      return changed.ok ? ok(answerOf(context, account)) : refuse(stateRefusal(changed.error.code))
    },
    form: ({ number, change }) => canonicalJson({ number, change }),
    ...answerCodec(AccountAnswer),
  }
}

function stateRefusal(code: string): BankRefusalCode {
  return code === 'account_not_empty' || code === 'account_has_freezes' ? 'account_not_empty' : 'account_blocked'
}

function answerOf(context: BankContext, account: BankAccount): AccountAnswer {
  const { number, customer, account: id } = account
  return {
    number,
    customer,
    account: id,
    available: context.books.available(context.ledgerAccount(account)).toString(),
  }
}
