import { isAccountState } from './account.ts'
import { type CheckpointFields, type CheckpointLine, CheckpointUnreadable, type Kept } from './checkpoint-line.ts'
import { subjectCode } from './subjects.ts'
import {
  type AccountReplay,
  CREDITS_PENDING,
  CREDITS_POSTED,
  DEBITS_PENDING,
  DEBITS_POSTED,
  LAST_ENTRY,
  OPENED,
  RESTRAINED,
  SEQUENCE,
} from './verify-accounts.ts'
import type { BalanceCheck } from './verify-balances.ts'

const COUNTERS = [DEBITS_POSTED, CREDITS_POSTED, DEBITS_PENDING, CREDITS_PENDING] as const

/** What the replay knows of every account, by id. */
export class KeptAccounts implements Kept {
  readonly names = ['account', 'restraints']
  readonly #accounts: AccountReplay
  readonly #balances: BalanceCheck

  constructor(accounts: AccountReplay, balances: BalanceCheck) {
    this.#accounts = accounts
    this.#balances = balances
  }

  *save(): Generator<CheckpointLine> {
    const accounts = this.#accounts
    const opened = [...accounts.all()].filter(([, place]) => accounts.has(place, OPENED)).sort(([a], [b]) => a - b)
    for (const [id, place] of opened) {
      const opening = accounts.opening(place)
      if (opening === undefined) continue
      const { subject, currency, owner } = opening
      const floor = accounts.floorMinor(place)
      const counters = COUNTERS.map((field) => String(accounts.counter(place, field)))
      const entries = [accounts.view.getFloat64(place + SEQUENCE), accounts.view.getFloat64(place + LAST_ENTRY)]
      const terms = [subject, currency, owner, floor === null ? null : String(floor), accounts.state(place)]
      yield ['account', id, ...terms, ...counters, ...entries]
    }
    for (const [id, place] of opened) {
      if (!accounts.has(place, RESTRAINED)) continue
      const { frozenMinor, outFreezes, inFreezes, ceilingMinor } = accounts.restraints(place)
      const ceiling = ceilingMinor === null ? null : String(ceilingMinor)
      yield ['restraints', id, String(frozenMinor), outFreezes, inFreezes, ceiling]
    }
  }

  load(fields: CheckpointFields): void {
    if (fields.name === 'account') this.#loadAccount(fields)
    else this.#loadRestraints(fields)
  }

  #loadAccount(fields: CheckpointFields): void {
    const accounts = this.#accounts
    const id = fields.number()
    const known = accounts.place(id)
    const place = known === -1 ? accounts.add(id) : known
    const subject = subjectCode(fields.text())
    const opening = { currency: fields.text(), owner: fields.orNull((next) => next.text()) }
    const floorMinor = fields.orNull((next) => next.minor())
    const state = fields.text()
    if (subject === undefined || !isAccountState(state)) throw new CheckpointUnreadable(`account ${id}`)
    accounts.open(place, { subject, ...opening }, floorMinor)
    accounts.setState(place, state)
    for (const field of COUNTERS) accounts.view.setBigInt64(place + field, fields.minor())
    accounts.view.setFloat64(place + SEQUENCE, fields.number())
    accounts.view.setFloat64(place + LAST_ENTRY, fields.number())
    this.#balances.resumed(id, place)
  }

  #loadRestraints(fields: CheckpointFields): void {
    const place = this.#accounts.place(fields.number())
    if (place === -1) throw new CheckpointUnreadable('restraints of an unknown account')
    this.#accounts.setRestraints(place, {
      frozenMinor: fields.minor(),
      outFreezes: fields.number(),
      inFreezes: fields.number(),
      ceilingMinor: fields.orNull((next) => next.minor()),
    })
  }
}
