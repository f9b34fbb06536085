import type { Refusal } from '@huitong/committer'
import {
  canonicalJson,
  currencyCode,
  invariant,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  parseJsonStrict,
} from '@huitong/kernel'
import type { PostingLeg } from './posting-command.ts'
import { isTransferCode } from './transfer.ts'

/** Canonical JSON of the legs of a posting: numbers as text, a field that a leg does not have is left out. */
export function legsText(legs: readonly PostingLeg[]): string {
  return canonicalJson(legs.map(legData))
}

/** What `legsText` wrote. The ledger wrote it, so what cannot be read is a broken invariant. */
export function readLegs(text: string): readonly PostingLeg[] {
  const parsed = parseJsonStrict(text)
  invariant(parsed.ok, 'the legs of a scheduled posting can be read')
  return legsOf(parsed.value)
}

export function legsOf(value: JsonValue | undefined): readonly PostingLeg[] {
  invariant(Array.isArray(value), 'the legs of a scheduled posting are a list')
  return value.map((leg: JsonValue) => {
    invariant(isJsonObject(leg), 'a leg of a scheduled posting is an object')
    return readLeg(leg)
  })
}

/** Canonical JSON of why a posting was refused. */
export function refusalText({ code, facts }: Refusal): string {
  return canonicalJson(facts === undefined ? { code } : { code, facts })
}

export function readRefusal(text: string): Refusal {
  const parsed = parseJsonStrict(text)
  invariant(parsed.ok, 'the refusal of a scheduled posting can be read')
  return refusalOf(parsed.value)
}

export function refusalOf(value: JsonValue | undefined): Refusal {
  invariant(isJsonObject(value) && typeof value.code === 'string', 'a refusal has a code')
  const { code, facts } = value
  if (!isJsonObject(facts)) return { code }
  return { code, facts: Object.fromEntries(Object.entries(facts).map(([name, fact]) => [name, String(fact)])) }
}

function legData(leg: PostingLeg): object {
  const metadata = leg.metadata === undefined ? {} : { metadata: Object.fromEntries(leg.metadata) }
  switch (leg.type) {
    case 'transfer':
    case 'hold':
      return {
        ...{
          type: leg.type,
          debit: String(leg.debit),
          credit: String(leg.credit),
          amount_minor: String(leg.amountMinor),
        },
        ...{ currency: leg.currency, code: leg.code, reference: textOf(leg.reference) },
        ...{ expires_at: textOf(leg.expiresAt), effective_on: leg.effectiveOn ?? undefined, ...metadata },
      }
    case 'capture': {
      const { type, currency, final } = leg
      return { type, hold: String(leg.hold), amount_minor: String(leg.amountMinor), currency, final, ...metadata }
    }
    case 'increase': {
      const { type, currency } = leg
      return { type, hold: String(leg.hold), amount_minor: String(leg.amountMinor), currency, ...metadata }
    }
    case 'void':
      return { type: leg.type, hold: String(leg.hold), ...metadata }
  }
}

function textOf(value: number | null): string | undefined {
  return value === null ? undefined : String(value)
}

function readLeg(leg: JsonObject): PostingLeg {
  const { type } = leg
  const more = isJsonObject(leg.metadata)
    ? { metadata: new Map(Object.entries(leg.metadata).map(([key, value]) => [key, String(value)])) }
    : {}
  switch (type) {
    case 'transfer':
    case 'hold': {
      const { code } = leg
      const currency = currencyOf(leg)
      invariant(typeof code === 'string' && isTransferCode(code), 'a leg has a code')
      invariant(currency !== undefined, 'a leg has a currency')
      return {
        ...{ type, debit: numberOf(leg, 'debit'), credit: numberOf(leg, 'credit'), amountMinor: minorOf(leg) },
        ...{ currency, code, reference: optional(leg, 'reference'), expiresAt: optional(leg, 'expires_at') },
        ...(typeof leg.effective_on === 'string' ? { effectiveOn: leg.effective_on } : {}),
        ...more,
      }
    }
    case 'capture':
    case 'increase': {
      const currency = currencyOf(leg)
      const of = { hold: numberOf(leg, 'hold'), amountMinor: minorOf(leg) }
      const told = { ...of, ...(currency === undefined ? {} : { currency }), ...more }
      return type === 'increase' ? { type, ...told } : { type, final: leg.final === true, ...told }
    }
    case 'void':
      return { type, hold: numberOf(leg, 'hold'), ...more }
    default:
      invariant(false, `not a leg: ${String(type)}`)
  }
}

function currencyOf({ currency }: JsonObject) {
  if (currency === undefined) return undefined
  const code = currencyCode(typeof currency === 'string' ? currency : '')
  invariant(code.ok, 'the currency of a leg is one')
  return code.value
}

function numberOf(leg: JsonObject, name: string): number {
  const value = optional(leg, name)
  invariant(value !== null, `a leg has ${name}`)
  return value
}

function optional(leg: JsonObject, name: string): number | null {
  const value = leg[name]
  return typeof value === 'string' ? Number(value) : null
}

function minorOf({ amount_minor: minor }: JsonObject): bigint {
  invariant(typeof minor === 'string', 'a leg has an amount')
  return BigInt(minor)
}
