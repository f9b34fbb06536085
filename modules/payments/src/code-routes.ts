import { AmountText, CurrencyText } from '@huitong/contract'
import { badField, type HttpApp, notFound, reply } from '@huitong/http'
import Type, { type Static } from 'typebox'
import { type IssuedCode, readIssuedCode } from './issued-code.ts'
import { WALLET_CURRENCY } from './limits.ts'
import { partnerFault } from './partner-client.ts'
import type { PaymentRouteParts } from './route-parts.ts'

const ResolvedCodeBody = Type.Object(
  {
    kind: Type.Enum(['static', 'order']),
    institution: Type.String({ description: 'Where the payee is registered' }),
    reference: Type.Union([Type.String(), Type.Null()], { description: 'Of a static code' }),
    token: Type.Union([Type.String(), Type.Null()], { description: 'Of an order code' }),
    payeeKind: Type.Enum(['customer', 'merchant']),
    payeeName: Type.String({ description: 'As registered; the payer confirms it' }),
    subject: Type.Union([Type.String(), Type.Null()]),
    currency: CurrencyText,
    amount: Type.Union([AmountText, Type.Null()], { description: 'Null when the payer enters it' }),
  },
  { $id: 'ResolvedCode' },
)

export function addCodeRoutes(
  http: HttpApp,
  { codes, clock, issuer, partners, orderCodeUrl, staticCodeUrl }: PaymentRouteParts,
): void {
  /** A code of another institution: who is paid by it is asked there, now. */
  async function foreign(code: IssuedCode): Promise<Static<typeof ResolvedCodeBody>> {
    if (code.kind !== 'static') {
      throw badField('code', 'order_elsewhere', 'Orders of other institutions are not paid from here.')
    }
    const resolved = await partners.resolve(code.institution, code.reference)
    if (!resolved.ok) throw partnerFault(resolved.error)
    const { payeeKind, payeeName, subject } = resolved.value
    return {
      ...{ kind: code.kind, institution: code.institution, reference: code.reference, token: null },
      ...{ payeeKind, payeeName, subject, currency: WALLET_CURRENCY, amount: null },
    }
  }

  http.route({
    method: 'POST',
    url: '/v1/codes/resolve',
    access: { callers: ['customer'], scope: 'payments:read' },
    summary: 'Who is paid by a scanned code, and how much',
    description:
      'Reads the text of a merchant-presented EMVCo code or the address of one of our pages. A code that was misread, changed or is of another scheme is refused with the field and the rule. Nothing is paid or bound.',
    tags: ['Codes'],
    schema: {
      body: Type.Object({ code: Type.String({ maxLength: 1024 }) }),
      response: { 200: ResolvedCodeBody },
    },
    handler: async ({ body }) => {
      const read = readIssuedCode(body.code, issuer.institution, { orderCodeUrl, staticCodeUrl })
      if (!read.ok) throw badField('code', read.error.rule, read.error.text)
      const { code } = read.value
      if (code.institution !== issuer.institution) return reply(await foreign(code))
      const found = await codes.resolve(code, clock.now())
      if (found === undefined) return notFound('code')
      const { kind, payeeKind, payeeName, subject, amount } = found
      return reply({
        ...{ kind, institution: code.institution },
        reference: code.kind === 'static' ? code.reference : null,
        token: code.kind === 'order' ? code.token : null,
        ...{ payeeKind, payeeName, subject, currency: WALLET_CURRENCY, amount },
      })
    },
  })
}
