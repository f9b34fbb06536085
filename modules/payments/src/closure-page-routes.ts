import type { Committer } from '@huitong/committer'
import { hasFreshProof } from '@huitong/contract'
import { decodeForm } from '@huitong/formats'
import {
  type HttpApp,
  HttpProblem,
  outcomeToReply,
  provePath,
  type RawReply,
  seeOther,
  signInPath,
} from '@huitong/http'
import { type Clock, formatAmount } from '@huitong/kernel'
import { readPhone } from '@huitong/party'
import type { CustomerSearch } from './alipay-people.ts'
import { CLOSURE_PATH, closedPage, closurePage } from './closure-page.ts'
import { WALLET_CURRENCY } from './limits.ts'
import type { Payments } from './payments.ts'
import type { PaymentQueries } from './payments-queries.ts'
import { customerOf, refusalAnswer } from './route-parts.ts'
import { callerStrength } from './session-strength.ts'

export interface ClosurePageParts {
  readonly committer: Pick<Committer, 'submit'>
  readonly payments: Pick<Payments, 'closeWallet'>
  readonly queries: Pick<PaymentQueries, 'wallet'>
  readonly search: Pick<CustomerSearch, 'findByPhone'>
  readonly clock: Clock
}

const READER = { callers: ['anonymous', 'customer'], scope: 'party:read' } as const
const OWNER = { callers: ['anonymous', 'customer'], scope: 'party:write' } as const

const NOT_SURE = 'Say that you are sure. 请勾选确认。'
const UNREADABLE = 'This is no phone number. 手机号有误。'
const NOBODY = 'Nobody with this phone number is a customer here. 该手机号尚未开户。'
const UNKNOWN = 'It is not known whether this was done; look again. 结果未知，请稍后查看。'
const NOTHING = formatAmount(0n, WALLET_CURRENCY)

/** `/me/closure`, which works without scripts: what `POST /v1/me/closure` does, for people. */
export function addClosurePageRoutes(http: HttpApp, parts: ClosurePageParts): void {
  const { committer, payments, queries, search, clock } = parts

  async function show(customer: number, fault?: { status: number; text: string }): Promise<RawReply> {
    const available = (await queries.wallet(customer))?.available ?? NOTHING
    return closurePage({ available, isEmpty: available === NOTHING }, fault)
  }

  http.rawRoute({
    method: 'GET',
    url: CLOSURE_PATH,
    access: READER,
    summary: 'The page on which you close your own account',
    handler: async ({ caller }) =>
      caller.kind === 'customer' ? show(customerOf(caller)) : seeOther(signInPath(CLOSURE_PATH)),
  })

  http.rawRoute({
    method: 'POST',
    url: CLOSURE_PATH,
    access: OWNER,
    summary: 'Close your own account, from the page',
    handler: async ({ caller, rawBody }) => {
      if (caller.kind !== 'customer') return seeOther(signInPath(CLOSURE_PATH))
      if (!hasFreshProof(caller, clock.now())) return seeOther(provePath(CLOSURE_PATH))
      const customer = customerOf(caller)
      const form = decodeForm(rawBody)
      const fields = new Map(form.ok ? form.value : [])
      if (fields.get('sure') !== 'yes') return show(customer, { status: 400, text: NOT_SURE })
      const payTo = await payeeOf(fields.get('phone') ?? '')
      if (typeof payTo === 'object' && payTo !== null) return show(customer, payTo)
      // No key: closing again changes nothing.
      const outcome = await committer.submit({
        kind: payments.closeWallet,
        input: { customer, payTo, strength: callerStrength(caller) },
      })
      if (outcome.status === 'done') return closedPage(outcome.answer.paidOut)
      if (outcome.status === 'unknown') return show(customer, { status: 504, text: UNKNOWN })
      const answer = outcomeToReply(outcome, { done: () => undefined, refused: refusalAnswer })
      const { status, message } = answer instanceof HttpProblem ? answer : { status: 500, message: '' }
      return show(customer, { status, text: message })
    },
  })

  /** Null when nobody was named, which is right for a wallet with nothing in it. */
  async function payeeOf(text: string): Promise<number | null | { readonly status: number; readonly text: string }> {
    if (text === '') return null
    const phone = readPhone(text)
    if (!phone.ok) return { status: 400, text: UNREADABLE }
    return (await search.findByPhone(phone.value))?.id ?? { status: 404, text: NOBODY }
  }
}
