import { type AccountSet, plus, SET_DEPTH_MAX, type SetBalance } from './account-set.ts'
import { setBalanceKey } from './account-set-store.ts'
import type { CheckpointFields, CheckpointLine, Kept } from './checkpoint-line.ts'
import {
  type AccountReplay,
  CREDITS_PENDING,
  CREDITS_POSTED,
  DEBITS_PENDING,
  DEBITS_POSTED,
  OPENED,
} from './verify-accounts.ts'
import type { EventSeen } from './verify-event-seen.ts'
import { parseEventData } from './verify-events.ts'
import type { FindingList } from './verify-finding.ts'
import type { SetRowsSeen } from './verify-sets-store.ts'

interface Membership {
  readonly set: number
  readonly account: number
  readonly batch: number
  readonly position: number
  to: number | null
}

/** Replays sets and who was in them, and ties what sets have to what their members have. Needs memory for every membership. */
export class SetReplay implements Kept {
  readonly names = ['set', 'set_member']
  readonly #findings: FindingList
  readonly #accounts: AccountReplay
  readonly #sets = new Map<number, AccountSet>()
  readonly #memberships: Membership[] = []
  readonly #open = new Map<string, Membership>()
  readonly #noted = new Map<number, number[]>()
  /** A set that once had a currency keeps its row. */
  readonly #currencies = new Set<string>()

  constructor(accounts: AccountReplay, findings: FindingList) {
    this.#accounts = accounts
    this.#findings = findings
  }

  *save(): Generator<CheckpointLine> {
    for (const { id, parent, root, depth, name } of this.#sets.values()) yield ['set', id, parent, root, depth, name]
    for (const { set, account, batch, position, to } of this.#memberships) {
      yield ['set_member', set, account, batch, position, to]
    }
  }

  load(fields: CheckpointFields): void {
    if (fields.name === 'set_member') {
      const pair = { set: fields.number(), account: fields.number() }
      const place = { batch: fields.number(), position: fields.number() }
      this.#enter({ ...pair, ...place, to: fields.orNull((next) => next.number()) })
    } else {
      const id = fields.number()
      const above = { parent: fields.orNull((next) => next.number()), root: fields.number(), depth: fields.number() }
      this.#sets.set(id, { id, ...above, name: fields.text() })
    }
  }

  /** False for events of another kind. */
  apply(event: EventSeen): boolean {
    switch (event.kind) {
      case 'set_created':
        this.#created(event)
        return true
      case 'set_member_added':
      case 'set_member_removed':
        this.#membership(event)
        return true
      default:
        return false
    }
  }

  #created(event: EventSeen): void {
    const { name, parent } = parseEventData(event.data) ?? {}
    const id = event.account
    const above = typeof parent === 'string' ? this.#sets.get(Number(parent)) : undefined
    const depth = (above?.depth ?? 0) + 1
    if (typeof name !== 'string' || (parent !== null && above === undefined)) this.#malformed(event)
    else if (this.#sets.has(id) || depth > SET_DEPTH_MAX) this.#breaks(event, 'a set is made once, eight deep at most')
    else this.#sets.set(id, { id, name, parent: above?.id ?? null, root: above?.root ?? id, depth })
  }

  #membership(event: EventSeen): void {
    const { batch, position, account, kind } = event
    const { set } = parseEventData(event.data) ?? {}
    const known = typeof set === 'string' ? this.#sets.get(Number(set)) : undefined
    const place = this.#accounts.place(account)
    if (known === undefined || place === -1 || !this.#accounts.has(place, OPENED)) {
      this.#malformed(event)
      return
    }
    const key = `${known.id} ${account}`
    const own = this.#noted.get(account) ?? []
    if (kind === 'set_member_added') {
      const counted = own.some((one) => this.#sets.get(one)?.root === known.root)
      if (counted) this.#breaks(event, 'a tree of sets counts an account once')
      this.#enter({ set: known.id, account, batch, position, to: null })
      return
    }
    const membership = this.#open.get(key)
    if (membership === undefined) this.#breaks(event, 'only a member leaves a set')
    else membership.to = batch
    this.#open.delete(key)
    const rest = own.filter((one) => one !== known.id)
    if (rest.length === 0) this.#noted.delete(account)
    else this.#noted.set(account, rest)
  }

  #enter(membership: Membership): void {
    const { set, account, to } = membership
    this.#memberships.push(membership)
    const currency = this.#accounts.opening(this.#accounts.place(account))?.currency ?? ''
    for (const above of this.#upwards(set)) this.#currencies.add(setBalanceKey(above, currency))
    if (to !== null) return
    this.#open.set(`${set} ${account}`, membership)
    this.#noted.set(account, [...(this.#noted.get(account) ?? []), set])
  }

  #upwards(id: number): readonly number[] {
    const chain: number[] = []
    for (let next: number | null = id; next !== null; next = this.#sets.get(next)?.parent ?? null) chain.push(next)
    return chain
  }

  #malformed({ batch, position, account, kind }: EventSeen): void {
    this.#findings.add('event_malformed', { batch, position, account, found: kind })
  }

  #breaks({ batch, position, account }: EventSeen, what: string): void {
    this.#findings.add('event_breaks_rule', { batch, position, account, what })
  }

  /** `rows` are as of the last batch of the replay. */
  finish(rows: SetRowsSeen): void {
    const sets = [...this.#sets.values()].map(({ id, parent, root, depth, name }) =>
      [id, parent ?? '-', root, depth, name].join(' '),
    )
    this.#compare('set', sets, rows.sets)
    const members = this.#memberships.map(({ set, account, batch, position, to }) =>
      [set, account, batch, position, to ?? '-'].join(' '),
    )
    this.#compare('member', members, rows.members)
    this.#compare('balance', this.#balances(), rows.balances)
    this.#compare(
      'account',
      [...this.#noted].map(([account, ids]) => `${account} ${ids.join()}`),
      rows.noted,
    )
  }

  #balances(): readonly string[] {
    const sums = new Map<string, SetBalance>()
    for (const key of this.#currencies) {
      const [set = '', currency = ''] = key.split(' ')
      const nothing = { debitsPosted: 0n, creditsPosted: 0n, debitsPending: 0n, creditsPending: 0n }
      sums.set(key, { set: Number(set), currency, members: 0, ...nothing })
    }
    for (const { set, account } of this.#open.values()) {
      const place = this.#accounts.place(account)
      const currency = this.#accounts.opening(place)?.currency ?? ''
      const own = {
        debitsPosted: this.#accounts.counter(place, DEBITS_POSTED),
        creditsPosted: this.#accounts.counter(place, CREDITS_POSTED),
        debitsPending: this.#accounts.counter(place, DEBITS_PENDING),
        creditsPending: this.#accounts.counter(place, CREDITS_PENDING),
      }
      for (const above of this.#upwards(set)) {
        const key = setBalanceKey(above, currency)
        const sum = sums.get(key)
        if (sum !== undefined) sums.set(key, { ...plus(sum, own, 1n), members: sum.members + 1 })
      }
    }
    return [...sums.values()].map((sum) =>
      [
        ...[sum.set, sum.currency, sum.members],
        ...[sum.debitsPosted, sum.creditsPosted, sum.debitsPending, sum.creditsPending],
      ].join(' '),
    )
  }

  #compare(what: string, expected: readonly string[], found: readonly string[]): void {
    const there = new Set(found)
    const wanted = new Set(expected)
    for (const row of wanted) if (!there.has(row)) this.#findings.add('set_differs', { what, expected: row })
    for (const row of there) if (!wanted.has(row)) this.#findings.add('set_differs', { what, found: row })
  }
}
