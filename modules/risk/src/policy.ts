import { AmountText, PROOF_STRENGTHS, type ProofStrength } from '@huitong/contract'
import { CNY, err, formatAmount, MAX_MINOR, ok, parseAmount, type Result } from '@huitong/kernel'
import Type, { type Static } from 'typebox'

/*
 * A policy is a list of rules as data. A rule applies to a payment when all that it names is so; of the rules that apply the strictest
 * outcome counts. A rule that asks for a proof is content with a payment whose payer has given it.
 */

/** What may become of a payment, mildest first. */
export const OUTCOMES = ['allow', 'step_up', 'hold', 'deny'] as const
export type Outcome = (typeof OUTCOMES)[number]

/** How a payment is made. */
const WAYS = ['wallet', 'payment_code', 'static_code', 'transfer', 'authorisation', 'escrow', 'partner'] as const
export type Way = (typeof WAYS)[number]

const Count = Type.Integer({ minimum: 1, maximum: 1_000_000 })

const RuleBody = Type.Object(
  {
    id: Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,39}$', examples: ['new-session'] }),
    outcome: Type.Enum([...OUTCOMES].filter((outcome) => outcome !== 'allow')),
    proof: Type.Optional(
      Type.Enum([...PROOF_STRENGTHS], {
        description: 'What a step-up asks for; needed with that outcome, and only there',
      }),
    ),
    when: Type.Object(
      {
        ways: Type.Optional(Type.Array(Type.Enum([...WAYS]), { minItems: 1, maxItems: WAYS.length })),
        amountFrom: Type.Optional(AmountText),
        hourCountFrom: Type.Optional(Count),
        hourAmountFrom: Type.Optional(AmountText),
        dayCountFrom: Type.Optional(Count),
        dayAmountFrom: Type.Optional(AmountText),
        sessionYoungerThanSeconds: Type.Optional(Type.Integer({ minimum: 1, maximum: 31_536_000 })),
      },
      {
        minProperties: 1,
        description:
          'All of these must be so. Counts and sums are those of the clock hour or the day in Beijing with this payment in them',
      },
    ),
  },
  { $id: 'RiskRule' },
)

export const PolicyBody = Type.Object(
  {
    secondPersonFrom: Type.Union([AmountText, Type.Null()], {
      description: 'From this amount on the release of a held payment takes a second member of staff; null: never',
    }),
    rules: Type.Array(RuleBody, { maxItems: 200 }),
  },
  { $id: 'RiskPolicy' },
)
export type PolicyText = Static<typeof PolicyBody>

export interface Rule {
  readonly id: string
  readonly outcome: Exclude<Outcome, 'allow'>
  /** Only of step-ups. */
  readonly proof: ProofStrength | null
  readonly ways: readonly Way[] | null
  readonly amountFromMinor: bigint | null
  readonly hourCountFrom: number | null
  readonly hourFromMinor: bigint | null
  readonly dayCountFrom: number | null
  readonly dayFromMinor: bigint | null
  /** µs. */
  readonly sessionYoungerThan: number | null
}

export interface Policy {
  readonly secondPersonFromMinor: bigint | null
  readonly rules: readonly Rule[]
}

/** What is wrong with a policy that its schema lets through: the field and why. */
export interface PolicyFault {
  readonly field: string
  readonly rule: string
  readonly message: string
}

const MICROS_PER_SECOND = 1_000_000

/** A policy whose form was judged by its schema. */
export function readPolicy(text: PolicyText): Result<Policy, PolicyFault> {
  const rules: Rule[] = []
  const second = minorOf('secondPersonFrom', text.secondPersonFrom ?? undefined)
  if (!second.ok) return second
  for (const [index, { id, outcome, proof, when }] of text.rules.entries()) {
    const at = `rules[${index}]`
    if (rules.some((rule) => rule.id === id)) return fault(`${at}.id`, 'unique', 'is the id of another rule')
    if ((outcome === 'step_up') !== (proof !== undefined)) {
      return fault(`${at}.proof`, 'with_step_up', 'goes with the outcome step_up, and must be there then')
    }
    const amount = minorOf(`${at}.when.amountFrom`, when.amountFrom)
    if (!amount.ok) return amount
    const hour = minorOf(`${at}.when.hourAmountFrom`, when.hourAmountFrom)
    if (!hour.ok) return hour
    const day = minorOf(`${at}.when.dayAmountFrom`, when.dayAmountFrom)
    if (!day.ok) return day
    const seconds = when.sessionYoungerThanSeconds
    rules.push({
      ...{ id, outcome, proof: proof ?? null, ways: when.ways ?? null },
      ...{ amountFromMinor: amount.value, hourFromMinor: hour.value, dayFromMinor: day.value },
      ...{ hourCountFrom: when.hourCountFrom ?? null, dayCountFrom: when.dayCountFrom ?? null },
      sessionYoungerThan: seconds === undefined ? null : seconds * MICROS_PER_SECOND,
    })
  }
  return ok({ secondPersonFromMinor: second.value, rules })
}

/** The same policy as text, in the form that `readPolicy` reads. */
export function policyText({ secondPersonFromMinor, rules }: Policy): PolicyText {
  return {
    secondPersonFrom: secondPersonFromMinor === null ? null : formatAmount(secondPersonFromMinor, CNY),
    rules: rules.map((rule) => ({
      ...{ id: rule.id, outcome: rule.outcome },
      ...(rule.proof === null ? {} : { proof: rule.proof }),
      when: {
        ...(rule.ways === null ? {} : { ways: [...rule.ways] }),
        ...amountOf('amountFrom', rule.amountFromMinor),
        ...(rule.hourCountFrom === null ? {} : { hourCountFrom: rule.hourCountFrom }),
        ...amountOf('hourAmountFrom', rule.hourFromMinor),
        ...(rule.dayCountFrom === null ? {} : { dayCountFrom: rule.dayCountFrom }),
        ...amountOf('dayAmountFrom', rule.dayFromMinor),
        ...(rule.sessionYoungerThan === null
          ? {}
          : { sessionYoungerThanSeconds: rule.sessionYoungerThan / MICROS_PER_SECOND }),
      },
    })),
  }
}

function amountOf<Name extends string>(name: Name, minor: bigint | null): { readonly [N in Name]?: string } {
  const text: { [N in Name]?: string } = {}
  if (minor !== null) text[name] = formatAmount(minor, CNY)
  return text
}

function minorOf(field: string, text: string | undefined): Result<bigint | null, PolicyFault> {
  if (text === undefined) return ok(null)
  const amount = parseAmount(text, CNY, { maxMinor: MAX_MINOR })
  return amount.ok ? ok(amount.value) : fault(field, amount.error, 'is not an amount of CNY above zero')
}

function fault(field: string, rule: string, message: string): { readonly ok: false; readonly error: PolicyFault } {
  return err({ field, rule, message })
}
