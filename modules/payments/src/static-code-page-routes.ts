import type { Committer } from '@huitong/committer'
import { decodeForm } from '@huitong/formats'
import { type HttpApp, HttpProblem, outcomeToReply, type RawReply, type RawRequest, seeOther } from '@huitong/http'
import { type Chance, parseAmount } from '@huitong/kernel'
import type { CodeQueries, ResolvedCode } from './code-queries.ts'
import { PAYMENT_MINOR_MAX, WALLET_CURRENCY } from './limits.ts'
import { drawOrderCodeToken } from './order-code.ts'
import { orderFaultPage } from './order-page.ts'
import { assessedPayer } from './payer-proof.ts'
import type { Payments } from './payments.ts'
import { customerOf, refusalAnswer } from './route-parts.ts'
import { STATIC_CODE_REFERENCE } from './static-code.ts'
import { noStaticCodePage, staticCodeConfirmPage, staticCodePage, staticCodeResultPage } from './static-code-page.ts'

export interface StaticCodePageParts {
  readonly committer: Pick<Committer, 'submit'>
  readonly payments: Pick<Payments, 'payStaticCode' | 'outlays'>
  readonly codes: CodeQueries
  readonly chance: Chance
}

const READER = { callers: ['anonymous', 'customer', 'merchant', 'staff'] } as const
const PAYER = { callers: ['anonymous', 'customer'], scope: 'payments:write' } as const
const ATTEMPT = /^[\w-]{22}$/

/** What stands at the address in a static code: the registered name, a field for the amount, a question, the payment. */
export function addStaticCodePageRoutes(http: HttpApp, parts: StaticCodePageParts): void {
  const { committer, payments, codes, chance } = parts

  async function find(reference: string): Promise<ResolvedCode | undefined> {
    if (!STATIC_CODE_REFERENCE.test(reference)) return undefined
    return codes.resolve({ kind: 'static', institution: '', reference }, 0)
  }

  http.rawRoute({
    method: 'GET',
    url: '/c/:reference',
    access: READER,
    summary: 'The page of a static code',
    handler: async ({ params, caller }) => {
      const reference = params.reference ?? ''
      const code = await find(reference)
      return code === undefined ? noStaticCodePage() : staticCodePage(code, reference, caller.kind === 'customer')
    },
  })

  http.rawRoute({
    method: 'POST',
    url: '/c/:reference/check',
    access: PAYER,
    summary: 'Look at the payment before making it',
    handler: (request) =>
      step(request, async (code, reference, fields) => {
        const amount = readAmount(fields)
        if (typeof amount === 'string') return staticCodePage(code, reference, true, amount)
        return staticCodeConfirmPage(code, reference, amount, drawOrderCodeToken(chance))
      }),
  })

  http.rawRoute({
    method: 'POST',
    url: '/c/:reference/pay',
    access: PAYER,
    summary: 'Make the payment, from its page',
    handler: (request) =>
      step(request, async (code, reference, fields) => {
        const amountMinor = readAmount(fields)
        const attempt = fields.get('attempt') ?? ''
        const payeeName = fields.get('payeeName') ?? ''
        if (typeof amountMinor === 'string') return staticCodePage(code, reference, true, amountMinor)
        if (!ATTEMPT.test(attempt)) return staticCodePage(code, reference, true, 'The page was not complete. 请重试。')
        const { caller } = request
        const payer = await assessedPayer(payments, caller, { way: 'static_code', amountMinor })
        const outcome = await committer.submit({
          kind: payments.payStaticCode,
          input: { reference, customer: customerOf(caller), amountMinor, payeeName, ...payer },
          idempotency: { caller: caller.id, key: `static-code-page:${attempt}` },
        })
        if (outcome.status === 'done') return staticCodeResultPage(outcome.answer, payeeName)
        const answer = outcomeToReply(outcome, { done: () => undefined, refused: refusalAnswer })
        const { status, message } = answer instanceof HttpProblem ? answer : { status: 500, message: '' }
        return outcome.status === 'refused'
          ? staticCodePage(code, reference, true, message)
          : orderFaultPage(status, message)
      }),
  })

  async function step(
    { params, caller, rawBody }: RawRequest,
    act: (code: ResolvedCode, reference: string, fields: ReadonlyMap<string, string>) => Promise<RawReply>,
  ): Promise<RawReply> {
    const reference = params.reference ?? ''
    const code = await find(reference)
    if (code === undefined) return noStaticCodePage()
    if (caller.kind !== 'customer') return seeOther(`/c/${reference}`)
    const form = decodeForm(rawBody)
    return act(code, reference, new Map(form.ok ? form.value : []))
  }
}

/** The amount of a form, in minor units, or what is wrong with it. */
function readAmount(fields: ReadonlyMap<string, string>): bigint | string {
  const amount = parseAmount((fields.get('amount') ?? '').trim(), WALLET_CURRENCY, { maxMinor: PAYMENT_MINOR_MAX })
  return amount.ok ? amount.value : 'Enter an amount such as 12.50. 请输入正确的金额。'
}
