import type { CheckpointFields, CheckpointLine, Kept } from './checkpoint-line.ts'
import { POSITIONS_PER_BATCH } from './location.ts'
import { MARK_EVERY } from './mark-store.ts'
import { TRANSFER_KINDS, transferKindOf } from './transfer.ts'
import {
  type AccountReplay,
  CLOSED,
  CREDIT_NORMAL,
  CREDITS_PENDING,
  CREDITS_POSTED,
  DEBITS_PENDING,
  DEBITS_POSTED,
  DORMANT,
  FROZEN,
  HAS_FLOOR,
  LAST_ENTRY,
  OPENED,
  RESTRAINED,
  SEQUENCE,
} from './verify-accounts.ts'
import type { BalanceCheck } from './verify-balances.ts'
import type { FindingList } from './verify-finding.ts'
import type { FreezeReplay } from './verify-freezes.ts'
import type { HoldReplay } from './verify-holds.ts'
import type { MarkCheck } from './verify-marks.ts'
import type { ReversalReplay } from './verify-reversals.ts'
import { TRANSFER_COLUMNS as COLUMN, type CopiedRow } from './verify-rows.ts'

const {
  posted: POSTED,
  held: HELD,
  captured: CAPTURED,
  voided: VOIDED,
  expired: EXPIRED,
  increased: INCREASED,
} = TRANSFER_KINDS

interface EntrySide {
  readonly sequence: number
  readonly balance: number
  readonly previous: number
  readonly postedField: number
}

const DEBIT_SIDE: EntrySide = {
  sequence: COLUMN.debitSequence,
  balance: COLUMN.debitBalance,
  previous: COLUMN.debitPrevious,
  postedField: DEBITS_POSTED,
}

const CREDIT_SIDE: EntrySide = {
  sequence: COLUMN.creditSequence,
  balance: COLUMN.creditBalance,
  previous: COLUMN.creditPrevious,
  postedField: CREDITS_POSTED,
}

/** Applies the transfers of the journal to the accounts and holds, and holds each against the ledger's rules. */
export class TransferReplay implements Kept {
  readonly names = ['transfers']
  readonly #accounts: AccountReplay
  readonly #balances: BalanceCheck
  readonly #holds: HoldReplay
  readonly #marks: MarkCheck
  readonly #reversals: ReversalReplay
  readonly #freezes: FreezeReplay
  readonly #findings: FindingList
  count = 0

  constructor(
    accounts: AccountReplay,
    balances: BalanceCheck,
    holds: HoldReplay,
    marks: MarkCheck,
    reversals: ReversalReplay,
    freezes: FreezeReplay,
    findings: FindingList,
  ) {
    this.#freezes = freezes
    this.#reversals = reversals
    this.#marks = marks
    this.#accounts = accounts
    this.#balances = balances
    this.#holds = holds
    this.#findings = findings
  }

  *save(): Generator<CheckpointLine> {
    yield ['transfers', this.count]
  }

  load(fields: CheckpointFields): void {
    this.count = fields.number()
  }

  /** `at` is the time of the batch, µs. */
  apply(row: CopiedRow, batch: number, at: number): void {
    this.count += 1
    const position = row.number(COLUMN.position)
    const kind = row.number(COLUMN.kind)
    const debit = row.number(COLUMN.debit)
    const credit = row.number(COLUMN.credit)
    const amount = row.bigint(COLUMN.amount)
    const released = row.bigint(COLUMN.released)
    const hold = row.number(COLUMN.hold)
    const broken = brokenKind(kind, amount, released, hold, row.number(COLUMN.id))
    if (broken !== undefined) this.#findings.add('transfer_breaks_kind', { batch, position, what: broken })
    if (debit === credit) this.#findings.add('transfer_breaks_kind', { batch, position, what: 'two accounts' })

    const wrongFact = brokenFact(row, kind)
    if (wrongFact !== undefined) this.#findings.add('transfer_breaks_kind', { batch, position, what: wrongFact })

    const debitPlace = this.#find(debit, batch, position)
    const creditPlace = this.#find(credit, batch, position)
    const accounts = this.#accounts
    if (accounts.currencyNumber(debitPlace) !== accounts.currencyNumber(creditPlace)) {
      const currencies = `${accounts.opening(debitPlace)?.currency} and ${accounts.opening(creditPlace)?.currency}`
      this.#findings.add('transfer_currency_differs', { batch, position, found: currencies })
    }
    const debitLoses = accounts.has(debitPlace, CREDIT_NORMAL)
    const creditLoses = !accounts.has(creditPlace, CREDIT_NORMAL)
    const taken = this.#freezes.takenFrom(batch, position, debit, credit, kind === POSTED ? amount : 0n)
    if (kind <= CAPTURED || kind === INCREASED) {
      this.#mustBeOpen(debit, debitPlace, debitLoses, taken, batch, position)
      this.#mustBeOpen(credit, creditPlace, creditLoses, taken, batch, position)
    }

    const postedMinor = kind === POSTED || kind === CAPTURED ? amount : 0n
    const pendingMinor = kind === HELD || kind === INCREASED ? amount : kind === POSTED ? 0n : -released
    this.#move(debitPlace, DEBITS_POSTED, DEBITS_PENDING, postedMinor, pendingMinor, debit, batch, position)
    this.#move(creditPlace, CREDITS_POSTED, CREDITS_PENDING, postedMinor, pendingMinor, credit, batch, position)
    if (kind === POSTED || kind === HELD || kind === INCREASED) {
      if (debitLoses) this.#mustAfford(debit, debitPlace, taken, batch, position)
      else this.#mustFit(debit, debitPlace, batch, position)
      if (creditLoses) this.#mustAfford(credit, creditPlace, taken, batch, position)
      else this.#mustFit(credit, creditPlace, batch, position)
    }
    const name = transferKindOf(kind)
    if (name !== undefined && name !== 'posted') {
      const code = row.number(COLUMN.code)
      const reference = row.number(COLUMN.reference)
      const amounts = { amountMinor: amount, releasedMinor: released }
      const expiresAt = row.micros(COLUMN.holdExpiresAt)
      this.#holds.apply({
        kind: name,
        batch,
        at,
        position,
        hold,
        debit,
        credit,
        ...amounts,
        code,
        reference,
        expiresAt,
      })
    }
    const reverses = row.number(COLUMN.reverses)
    if (reverses !== 0) this.#reversals.apply({ batch, position, reverses, debit, credit, amountMinor: amount })
    this.#entry(row, DEBIT_SIDE, debit, debitPlace, batch, position)
    this.#entry(row, CREDIT_SIDE, credit, creditPlace, batch, position)
  }

  /** The record of the account; an unknown one gets an empty one, so that the replay can go on. */
  #find(account: number, batch: number, position: number): number {
    const place = this.#accounts.place(account)
    if (place !== -1 && this.#accounts.has(place, OPENED)) return place
    this.#findings.add('transfer_account_unknown', { batch, position, account })
    return place === -1 ? this.#accounts.add(account) : place
  }

  /** `taken`: the account that a deduction takes from, past its freezes. */
  #mustBeOpen(account: number, place: number, loses: boolean, taken: number, batch: number, position: number): void {
    if (!this.#accounts.has(place, FROZEN | CLOSED | DORMANT | RESTRAINED)) return
    const { outFreezes, inFreezes } = this.#accounts.restraints(place)
    const isFrozen = this.#accounts.has(place, FROZEN) || (loses ? outFreezes : inFreezes) > 0
    const stands = !isFrozen && !(loses && this.#accounts.has(place, DORMANT))
    if (!this.#accounts.has(place, CLOSED) && (stands || account === taken)) return
    this.#findings.add('transfer_account_not_open', { batch, position, account, found: this.#accounts.state(place) })
  }

  #mustFit(account: number, place: number, batch: number, position: number): void {
    if (!this.#accounts.has(place, RESTRAINED)) return
    const { ceilingMinor } = this.#accounts.restraints(place)
    const found = this.#accounts.expectedMinor(place)
    if (ceilingMinor === null || found <= ceilingMinor) return
    this.#findings.add('ceiling_violated', { batch, position, account, found: String(found) })
  }

  /** What a deduction may take was judged with its event; with a floor, or without. */
  #mustAfford(account: number, place: number, taken: number, batch: number, position: number): void {
    if (!this.#accounts.has(place, HAS_FLOOR) || account === taken) return
    const available = this.#accounts.availableMinor(place)
    if (available >= 0n) return
    this.#findings.add('floor_violated', { batch, position, account, found: String(available) })
  }

  /** Sums wrap like the int8 that they are: only so do they cost no garbage. A wrap shows as a sum below zero. */
  #move(
    place: number,
    postedField: number,
    pendingField: number,
    postedMinor: bigint,
    pendingMinor: bigint,
    account: number,
    batch: number,
    position: number,
  ): void {
    const { view } = this.#accounts
    const posted = BigInt.asIntN(64, view.getBigInt64(place + postedField) + postedMinor)
    const pending = BigInt.asIntN(64, view.getBigInt64(place + pendingField) + pendingMinor)
    view.setBigInt64(place + postedField, posted)
    view.setBigInt64(place + pendingField, pending)
    if (posted >= 0n && pending >= 0n && BigInt.asIntN(64, posted + pending) >= 0n) return
    this.#findings.add('counter_overflow', { batch, position, account, found: `${posted} posted, ${pending} pending` })
  }

  /**
   * Holds a side against its entry, then goes on from what the entry says: else one wrong entry would make all later ones of the
   * account look wrong.
   */
  #entry(row: CopiedRow, side: EntrySide, account: number, place: number, batch: number, position: number): void {
    const { view } = this.#accounts
    const { postedField } = side
    const before = view.getFloat64(place + SEQUENCE)
    const sequence = row.number(side.sequence)
    if (sequence !== before + 1) {
      const facts = { batch, position, account, expected: String(before + 1), found: String(sequence) }
      this.#findings.add('entry_out_of_sequence', facts)
    }
    view.setFloat64(place + SEQUENCE, sequence)
    const expected = this.#accounts.normalBalance(place)
    const found = row.bigint(side.balance)
    if (expected !== found) {
      const facts = { batch, position, account, expected: String(expected), found: String(found) }
      this.#findings.add('entry_balance_wrong', facts)
      const growsHere = (postedField === CREDITS_POSTED) === this.#accounts.has(place, CREDIT_NORMAL)
      const correction = growsHere ? found - expected : expected - found
      view.setBigInt64(place + postedField, BigInt.asIntN(64, view.getBigInt64(place + postedField) + correction))
    }
    const previous = view.getFloat64(place + LAST_ENTRY)
    if (row.number(side.previous) !== previous) {
      const facts = { batch, position, account, expected: String(previous), found: String(row.number(side.previous)) }
      this.#findings.add('entry_link_wrong', facts)
    }
    const location = batch * POSITIONS_PER_BATCH + position
    view.setFloat64(place + LAST_ENTRY, location)
    if (sequence % MARK_EVERY === 0) {
      this.#marks.expect({
        account,
        sequence,
        location,
        debitsPosted: view.getBigInt64(place + DEBITS_POSTED),
        creditsPosted: view.getBigInt64(place + CREDITS_POSTED),
        debitsPending: view.getBigInt64(place + DEBITS_PENDING),
        creditsPending: view.getBigInt64(place + CREDITS_PENDING),
      })
    }
    this.#balances.passed(account, place, batch)
  }
}

/** What a transfer says of an entry or of the transfer that it takes back. */
function brokenFact(row: CopiedRow, kind: number): string | undefined {
  const id = row.number(COLUMN.id)
  const reverses = row.number(COLUMN.reverses)
  if (reverses !== 0 && (kind !== POSTED || reverses >= id)) return 'only a posting reverses, and an earlier transfer'
  return row.number(COLUMN.entry) > id ? 'an entry starts with its first transfer' : undefined
}

function brokenKind(kind: number, amount: bigint, released: bigint, hold: number, id: number): string | undefined {
  switch (kind) {
    case POSTED:
      return amount > 0n && released === 0n && hold === 0 ? undefined : 'posted: an amount and no hold'
    case HELD:
      return amount > 0n && released === 0n && hold === id ? undefined : 'held: an amount and itself as the hold'
    case CAPTURED:
      return amount > 0n && released >= amount && hold !== 0
        ? undefined
        : 'captured: an amount within the released, of a hold'
    case INCREASED:
      return amount > 0n && released === 0n && hold !== 0 && hold < id
        ? undefined
        : 'increased: an amount, of an earlier hold'
    case VOIDED:
    case EXPIRED:
      return amount === 0n && released > 0n && hold !== 0
        ? undefined
        : 'voided or expired: a release and no amount, of a hold'
    default:
      return `kind ${kind}`
  }
}
