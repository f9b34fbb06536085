import type { WorkingSet } from '@huitong/committer'
import { type CurrencyCode, err, invariant, ok, type Result, slotOf } from '@huitong/kernel'
import { type Account, availableMinor, type Balance, ZERO_BALANCE } from './account.ts'
import { type AccountChanges, createAccountChanges } from './account-changes.ts'
import { createAccountIndex } from './account-index.ts'
import { type AccountSetBook, createAccountSetBook } from './account-set-book.ts'
import { accountTable } from './account-store.ts'
import { type AccountingBooks, createAccountingBooks } from './accounting-books.ts'
import { balanceTable } from './balance-store.ts'
import { chartForbids } from './chart.ts'
import { addDayTotals } from './day-totals.ts'
import { eventLog } from './event-store.ts'
import { createFreezes, type Freezes } from './freezes.ts'
import { createHolds, type Holds } from './holds.ts'
import { type LedgerEventKind, openedData } from './journal-form.ts'
import type { LedgerRefusal } from './ledger-refusals.ts'
import { createPostingBuffers, type PostingBuffers } from './posting-buffers.ts'
import { createReversals, type Reversals } from './reversals.ts'
import type { SubjectCode } from './subjects.ts'
import { createTemplateShelf, type TemplateShelf } from './template-shelf.ts'
import { isYearEnd, type Transfer } from './transfer.ts'
import { decidePosting, type Side } from './transfer-decide.ts'
import { createTransferRecorder } from './transfer-recorder.ts'
import type { TransferRequest } from './transfer-request.ts'
import { CODE_RESERVED, payerOf, type Workbench } from './workbench.ts'
import { createYearEnds, type YearEnds } from './year-ends.ts'

export interface OpenAccountRequest {
  /** Customer slot 0..1023; the institution's own accounts use 0. */
  readonly slot: number
  readonly subject: SubjectCode
  readonly currency: CurrencyCode
  readonly owner: string | null
  readonly floorMinor: bigint | null
}

/**
 * The ledger inside a batch: what decide functions of all modules move value with. Each call either changes the working set or
 * refuses and changes nothing; what a command changed before a later refusal is taken back by the committer.
 */
interface CoreBooks {
  readonly templates: TemplateShelf
  /** Charts, days and years. */
  readonly accounting: AccountingBooks
  needAccount(id: number): void
  account(id: number): Account | undefined
  /** Balance of an account as far as memory has it; for readers outside a batch, never for decisions. */
  peekBalance(id: number): Balance | undefined
  /** Balance of an account that exists. */
  balance(id: number): Balance
  available(id: number): bigint
  needAccountsOf(subject: SubjectCode, owner: string | null): void
  /** Open accounts of a subject: the institution's own when the owner is null. In the order of their ids. */
  accountsOf(subject: SubjectCode, owner: string | null): readonly Account[]
  openAccount(request: OpenAccountRequest): Result<Account, LedgerRefusal>
  transfer(request: TransferRequest): Result<Transfer, LedgerRefusal>
  /** Sets of accounts, whose balances are counted with every posting on a member. */
  readonly sets: AccountSetBook
  /** Journals what is no movement of money. `data` is canonical JSON. */
  record(kind: LedgerEventKind, account: number, data: string): void
}

export type Books = CoreBooks &
  Holds &
  AccountChanges &
  Reversals &
  Freezes &
  YearEnds &
  Pick<PostingBuffers, 'setPolicy' | 'transferByPolicy'>

export function createBooks(set: WorkingSet): Books {
  const accounts = set.table(accountTable)
  const balances = set.table(balanceTable)
  const events = set.log(eventLog)
  const index = createAccountIndex(set)
  const moved = addDayTotals(set)

  const accounting = createAccountingBooks(set, (kind, data) =>
    events.add({ position: set.nextPosition(), kind, account: 0, data }),
  )

  function needAccount(id: number): void {
    accounts.need(id)
    balances.need(id)
  }

  function balance(id: number): Balance {
    const found = balances.get(id)
    invariant(found !== undefined, `account ${id} has no balance`)
    return found
  }

  function side(id: number): Side | undefined {
    const account = accounts.get(id)
    return account === undefined ? undefined : { account, balance: balance(id) }
  }

  /** Nearly all transfers belong to their batch's day, and ask for nothing. */
  function effectiveDay(
    effectiveOn: string | null | undefined,
    debit: number,
    credit: number,
  ): Result<string | null, LedgerRefusal> {
    return effectiveOn === null || effectiveOn === undefined
      ? NOT_BACK_DATED
      : accounting.effectiveDay(effectiveOn, debit, credit)
  }

  function event(kind: LedgerEventKind, account: number, data: string): number {
    const position = set.nextPosition()
    events.add({ position, kind, account, data })
    return position
  }

  const sets = createAccountSetBook(set, {
    balance,
    record: event,
    place: (account, ids) => accounts.put(account.id, { ...account, sets: ids }),
  })

  const record = createTransferRecorder(set, { balances, sets, moved })

  function post(
    request: TransferRequest,
    seen: (side: Side) => Side,
    first: () => void,
  ): Result<Transfer, LedgerRefusal> {
    const { debit, credit, amountMinor, currency, code, reference } = request
    const effective = isYearEnd(code)
      ? ok(request.effectiveOn ?? null)
      : effectiveDay(request.effectiveOn, debit, credit)
    if (!effective.ok) return effective
    const from = side(debit)
    const to = side(credit)
    const sides = { debit: from === undefined ? from : seen(from), credit: to === undefined ? to : seen(to) }
    const decided = decidePosting({ debitId: debit, creditId: credit, amountMinor, currency, code }, sides)
    if (!decided.ok) return decided
    first()
    const entry = {
      id: set.newId(slotOf(payerOf(from, debit, credit))),
      kind: 'posted',
      debit,
      credit,
      amountMinor,
      releasedMinor: 0n,
      hold: null,
      holdExpiresAt: null,
      code,
      reference,
      effectiveOn: effective.value,
      reverses: request.reverses ?? null,
      entry: request.entry ?? null,
    } as const
    return ok(record(entry, sides, decided.value))
  }

  const bench: Workbench = {
    needAccount,
    account: (id) => accounts.get(id),
    balance,
    putAccount: (account) => accounts.put(account.id, account),
    event,
    post,
    side,
    effectiveDay,
    record,
  }

  const core: CoreBooks = {
    accounting,
    sets,
    needAccount,
    account: (id) => accounts.get(id),
    peekBalance: (id) => balances.peek(id),
    balance,
    available: (id) => {
      const of = side(id)
      invariant(of !== undefined, `there is no account ${id}`)
      return availableMinor(of.account, of.balance)
    },
    record: event,
    templates: createTemplateShelf(set, event),
    needAccountsOf: index.need,
    accountsOf: (subject, owner) => {
      const ids = index.find(subject, owner)
      // All are asked for before one is looked at, so that one more round of loading is enough.
      for (const id of ids) needAccount(id)
      return ids.flatMap((id) => {
        const account = accounts.get(id)
        return account === undefined || account.state === 'closed' ? [] : [account]
      })
    },

    openAccount: (request) => {
      const forbidden = chartForbids(accounting.kind(), request.subject, request.currency)
      if (forbidden !== undefined) return err({ code: forbidden, facts: { subject: request.subject } })
      // It opens with nothing, so it cannot have to keep something.
      if (request.floorMinor !== null && request.floorMinor > 0n) return err({ code: 'floor_above_balance' })
      const id = set.newId(request.slot)
      const { subject, currency, owner, floorMinor } = request
      const account: Account = { id, subject, currency, owner, floorMinor, state: 'open', restraints: null }
      accounts.add(id, account)
      balances.add(id, ZERO_BALANCE)
      index.opened(account)
      event('account_opened', id, openedData(account))
      accounting.accountOpened(id)
      return ok(account)
    },

    transfer: (request) => (isYearEnd(request.code) ? CODE_RESERVED : post(request, unchanged, nothing)),
  }
  const buffers = createPostingBuffers(set, {
    ...core,
    currencyOf: (id) => {
      const account = accounts.get(id)
      invariant(account !== undefined, `there is no account ${id}`)
      return account.currency
    },
  })
  const { setPolicy, transferByPolicy } = buffers
  const plainly = (request: TransferRequest) => post(request, unchanged, nothing)
  const { takeBack, keepEntry, ...takingBack } = createReversals(set, { ...core, transfer: plainly })
  const changes = createAccountChanges(bench)
  const freezes = createFreezes(set, bench)
  /** What waits for a summary is posted before its account changes in a way that could stand in the summary's way. */
  const whole =
    <Rest extends readonly unknown[], T>(change: (id: number, ...rest: Rest) => Result<T, LedgerRefusal>) =>
    (id: number, ...rest: Rest): Result<T, LedgerRefusal> => {
      const waiting = buffers.flush(id)
      return waiting === undefined ? change(id, ...rest) : err(waiting)
    }
  return {
    ...core,
    ...createHolds(set, bench),
    accounting: {
      ...accounting,
      // What was buffered belongs to the day that ends.
      closeDay: (next, by) => {
        const waiting = buffers.flush(null)
        return waiting === undefined ? accounting.closeDay(next, by) : err(waiting)
      },
    },
    ...changes,
    setFloor: whole(changes.setFloor),
    setCreditLimit: whole(changes.setCreditLimit),
    setCeiling: whole(changes.setCeiling),
    setState: whole(changes.setState),
    setDormant: whole(changes.setDormant),
    ...takingBack,
    ...createYearEnds(set, {
      ...core,
      finalThrough: accounting.finalThrough,
      needSettings: accounting.needSettings,
      post: plainly,
      ...{ keepEntry, takeBack },
      event,
    }),
    ...freezes,
    placeFreeze: (request) => whole(() => freezes.placeFreeze(request))(request.account),
    setPolicy,
    transferByPolicy,
  }
}

function unchanged(side: Side): Side {
  return side
}

function nothing(): void {
  // Most transfers have nothing to do before them.
}

const NOT_BACK_DATED = ok(null)
