import type { OracleHold, Told } from './oracle-account.ts'
import type { OracleCore, OracleSides } from './oracle-core.ts'

/** Promises of money. Times in the unit of the caller. */
export class OracleHolds {
  readonly #core: OracleCore

  constructor(core: OracleCore) {
    this.#core = core
  }

  place(of: OracleSides, amount: number, expiresAt: number | null, now: number): Told {
    const core = this.#core
    const sides = core.judgeSides(of, amount)
    if (sides !== 'done') return sides
    if (expiresAt !== null && expiresAt <= now) return 'expiry_in_the_past'
    const funds = core.judgeFunds(of.debit, of.credit, amount)
    if (funds !== 'done') return funds
    const { debit, credit } = of
    core.move(debit, credit, 0, amount)
    core.journal({ debit, credit, amount, kind: 'promise', reversed: 0 })
    core.holds.push({ debit, credit, remaining: amount, expiresAt, state: 'pending' })
    core.undoable(() => core.holds.pop())
    return 'done'
  }

  #live(hold: OracleHold | undefined, now: number): Told {
    if (hold === undefined) return 'hold_unknown'
    const states = this.#core.judgeStates(this.#core.account(hold.debit), this.#core.account(hold.credit))
    if (states !== 'done') return states
    if (hold.state !== 'pending') return `hold_already_${hold.state}`
    return hold.expiresAt !== null && hold.expiresAt <= now ? 'hold_past_expiry' : 'done'
  }

  capture(number: number, amount: number, final: boolean, now: number): Told {
    if (amount <= 0) return 'amount_not_positive'
    const hold = this.#core.holds[number]
    const live = this.#live(hold, now)
    if (live !== 'done' || hold === undefined) return live
    if (amount > hold.remaining) return 'exceeds_hold'
    const released = final ? hold.remaining : amount
    this.#change(hold, released, released === hold.remaining ? 'captured' : 'pending')
    this.#core.move(hold.debit, hold.credit, amount, -released)
    this.#core.journal({ debit: hold.debit, credit: hold.credit, amount, kind: 'posted', reversed: 0 })
    return 'done'
  }

  increase(number: number, amount: number, now: number): Told {
    if (amount <= 0) return 'amount_not_positive'
    const hold = this.#core.holds[number]
    const live = this.#live(hold, now)
    if (live !== 'done' || hold === undefined) return live
    const funds = this.#core.judgeFunds(hold.debit, hold.credit, amount)
    if (funds !== 'done') return funds
    this.#change(hold, -amount, 'pending')
    this.#core.move(hold.debit, hold.credit, 0, amount)
    this.#core.journal({ debit: hold.debit, credit: hold.credit, amount, kind: 'promise', reversed: 0 })
    return 'done'
  }

  extend(number: number, expiresAt: number, now: number): Told {
    const hold = this.#core.holds[number]
    const live = this.#live(hold, now)
    if (live !== 'done' || hold === undefined) return live
    if (expiresAt <= now) return 'expiry_in_the_past'
    const before = hold.expiresAt
    if (before === null || expiresAt <= before) return 'expiry_not_later'
    hold.expiresAt = expiresAt
    this.#core.undoable(() => {
      hold.expiresAt = before
    })
    return 'done'
  }

  release(number: number, how: 'voided' | 'expired', now: number): Told {
    const hold = this.#core.holds[number]
    if (hold === undefined) return 'hold_unknown'
    if (hold.state !== 'pending') return `hold_already_${hold.state}`
    if (how === 'expired' && (hold.expiresAt === null || hold.expiresAt > now)) return 'hold_not_due'
    const released = hold.remaining
    this.#change(hold, released, how)
    this.#core.move(hold.debit, hold.credit, 0, -released)
    this.#core.journal({ debit: hold.debit, credit: hold.credit, amount: 0, kind: 'promise', reversed: 0 })
    return 'done'
  }

  #change(hold: OracleHold, released: number, state: OracleHold['state']): void {
    const before = { ...hold }
    hold.remaining -= released
    hold.state = state
    this.#core.undoable(() => Object.assign(hold, before))
  }
}
