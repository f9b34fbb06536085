import { AmountText, CurrencyText, Day, LineText, Timestamp } from '@huitong/contract'
import { badField, type HttpApp, notFound, outcomeToReply, reply } from '@huitong/http'
import { CNY, formatAmount, microsToIso, parseAmount } from '@huitong/kernel'
import Type, { type Static } from 'typebox'
import { listParameters } from './limit-queries.ts'
import { type ParameterVersion, parameterId } from './parameter.ts'
import { limitRefusalAnswer, type PricingRouteParts, readDay } from './route-parts.ts'

const Amount = Type.Union([AmountText, Type.Null()], { description: 'Null: no number, so nothing is limited' })

const VersionBody = Type.Object({
  version: Type.Integer({ minimum: 1 }),
  amount: Amount,
  currency: CurrencyText,
  effectiveFrom: Day,
  effectiveTo: Type.Union([Day, Type.Null()]),
  instrument: Type.String(),
  source: Type.String(),
  addedAt: Timestamp,
})

const ParameterBody = Type.Object(
  { id: Type.String({ examples: ['payment.two-factors.day'] }), versions: Type.Array(VersionBody) },
  { $id: 'LimitParameter' },
)

const TAGS = ['Limits']

/** The dated numbers that limits are read from. */
export function addParameterRoutes(http: HttpApp, { db, committer, pricing }: PricingRouteParts): void {
  http.route({
    method: 'GET',
    url: '/v1/limits/parameters',
    access: { callers: ['staff'], scope: 'rules:read' },
    summary: 'The dated numbers that limits are read from, with every version',
    tags: TAGS,
    schema: { response: { 200: Type.Object({ items: Type.Array(ParameterBody) }) } },
    handler: async () => {
      const parameters = await db.read(listParameters)
      return reply({ items: parameters.map(({ id, versions }) => ({ id, versions: versions.map(versionBody) })) })
    },
  })

  http.route({
    method: 'POST',
    url: '/v1/limits/parameters/:id/versions',
    access: { callers: ['staff'], scope: 'rules:write', fourEyes: true },
    summary: 'Date a new number of a limit, from today or a later day on',
    tags: TAGS,
    idempotent: true,
    schema: {
      params: Type.Object({ id: Type.String({ maxLength: 64 }) }),
      body: Type.Object({
        amount: Amount,
        effectiveFrom: Day,
        effectiveTo: Type.Optional(Day),
        instrument: LineText(200),
        source: LineText(200),
      }),
      response: { 201: Type.Object({ version: Type.Integer() }) },
    },
    handler: async ({ caller, params, body, idempotencyKey }) => {
      const id = parameterId(params.id)
      if (id === undefined) return notFound('parameter')
      const effectiveFrom = readDay('effectiveFrom', body.effectiveFrom)
      const effectiveTo = body.effectiveTo === undefined ? null : readDay('effectiveTo', body.effectiveTo)
      if (effectiveTo !== null && effectiveTo < effectiveFrom) {
        return badField('effectiveTo', 'not_before_begin', 'must not be before effectiveFrom')
      }
      const { instrument, source } = body
      const amountMinor = body.amount === null ? null : readLimit(body.amount)
      const input = { id, amountMinor, currency: CNY, effectiveFrom, effectiveTo, instrument, source }
      const outcome = await committer.submit({
        kind: pricing.commands.addParameterVersion,
        input,
        idempotency: { caller: caller.id, key: idempotencyKey },
      })
      return outcomeToReply(outcome, { status: 201, done: (answer) => answer, refused: limitRefusalAnswer })
    },
  })
}

function versionBody(version: ParameterVersion): Static<typeof VersionBody> {
  const { version: number, amountMinor, currency, effectiveFrom, effectiveTo, instrument, source, addedAt } = version
  return {
    version: number,
    amount: amountMinor === null ? null : formatAmount(amountMinor, currency),
    currency,
    effectiveFrom,
    effectiveTo,
    instrument,
    source,
    addedAt: microsToIso(addedAt),
  }
}

function readLimit(text: string): bigint {
  const amount = parseAmount(text, CNY, { allowZero: true })
  if (!amount.ok) throw badField('amount', amount.error, `is not an amount of ${CNY}`)
  return amount.value
}
