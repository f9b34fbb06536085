import type { AccountState } from './account.ts'
import { NO_RESTRAINTS, type Restraints, restraintsOf } from './restraints.ts'
import { isCreditNormal, type SubjectCode } from './subjects.ts'

/** Byte offsets within an account's record: numbers of 8 bytes, then flags. */
export const DEBITS_POSTED = 0
export const CREDITS_POSTED = 8
export const DEBITS_PENDING = 16
export const CREDITS_PENDING = 24
export const SEQUENCE = 32
const FLOOR = 40
/** The balance row, as read before the replay. */
export const ROW_DEBITS_POSTED = 48
export const ROW_CREDITS_POSTED = 56
export const ROW_DEBITS_PENDING = 64
export const ROW_CREDITS_PENDING = 72
export const ROW_SEQUENCE = 80
export const ROW_LAST_ENTRY = 88
/** Where the newest entry stands in the journal; 0 before the first. */
export const LAST_ENTRY = 96
const FLAGS = 104
const KIND = 106
const CURRENCY = 108
const RECORD_BYTES = 112

export const OPENED = 1
export const CREDIT_NORMAL = 2
export const HAS_FLOOR = 4
export const FROZEN = 8
export const CLOSED = 16
export const HAS_BALANCE_ROW = 32
export const ROW_IS_BEHIND = 64
export const HAS_ACCOUNT_ROW = 128
export const DORMANT = 256
/** Has freezes or a ceiling, which few accounts have: they stand beside the records. */
export const RESTRAINED = 512

/** What an account is opened with and keeps for good. */
export interface Opening {
  readonly subject: SubjectCode
  readonly currency: string
  readonly owner: string | null
}

/** Few pairs of these serve all accounts. */
interface Kind {
  readonly subject: SubjectCode
  readonly currency: string
}

/**
 * What the replay knows of every account. A million accounts must fit and two of them are touched by each transfer, so the
 * numbers stand in one flat buffer, a record of 112 bytes each, instead of in objects; int8 sums in it cost no garbage.
 */
export class AccountReplay {
  readonly #places = new Map<number, number>()
  readonly #ids: number[] = []
  readonly #owners: (string | null)[] = []
  readonly #kinds: Kind[] = []
  readonly #currencies: string[] = ['']
  readonly #restraints = new Map<number, Restraints>()
  #view = new DataView(new ArrayBuffer(1024 * RECORD_BYTES))

  /** The records; another view after each `add`. */
  get view(): DataView {
    return this.#view
  }

  get count(): number {
    return this.#ids.length
  }

  /** Where the account's record starts, or -1. */
  place(id: number): number {
    return this.#places.get(id) ?? -1
  }

  /** Makes an empty record. */
  add(id: number): number {
    const place = this.#ids.length * RECORD_BYTES
    if (place === this.#view.byteLength) {
      const roomier = new Uint8Array(place * 2)
      roomier.set(new Uint8Array(this.#view.buffer))
      this.#view = new DataView(roomier.buffer)
    }
    this.#places.set(id, place)
    this.#ids.push(id)
    this.#owners.push(null)
    return place
  }

  open(place: number, { subject, currency, owner }: Opening, floorMinor: bigint | null): void {
    this.#owners[place / RECORD_BYTES] = owner
    this.set(place, OPENED | (isCreditNormal(subject) ? CREDIT_NORMAL : 0))
    let kind = this.#kinds.findIndex((known) => known.subject === subject && known.currency === currency)
    if (kind === -1) kind = this.#kinds.push({ subject, currency }) - 1
    this.#view.setUint16(place + KIND, kind)
    let number = this.#currencies.indexOf(currency)
    if (number === -1) number = this.#currencies.push(currency) - 1
    this.#view.setUint16(place + CURRENCY, number)
    this.setFloor(place, floorMinor)
  }

  setFloor(place: number, floorMinor: bigint | null): void {
    this.#view.setBigInt64(place + FLOOR, floorMinor ?? 0n)
    if (floorMinor === null) this.unset(place, HAS_FLOOR)
    else this.set(place, HAS_FLOOR)
  }

  floorMinor(place: number): bigint | null {
    return this.has(place, HAS_FLOOR) ? this.#view.getBigInt64(place + FLOOR) : null
  }

  restraints(place: number): Restraints {
    return this.#restraints.get(place) ?? NO_RESTRAINTS
  }

  setRestraints(place: number, restraints: Restraints): void {
    if (restraintsOf(restraints) === null) {
      this.#restraints.delete(place)
      this.unset(place, RESTRAINED)
    } else {
      this.#restraints.set(place, restraints)
      this.set(place, RESTRAINED)
    }
  }

  state(place: number): AccountState {
    if (this.has(place, CLOSED)) return 'closed'
    if (this.has(place, DORMANT)) return 'dormant'
    return this.has(place, FROZEN) ? 'frozen' : 'open'
  }

  setState(place: number, state: AccountState): void {
    this.unset(place, FROZEN | CLOSED | DORMANT)
    if (state !== 'open') this.set(place, state === 'frozen' ? FROZEN : state === 'dormant' ? DORMANT : CLOSED)
  }

  /** Whether the account has any of these flags. */
  has(place: number, flags: number): boolean {
    return (this.#view.getUint16(place + FLAGS) & flags) !== 0
  }

  set(place: number, flags: number): void {
    this.#view.setUint16(place + FLAGS, this.#view.getUint16(place + FLAGS) | flags)
  }

  unset(place: number, flags: number): void {
    this.#view.setUint16(place + FLAGS, this.#view.getUint16(place + FLAGS) & ~flags)
  }

  /** Two accounts have one currency when these are equal. */
  currencyNumber(place: number): number {
    return this.#view.getUint16(place + CURRENCY)
  }

  /** Two opened accounts have one subject and one currency when these are equal. */
  kindNumber(place: number): number {
    return this.#view.getUint16(place + KIND)
  }

  /** Undefined of an account that was not opened. */
  opening(place: number): Opening | undefined {
    const kind = this.#kinds[this.#view.getUint16(place + KIND)]
    if (kind === undefined || !this.has(place, OPENED)) return undefined
    return { ...kind, owner: this.#owners[place / RECORD_BYTES] ?? null }
  }

  counter(place: number, field: number): bigint {
    return this.#view.getBigInt64(place + field)
  }

  /** Posted balance on the side on which the account grows. */
  normalBalance(place: number): bigint {
    const net = this.#view.getBigInt64(place + CREDITS_POSTED) - this.#view.getBigInt64(place + DEBITS_POSTED)
    return this.has(place, CREDIT_NORMAL) ? net : -net
  }

  /** Balance less promises. */
  unpromisedMinor(place: number): bigint {
    const pending = this.has(place, CREDIT_NORMAL) ? DEBITS_PENDING : CREDITS_PENDING
    return this.normalBalance(place) - this.#view.getBigInt64(place + pending)
  }

  /** Balance with what holds promise to the account. */
  expectedMinor(place: number): bigint {
    const pending = this.has(place, CREDIT_NORMAL) ? CREDITS_PENDING : DEBITS_PENDING
    return this.normalBalance(place) + this.#view.getBigInt64(place + pending)
  }

  /** What may leave: balance less promises, above the floor and what is frozen. Only of accounts with a floor. */
  availableMinor(place: number): bigint {
    const floor = this.#view.getBigInt64(place + FLOOR)
    const frozen = this.has(place, RESTRAINED) ? this.restraints(place).frozenMinor : 0n
    if (frozen === 0n) return this.unpromisedMinor(place) - floor
    return this.unpromisedMinor(place) - (floor > 0n ? floor : 0n) - frozen
  }

  *all(): Generator<readonly [id: number, place: number]> {
    for (const [index, id] of this.#ids.entries()) yield [id, index * RECORD_BYTES]
  }
}
