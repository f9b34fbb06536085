import type { Committer } from '@huitong/committer'
import { Day, LineText, Timestamp } from '@huitong/contract'
import { badField, type HttpApp, type OutcomeRefusal, outcomeToReply, type RefusalAnswer, reply } from '@huitong/http'
import { localDate, microsToIso } from '@huitong/kernel'
import type { InstitutionDatabase } from '@huitong/pg'
import Type from 'typebox'
import { PolicyBody, policyText, readPolicy } from './policy.ts'
import { selectPolicies } from './policy-store.ts'
import type { Risk } from './risk.ts'
import { isRiskRefusalCode, RISK_REFUSALS } from './risk-refusals.ts'

export interface RiskRouteParts {
  readonly db: InstitutionDatabase
  readonly committer: Pick<Committer, 'submit'>
  readonly risk: Risk
}

const TAGS = ['Risk']

const PolicyVersionBody = Type.Object(
  {
    version: Type.Integer({ minimum: 1 }),
    effectiveFrom: Day,
    policy: PolicyBody,
    source: Type.String(),
    addedAt: Timestamp,
  },
  { $id: 'RiskPolicyVersion' },
)

/** The policy by which payments are judged. */
export function addRiskRoutes(http: HttpApp, { db, committer, risk }: RiskRouteParts): void {
  http.route({
    method: 'GET',
    url: '/v1/risk/policies',
    access: { callers: ['staff'], scope: 'rules:read' },
    summary: 'The policy by which payments are judged, with every version, oldest first',
    tags: TAGS,
    schema: { response: { 200: Type.Object({ items: Type.Array(PolicyVersionBody) }) } },
    handler: async () => {
      const versions = await db.read((tx) => selectPolicies(tx.sql))
      return reply({
        items: versions.map(({ version, effectiveFrom, policy, source, addedAt }) => ({
          ...{ version, effectiveFrom, policy: policyText(policy), source, addedAt: microsToIso(addedAt) },
        })),
      })
    },
  })

  http.route({
    method: 'POST',
    url: '/v1/risk/policies',
    access: { callers: ['staff'], scope: 'rules:write', fourEyes: true },
    summary: 'Date a new policy, from today or a later day on',
    tags: TAGS,
    idempotent: true,
    schema: {
      body: Type.Object({ effectiveFrom: Day, policy: PolicyBody, source: LineText(200) }),
      response: { 201: Type.Object({ version: Type.Integer() }) },
    },
    handler: async ({ caller, body, idempotencyKey }) => {
      const day = localDate(body.effectiveFrom)
      if (!day.ok) return badField('effectiveFrom', day.error, 'is not a day')
      const policy = readPolicy(body.policy)
      if (!policy.ok) return badField(`policy.${policy.error.field}`, policy.error.rule, policy.error.message)
      const outcome = await committer.submit({
        kind: risk.commands.addPolicy,
        input: { effectiveFrom: day.value, policy: policy.value, source: body.source },
        idempotency: { caller: caller.id, key: idempotencyKey },
      })
      return outcomeToReply(outcome, { status: 201, done: (answer) => answer, refused: riskRefusalAnswer })
    },
  })
}

function riskRefusalAnswer({ code }: OutcomeRefusal): RefusalAnswer | undefined {
  if (!isRiskRefusalCode(code)) return undefined
  const { status, text } = RISK_REFUSALS[code]
  return { status, detail: text, field: 'effectiveFrom' }
}
