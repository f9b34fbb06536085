import { formatAmount } from '@huitong/kernel'
import type { PeerClient } from '@huitong/links'
import { WALLET_CURRENCY } from '@huitong/payments'
import Type, { type Static, type TSchema } from 'typebox'
import { Value } from 'typebox/value'
import type { ChannelBank } from './channel-bank.ts'
import { reserveAccountOf } from './order-messages.ts'

/*
 * What banks are asked directly, not over the clearing house: whether a customer's account may be bound. Nothing of value moves by it. What
 * is no clear answer is none: it is asked again, under the same number of ours, and a bank gives one number one answer.
 */

/** What the customer says of his account. */
export interface CardClaim {
  readonly number: string
  readonly holder: string
  readonly documentNumber: string
  readonly phone: string
}

const Bound = Type.Object({
  agreement: Type.Union([Type.String({ pattern: '^[a-z]+_[0-9a-z]{1,32}$' }), Type.Null()]),
  state: Type.String(),
  matched: Type.Boolean(),
})

type BindAnswer = { readonly agreement: string } | 'no_match' | 'too_many_attempts'
type ConfirmAnswer = 'active' | 'wrong_code' | 'over'

export interface BankDesk {
  /** Undefined while nobody knows. */
  bind(bank: ChannelBank, claim: CardClaim, key: string): Promise<BindAnswer | undefined>
  confirm(bank: string, agreement: string, code: string, key: string): Promise<ConfirmAnswer | undefined>
  /** Whether the bank has heard. */
  end(bank: string, agreement: string, key: string): Promise<boolean>
}

/** @param member our own number, by which the clearing house finds the account that banks send money to */
export function createBankDesk(peers: PeerClient, member: string): BankDesk {
  const path = (agreement: string, rest: string): string => `bank/agreements/${agreement}/${rest}`

  /** Whether it is in force after all: the code was right, and the answer was lost. */
  async function standing(bank: string, agreement: string): Promise<ConfirmAnswer | undefined> {
    const answer = await peers.ask(bank, path(agreement, 'enquire'), {})
    if (answer?.status === 404) return 'over'
    const found = answer?.status === 200 ? readAs(Type.Object({ state: Type.String() }), answer.body) : undefined
    if (found === undefined) return undefined
    return found.state === 'active' ? 'active' : 'over'
  }

  return {
    bind: async ({ member: bank, singleMaxMinor, dayMaxMinor }, { number, holder, documentNumber, phone }, key) => {
      const terms = {
        ...{ account: number, legalName: holder, documentNumber, phone, platformAccount: reserveAccountOf(member) },
        singleMax: formatAmount(singleMaxMinor, WALLET_CURRENCY),
        dayMax: formatAmount(dayMaxMinor, WALLET_CURRENCY),
      }
      const answer = await peers.ask(bank, 'bank/agreements', { ...terms, request: key })
      if (answer === undefined) return undefined
      if (answer.status === 429) return 'too_many_attempts'
      if (answer.status === 422 || answer.status === 400) return 'no_match'
      const bound = answer.status === 200 ? readAs(Bound, answer.body) : undefined
      if (bound === undefined) return undefined
      return bound.matched && bound.agreement !== null ? { agreement: bound.agreement } : 'no_match'
    },
    confirm: async (bank, agreement, code, key) => {
      const answer = await peers.ask(bank, path(agreement, 'confirm'), { request: key, code })
      if (answer === undefined) return undefined
      if (answer.status === 404 || answer.status === 409) return await standing(bank, agreement)
      const said = answer.status === 200 ? readAs(Bound, answer.body) : undefined
      if (said === undefined) return undefined
      if (said.matched) return said.state === 'active' ? 'active' : undefined
      return said.state === 'pending' ? 'wrong_code' : 'over'
    },
    end: async (bank, agreement, key) => {
      const answer = await peers.ask(bank, path(agreement, 'end'), { request: key })
      return answer?.status === 200 || answer?.status === 404
    },
  }
}

function readAs<S extends TSchema>(schema: S, value: unknown): Static<S> | undefined {
  return Value.Check(schema, value) ? value : undefined
}
