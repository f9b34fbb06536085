import { isJsonObject, type JsonObject, parseJsonStrict } from '@huitong/kernel'
import { type AccountState, isAccountState } from './account.ts'
import { eventBytes, isLedgerEventKind } from './journal-form.ts'
import { subjectCode } from './subjects.ts'
import type { AccountingReplay } from './verify-accounting.ts'
import {
  type AccountReplay,
  CLOSED,
  CREDITS_PENDING,
  CREDITS_POSTED,
  DEBITS_PENDING,
  DEBITS_POSTED,
  HAS_FLOOR,
  OPENED,
  type Opening,
} from './verify-accounts.ts'
import type { BalanceCheck } from './verify-balances.ts'
import type { ChainReplay } from './verify-chain.ts'
import type { EventSeen } from './verify-event-seen.ts'
import type { FindingList } from './verify-finding.ts'
import type { FreezeReplay } from './verify-freezes.ts'

export type { EventSeen }

/** Leaf of the event after one byte of room; an unknown kind has no form, and no root can contain it. */
export function eventLeaf(event: EventSeen): Buffer {
  const { position, kind, account, data } = event
  const bytes =
    isLedgerEventKind(kind) && account >= 0 && position >= 0
      ? eventBytes({ position, kind, account, data })
      : new Uint8Array()
  return Buffer.concat([Buffer.alloc(1), bytes])
}

/** Applies events to accounts and to the accounting day. */
export class EventReplay {
  readonly #accounts: AccountReplay
  readonly #balances: BalanceCheck
  readonly #chain: ChainReplay
  readonly #accounting: AccountingReplay
  readonly #freezes: FreezeReplay
  readonly #findings: FindingList

  constructor(
    accounts: AccountReplay,
    balances: BalanceCheck,
    chain: ChainReplay,
    accounting: AccountingReplay,
    freezes: FreezeReplay,
    findings: FindingList,
  ) {
    this.#freezes = freezes
    this.#accounting = accounting
    this.#accounts = accounts
    this.#balances = balances
    this.#chain = chain
    this.#findings = findings
  }

  /** `at` is the time of the batch, µs. */
  apply(event: EventSeen, at: number): void {
    const { batch, position, account } = event
    const data = parseEventData(event.data)
    if (data === undefined) this.#malformed(event)
    else if (event.kind === 'account_opened') this.#opened(event, data)
    else if (event.kind === 'day_closed') this.#dayClosed(event, data)
    else if (this.#accounting.apply(event, data)) return
    else {
      const place = this.#accounts.place(account)
      if (place === -1 || !this.#accounts.has(place, OPENED)) {
        this.#findings.add('event_account_unknown', { batch, position, account })
      } else if (event.kind === 'account_reopened') this.#reopened(event, place)
      else if (this.#accounts.has(place, CLOSED)) this.#breaks(event, 'a closed account does not change')
      else if (this.#freezes.apply(event, data, at)) return
      else if (event.kind === 'floor_changed') this.#floorChanged(event, data, place)
      else if (event.kind === 'credit_limit_changed') this.#creditLimitChanged(event, data, place)
      else if (event.kind === 'ceiling_changed') this.#ceilingChanged(event, data, place)
      else if (event.kind === 'state_changed') this.#stateChanged(event, data, place)
      else this.#malformed(event)
    }
  }

  #malformed({ batch, position, account, kind }: EventSeen): void {
    this.#findings.add('event_malformed', { batch, position, account, found: kind })
  }

  #breaks({ batch, position, account }: EventSeen, what: string): void {
    this.#findings.add('event_breaks_rule', { batch, position, account, what })
  }

  #opened(event: EventSeen, data: JsonObject): void {
    const opening = openingOf(data)
    const known = this.#accounts.place(event.account)
    if (opening === undefined) this.#malformed(event)
    else if (known !== -1 && this.#accounts.has(known, OPENED)) this.#breaks(event, 'an account is opened once')
    else {
      const place = known === -1 ? this.#accounts.add(event.account) : known
      this.#accounts.open(place, opening, opening.floorMinor)
      this.#balances.passed(event.account, place, event.batch)
      this.#accounting.opened(event, opening)
    }
  }

  #floorChanged(event: EventSeen, data: JsonObject, place: number): void {
    const floor = floorOf(data)
    if (floor === undefined) {
      this.#malformed(event)
      return
    }
    this.#accounts.setFloor(place, floor.minor)
    if (!this.#accounts.has(place, HAS_FLOOR)) return
    if (this.#accounts.unpromisedMinor(place) < (floor.minor ?? 0n)) {
      this.#breaks(event, 'a floor is not above the balance')
    }
  }

  #creditLimitChanged(event: EventSeen, data: JsonObject, place: number): void {
    const limit = minorOf(data.limit_minor)
    if (limit === undefined || limit < 0n) {
      this.#malformed(event)
      return
    }
    this.#accounts.setFloor(place, -limit)
    if (this.#accounts.unpromisedMinor(place) < -limit) this.#breaks(event, 'a credit line is not below what is used')
  }

  #ceilingChanged(event: EventSeen, data: JsonObject, place: number): void {
    const ceiling = data.ceiling_minor === null ? null : minorOf(data.ceiling_minor)
    if (ceiling === undefined) {
      this.#malformed(event)
      return
    }
    this.#accounts.setRestraints(place, { ...this.#accounts.restraints(place), ceilingMinor: ceiling })
    if (ceiling !== null && this.#accounts.expectedMinor(place) > ceiling) {
      this.#breaks(event, 'an upper bound is not below the balance')
    }
  }

  #reopened(event: EventSeen, place: number): void {
    if (!this.#accounts.has(place, CLOSED)) this.#breaks(event, 'only a closed account is opened again')
    this.#accounts.setState(place, 'open')
  }

  #stateChanged(event: EventSeen, data: JsonObject, place: number): void {
    const state = stateOf(data)
    if (state === undefined) {
      this.#malformed(event)
      return
    }
    this.#accounts.setState(place, state)
    if (state !== 'closed') return
    const { frozenMinor, outFreezes } = this.#accounts.restraints(place)
    if (frozenMinor > 0n || outFreezes > 0) this.#breaks(event, 'an account is closed without freezes')
    const accounts = this.#accounts
    const promised = accounts.counter(place, DEBITS_PENDING) + accounts.counter(place, CREDITS_PENDING)
    const empty = accounts.counter(place, DEBITS_POSTED) === accounts.counter(place, CREDITS_POSTED)
    if (!empty || promised !== 0n) this.#breaks(event, 'a closed account is empty')
  }

  #dayClosed(event: EventSeen, data: JsonObject): void {
    const { closed, next } = data
    if (typeof closed !== 'string' || typeof next !== 'string') {
      this.#malformed(event)
      return
    }
    if (closed !== this.#chain.nextDay || next <= closed) this.#breaks(event, 'days are closed one after the other')
    else this.#accounting.dayClosed(closed, next, data)
    this.#chain.nextDay = next
  }
}

export function parseEventData(text: string): JsonObject | undefined {
  const parsed = parseJsonStrict(text)
  return parsed.ok && isJsonObject(parsed.value) ? parsed.value : undefined
}

function openingOf(data: JsonObject): (Opening & { readonly floorMinor: bigint | null }) | undefined {
  const { subject, currency, owner } = data
  const floor = floorOf(data)
  const code = typeof subject === 'string' ? subjectCode(subject) : undefined
  if (code === undefined || floor === undefined || typeof currency !== 'string') return undefined
  if (typeof owner !== 'string' && owner !== null) return undefined
  return { subject: code, currency, owner, floorMinor: floor.minor }
}

export function floorOf(data: JsonObject): { readonly minor: bigint | null } | undefined {
  if (data.floor_minor === null) return { minor: null }
  const minor = minorOf(data.floor_minor)
  return minor === undefined ? undefined : { minor }
}

export function minorOf(text: unknown): bigint | undefined {
  if (typeof text !== 'string' || !/^-?\d{1,19}$/.test(text)) return undefined
  const minor = BigInt(text)
  return BigInt.asIntN(64, minor) === minor ? minor : undefined
}

export function stateOf(data: JsonObject): AccountState | undefined {
  const { state } = data
  return isAccountState(state) ? state : undefined
}
