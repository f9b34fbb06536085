import type { JsonObject } from '@huitong/kernel'
import { type CheckpointFields, type CheckpointLine, CheckpointUnreadable, type Kept } from './checkpoint-line.ts'
import { FREEZE_CAUSES, FREEZE_STATES, type FreezeState, isFreezeCause, isFreezeState } from './freeze.ts'
import type { AccountReplay } from './verify-accounts.ts'
import type { EventSeen } from './verify-event-seen.ts'
import type { FindingList } from './verify-finding.ts'
import type { FreezeRowSeen } from './verify-freeze-store.ts'

interface ReplayedFreeze {
  readonly account: number
  readonly rank: number
  readonly amountMinor: bigint | null
  remainingMinor: bigint | null
  readonly blocksIncoming: boolean
  readonly reference: string
  readonly expiresAt: number | null
  state: FreezeState
}

/** A deduction whose transfer must come next in the journal. */
interface Deduction {
  readonly batch: number
  readonly position: number
  readonly account: number
  readonly amountMinor: bigint
}

/** Freezes as the journal makes, lifts and uses them, and what they keep of their accounts. */
export class FreezeReplay implements Kept {
  readonly names = ['freeze']
  readonly #accounts: AccountReplay
  readonly #findings: FindingList
  readonly #freezes = new Map<number, ReplayedFreeze>()
  #deduction: Deduction | undefined

  constructor(accounts: AccountReplay, findings: FindingList) {
    this.#accounts = accounts
    this.#findings = findings
  }

  /** In the order of age, which is that of ids. What the accounts lose by them is among their restraints. */
  *save(): Generator<CheckpointLine> {
    for (const [id, freeze] of this.#freezes) {
      const { account, rank, amountMinor, remainingMinor, blocksIncoming, reference, expiresAt, state } = freeze
      const amounts = [amountMinor, remainingMinor].map((minor) => (minor === null ? null : String(minor)))
      yield ['freeze', id, account, rank, ...amounts, blocksIncoming, reference, expiresAt, state]
    }
  }

  load(fields: CheckpointFields): void {
    const id = fields.number()
    const freeze = {
      account: fields.number(),
      rank: fields.number(),
      amountMinor: fields.orNull((next) => next.minor()),
      remainingMinor: fields.orNull((next) => next.minor()),
      blocksIncoming: fields.flag(),
      reference: fields.text(),
      expiresAt: fields.orNull((next) => next.number()),
    }
    const state = fields.text()
    if (!isFreezeState(state)) throw new CheckpointUnreadable(`freeze ${id}`)
    this.#freezes.set(id, { ...freeze, state })
  }

  /** True when the event is of a freeze. `at` is the time of the batch, µs. */
  apply(event: EventSeen, data: JsonObject, at: number): boolean {
    switch (event.kind) {
      case 'freeze_placed':
        this.#placed(event, data)
        return true
      case 'freeze_lifted':
        this.#ended(event, data, 'lifted', ({ rank }) => {
          const { authority } = data
          if (typeof authority !== 'string' || !isFreezeCause(authority)) return 'an authority lifts it'
          return FREEZE_CAUSES[authority] < rank ? 'lifted by an authority of its rank' : undefined
        })
        return true
      case 'freeze_expired':
        this.#ended(event, data, 'expired', ({ expiresAt }) =>
          expiresAt === null || at < expiresAt ? 'expired after its expiry' : undefined,
        )
        return true
      case 'freeze_deducted':
        this.#deducted(event, data)
        return true
      default:
        return false
    }
  }

  /** The account that a deduction may take this transfer's amount from, past its freezes; 0 for any other transfer. */
  takenFrom(batch: number, position: number, debit: number, credit: number, amountMinor: bigint): number {
    const deduction = this.#deduction
    if (deduction === undefined) return 0
    this.#deduction = undefined
    const { account } = deduction
    const isNext = deduction.batch === batch && deduction.position + 1 === position
    if (isNext && amountMinor === deduction.amountMinor && (debit === account || credit === account)) return account
    this.#breaks(deduction, 'its transfer follows a deduction')
    return 0
  }

  /** After the last batch, with the rows as they were in the snapshot of that batch. */
  finish(rows: ReadonlyMap<number, FreezeRowSeen>): void {
    if (this.#deduction !== undefined) this.#breaks(this.#deduction, 'its transfer follows a deduction')
    for (const [id, freeze] of this.#freezes) {
      const row = rows.get(id)
      const expected = text(freeze)
      const found = row === undefined ? 'none' : text(row)
      if (expected !== found) this.#findings.add('freeze_differs', { freeze: id, expected, found })
    }
    for (const id of rows.keys()) {
      if (!this.#freezes.has(id)) this.#findings.add('freeze_differs', { freeze: id, expected: 'none' })
    }
  }

  #placed(event: EventSeen, data: JsonObject): void {
    const { cause, reference, blocks_incoming: blocksIncoming } = data
    const id = numberOf(data.freeze)
    const expires = data.expires_at === null ? null : numberOf(data.expires_at)
    const amountMinor = data.amount_minor === null ? null : minorOf(data.amount_minor)
    const isRead = id !== undefined && expires !== undefined && typeof cause === 'string' && isFreezeCause(cause)
    const isWhole = typeof reference === 'string' && typeof blocksIncoming === 'boolean' && amountMinor !== undefined
    if (!isRead || !isWhole) {
      this.#breaks(event, 'the event can be read')
      return
    }
    if (this.#freezes.has(id)) this.#breaks(event, 'a freeze is placed once')
    const freeze: ReplayedFreeze = {
      ...{ account: event.account, rank: FREEZE_CAUSES[cause], amountMinor, remainingMinor: amountMinor },
      ...{ blocksIncoming, reference, expiresAt: expires, state: 'active' },
    }
    this.#freezes.set(id, freeze)
    this.#count(freeze, 1)
  }

  #active(event: EventSeen, data: JsonObject): ReplayedFreeze | undefined {
    const freeze = this.#freezes.get(numberOf(data.freeze) ?? 0)
    if (freeze?.state === 'active' && freeze.account === event.account) return freeze
    this.#breaks(event, 'the freeze is active, and of that account')
    return undefined
  }

  #ended(
    event: EventSeen,
    data: JsonObject,
    state: FreezeState,
    broken: (freeze: ReplayedFreeze) => string | undefined,
  ): void {
    const freeze = this.#active(event, data)
    if (freeze === undefined) return
    const what = broken(freeze)
    if (what !== undefined) this.#breaks(event, what)
    freeze.state = state
    this.#count(freeze, -1)
  }

  #deducted(event: EventSeen, data: JsonObject): void {
    const amountMinor = minorOf(data.amount_minor)
    const freeze = this.#active(event, data)
    if (freeze === undefined || amountMinor === undefined) return
    const { batch, position, account } = event
    if (freeze.rank !== FREEZE_CAUSES.judicial) this.#breaks(event, 'money is deducted on judicial freezes')
    if (amountMinor > this.#reachMinor(freeze)) this.#breaks(event, 'no more is deducted than the freeze reaches')
    this.#deduction = { batch, position, account, amountMinor }
    if (freeze.remainingMinor === null) return
    if (amountMinor > freeze.remainingMinor) this.#breaks(event, 'no more is deducted than is left of the freeze')
    this.#count(freeze, -1)
    freeze.remainingMinor -= amountMinor
    if (freeze.remainingMinor <= 0n) freeze.state = 'used'
    else this.#count(freeze, 1)
  }

  /** Freezes of one account get what those before them leave: of a higher rank, or of the same one and older. */
  #reachMinor(freeze: ReplayedFreeze): bigint {
    const place = this.#accounts.place(freeze.account)
    const floor = this.#accounts.floorMinor(place) ?? 0n
    let reached = this.#accounts.unpromisedMinor(place) - (floor > 0n ? floor : 0n)
    // The map is in the order of age.
    let isOlder = true
    for (const other of this.#freezes.values()) {
      if (other === freeze) isOlder = false
      else if (other.state === 'active' && other.account === freeze.account) {
        if (other.rank < freeze.rank || (other.rank === freeze.rank && !isOlder)) continue
        if (other.remainingMinor === null) return 0n
        reached -= other.remainingMinor
      }
    }
    return reached
  }

  #count({ account, remainingMinor, blocksIncoming }: ReplayedFreeze, change: 1 | -1): void {
    const place = this.#accounts.place(account)
    const before = this.#accounts.restraints(place)
    const after =
      remainingMinor === null
        ? {
            ...before,
            outFreezes: before.outFreezes + change,
            inFreezes: before.inFreezes + (blocksIncoming ? change : 0),
          }
        : { ...before, frozenMinor: before.frozenMinor + (change === 1 ? remainingMinor : -remainingMinor) }
    this.#accounts.setRestraints(place, after)
  }

  #breaks({ batch, position, account }: Pick<EventSeen, 'batch' | 'position' | 'account'>, what: string): void {
    this.#findings.add('freeze_breaks_rule', { batch, position, account, what })
  }
}

function minorOf(text: unknown): bigint | undefined {
  return typeof text === 'string' && /^\d{1,19}$/.test(text) ? BigInt(text) : undefined
}

function numberOf(text: unknown): number | undefined {
  return typeof text === 'string' && /^\d{1,16}$/.test(text) ? Number(text) : undefined
}

function text(freeze: Omit<ReplayedFreeze, 'state'> & { readonly state: FreezeState | number }): string {
  const { account, rank, amountMinor, remainingMinor, blocksIncoming, reference, expiresAt, state } = freeze
  const stored = typeof state === 'number' ? state : FREEZE_STATES[state]
  return JSON.stringify([
    ...[account, rank, String(amountMinor), String(remainingMinor), blocksIncoming, reference, expiresAt, stored],
  ])
}
