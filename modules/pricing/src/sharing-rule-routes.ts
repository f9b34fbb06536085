import { Day, LineText, PublicId, Timestamp } from '@huitong/contract'
import { badField, type HttpApp, outcomeToReply, reply } from '@huitong/http'
import { microsToIso, parsePublicId, publicId } from '@huitong/kernel'
import Type, { type Static } from 'typebox'
import { limitRefusalAnswer, type PricingRouteParts, readDay } from './route-parts.ts'
import { EVERY_MERCHANT, type SharingRuleVersion, WHOLE_BPS } from './sharing-rule.ts'
import { selectSharingRules } from './sharing-rule-store.ts'

const MERCHANT = 'mrch'
const TAGS = ['Limits']

const MaxBps = Type.Integer({
  minimum: 0,
  maximum: WHOLE_BPS,
  description: 'Basis points of what is left of a payment: 3000 is 30 %',
})

const VersionBody = Type.Object({
  version: Type.Integer({ minimum: 1 }),
  maxBps: MaxBps,
  effectiveFrom: Day,
  effectiveTo: Type.Union([Day, Type.Null()]),
  instrument: Type.String(),
  source: Type.String(),
  addedAt: Timestamp,
})

const RuleBody = Type.Object(
  {
    merchant: Type.Union([PublicId(MERCHANT), Type.Null()], {
      description: 'Null: all that have no rule of their own',
    }),
    versions: Type.Array(VersionBody),
  },
  { $id: 'SharingRule' },
)

const RuleRequest = Type.Object(
  {
    merchant: Type.Optional(
      Type.String({ maxLength: 40, description: 'Left out: all that have no rule of their own' }),
    ),
    maxBps: MaxBps,
    effectiveFrom: Day,
    effectiveTo: Type.Optional(Day),
    instrument: LineText(200),
    source: LineText(200),
  },
  { $id: 'SharingRuleRequest' },
)

/** How much of a payment may be passed on, as dated rules. */
export function addSharingRuleRoutes(http: HttpApp, { db, committer, pricing }: PricingRouteParts): void {
  http.route({
    method: 'GET',
    url: '/v1/sharing-rules',
    access: { callers: ['staff'], scope: 'rules:read' },
    summary: 'How much of their payments merchants may pass on, with every version',
    tags: TAGS,
    schema: { response: { 200: Type.Object({ items: Type.Array(RuleBody) }) } },
    handler: async () => {
      const rules = await db.read((tx) => selectSharingRules(tx.sql, null))
      return reply({
        items: rules.map(([merchant, versions]) => ({
          merchant: merchant === EVERY_MERCHANT ? null : publicId(MERCHANT, merchant),
          versions: versions.map(versionBody),
        })),
      })
    },
  })

  http.route({
    method: 'POST',
    url: '/v1/sharing-rules',
    access: { callers: ['staff'], scope: 'rules:write', fourEyes: true },
    summary: 'Date how much of a payment may be passed on, by one merchant or by all, from today or a later day on',
    description:
      'Receivers are merchants’ to name; how much they get in all is ours to allow. What is shared already stays.',
    tags: TAGS,
    idempotent: true,
    schema: { body: RuleRequest, response: { 201: Type.Object({ version: Type.Integer() }) } },
    handler: async ({ caller, body, idempotencyKey }) => {
      const effectiveFrom = readDay('effectiveFrom', body.effectiveFrom)
      const effectiveTo = body.effectiveTo === undefined ? null : readDay('effectiveTo', body.effectiveTo)
      if (effectiveTo !== null && effectiveTo < effectiveFrom) {
        return badField('effectiveTo', 'not_before_begin', 'must not be before effectiveFrom')
      }
      const { maxBps, instrument, source } = body
      const merchant = body.merchant === undefined ? EVERY_MERCHANT : readMerchant(body.merchant)
      const outcome = await committer.submit({
        kind: pricing.commands.addSharingRule,
        input: { merchant, maxBps, effectiveFrom, effectiveTo, instrument, source },
        idempotency: { caller: caller.id, key: idempotencyKey },
      })
      return outcomeToReply(outcome, { status: 201, done: (answer) => answer, refused: limitRefusalAnswer })
    },
  })
}

function readMerchant(text: string): number {
  const id = parsePublicId(MERCHANT, text)
  if (!id.ok) throw badField('merchant', id.error, 'is not the id of a merchant')
  return id.value
}

function versionBody({ addedAt, ...version }: SharingRuleVersion): Static<typeof VersionBody> {
  return { ...version, addedAt: microsToIso(addedAt) }
}
