import type { CommandKind, Committer } from '@huitong/committer'
import {
  cardPage,
  type HttpApp,
  HttpProblem,
  html,
  outcomeToReply,
  type RawReply,
  type RawRequest,
  seeOther,
} from '@huitong/http'
import { parsePublicId } from '@huitong/kernel'
import type { InstitutionDatabase } from '@huitong/pg'
import type { CodeQueries } from './code-queries.ts'
import { orderFaultPage } from './order-page.ts'
import { assessedPayer } from './payer-proof.ts'
import type { Payments } from './payments.ts'
import { RISK_CHECK_ID } from './risk-check-events.ts'
import { checkPath, riskCheckPage } from './risk-check-page.ts'
import { selectRiskCheck } from './risk-check-store.ts'
import { type RiskCheckAnswer, type RiskCheckView, riskCheckView } from './risk-check-views.ts'
import { customerOf, refusalAnswer } from './route-parts.ts'

export interface RiskCheckPageParts {
  readonly db: InstitutionDatabase
  readonly committer: Pick<Committer, 'submit'>
  readonly payments: Pick<Payments, 'proveCheck' | 'callOffCheck' | 'outlays'>
  readonly codes: Pick<CodeQueries, 'payee'>
}

const READER = { callers: ['anonymous', 'customer'], scope: 'payments:read' } as const
const PAYER = { callers: ['anonymous', 'customer'], scope: 'payments:write' } as const

/** The page of a payment that risk stopped, for its payer alone. */
export function addRiskCheckPageRoutes(http: HttpApp, { db, committer, payments, codes }: RiskCheckPageParts): void {
  async function read({ params, caller }: RawRequest): Promise<RiskCheckView | undefined> {
    const id = parsePublicId(RISK_CHECK_ID, params.id ?? '')
    const found = id.ok ? await db.read((tx) => selectRiskCheck(tx, id.value)) : undefined
    return found === undefined || found.customer !== caller.customerId ? undefined : riskCheckView(found)
  }

  async function page(check: RiskCheckView, fault?: string): Promise<RawReply> {
    const kind = check.kind === 'trade' ? 'merchant' : 'customer'
    const { name } = await codes.payee({ kind, id: check.payee })
    return riskCheckPage(check, name, fault)
  }

  http.rawRoute({
    method: 'GET',
    url: '/checks/:id',
    access: READER,
    summary: 'The page of a payment of one’s own that risk stopped',
    handler: async (request) => {
      if (request.caller.kind !== 'customer') return seeOther('/signin')
      const check = await read(request)
      return check === undefined ? noCheckPage() : page(check)
    },
  })

  async function step<Input>(
    request: RawRequest,
    kind: CommandKind<Input, RiskCheckAnswer>,
    inputOf: (check: number, customer: number) => Promise<Input>,
  ): Promise<RawReply> {
    if (request.caller.kind !== 'customer') return seeOther('/signin')
    const check = await read(request)
    if (check === undefined) return noCheckPage()
    // No key: each of the steps can be taken once.
    const outcome = await committer.submit({ kind, input: await inputOf(check.id, customerOf(request.caller)) })
    if (outcome.status === 'done') return seeOther(checkPath(check.id))
    const answer = outcomeToReply(outcome, { done: () => undefined, refused: refusalAnswer })
    const { status, message } = answer instanceof HttpProblem ? answer : { status: 500, message: '' }
    const now = outcome.status === 'refused' ? await read(request) : undefined
    return now === undefined ? orderFaultPage(status, message) : page(now, message)
  }

  http.rawRoute({
    method: 'POST',
    url: '/checks/:id/prove',
    access: PAYER,
    summary: 'Answer it with what this session has proved, from its page',
    handler: (request) =>
      step(request, payments.proveCheck, async (check, customer) => ({
        ...{ check, customer },
        ...(await assessedPayer(payments, request.caller, { way: 'wallet', amountMinor: null })),
      })),
  })

  http.rawRoute({
    method: 'POST',
    url: '/checks/:id/call-off',
    access: PAYER,
    summary: 'Take it back, from its page',
    handler: (request) => step(request, payments.callOffCheck, async (check, customer) => ({ check, customer })),
  })
}

function noCheckPage(): RawReply {
  return cardPage('No such payment · 付款不存在', html`<p>There is no such payment of yours. 您没有这笔付款。</p>`, {
    status: 404,
  })
}
