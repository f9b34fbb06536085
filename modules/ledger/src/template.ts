import type { CurrencyCode } from '@huitong/kernel'
import type { Exact, Rounding } from './exact.ts'
import type { SubjectCode } from './subjects.ts'
import type { TransferCode } from './transfer.ts'

/**
 * A named posting: a journal entry whose accounts and amounts follow from parameters. It is data and not a program: no loops, no
 * conditions beyond the smaller and the larger of amounts, so that what it can do is seen by reading it.
 */
export interface Template {
  readonly description: string
  readonly code: TransferCode
  readonly parameters: ReadonlyMap<string, Parameter>
  readonly values: ReadonlyMap<string, Expression>
  readonly allocations: ReadonlyMap<string, Allocation>
  readonly lines: readonly TemplateLine[]
  /** The parameter of type `date` that says to which accounting day the entry belongs; null: to the day of its batch. */
  readonly effectiveOn: string | null
}

export const PARAMETER_TYPES = ['account', 'amount', 'currency', 'text', 'rate', 'date'] as const

export type ParameterType = (typeof PARAMETER_TYPES)[number]

export interface Parameter {
  readonly type: ParameterType
  /** Of an amount. */
  readonly currency: CurrencyTerm | null
  /** Of an account: the subjects that it may be of; null is any. */
  readonly subjects: readonly SubjectCode[] | null
  /** Taken when the argument is missing; null when it must not be. */
  readonly otherwise: string | null
}

/** A currency, or the parameter that names one. */
export type CurrencyTerm =
  | { readonly type: 'code'; readonly code: CurrencyCode }
  | { readonly type: 'parameter'; readonly name: string }

/** A rate, or the parameter that names one. */
export type RateTerm =
  | { readonly type: 'literal'; readonly rate: Exact }
  | { readonly type: 'parameter'; readonly name: string }

/** An amount. Every part of a sum is in one currency; only `convert` leads from one to another. */
export type Expression =
  | { readonly type: 'literal'; readonly minor: bigint; readonly currency: CurrencyTerm }
  | { readonly type: 'parameter' | 'value' | 'part'; readonly name: string }
  | { readonly type: 'sum' | 'min' | 'max'; readonly of: readonly Expression[] }
  | { readonly type: 'difference'; readonly from: Expression; readonly less: Expression }
  | { readonly type: 'percent'; readonly percent: RateTerm; readonly of: Expression; readonly rounding: Rounding }
  | {
      readonly type: 'convert'
      readonly of: Expression
      readonly rate: RateTerm
      readonly to: CurrencyTerm
      readonly rounding: Rounding
    }

/** Parts that add up to the whole: each is cut to minor units, what is left goes to the largest remainders, first to earlier parts. */
export interface Allocation {
  readonly of: Expression
  readonly parts: readonly { readonly name: string; readonly weight: RateTerm }[]
}

export type AccountTerm =
  | { readonly type: 'parameter'; readonly name: string }
  | { readonly type: 'own'; readonly subject: SubjectCode }
  | { readonly type: 'owned'; readonly subject: SubjectCode; readonly owner: TextTerm }

export type TextTerm =
  | { readonly type: 'literal'; readonly text: string }
  | { readonly type: 'parameter'; readonly name: string }

export interface TemplateLine {
  readonly side: 'debit' | 'credit'
  readonly account: AccountTerm
  readonly currency: CurrencyTerm
  /** `remainder`: what its side lacks to balance in the line's currency. */
  readonly amount: Expression | 'remainder'
}

export function sameTerm(a: CurrencyTerm, b: CurrencyTerm): boolean {
  return termText(a) === termText(b)
}

/** As it is written in a definition. Codes are upper case and names are not, so the two are never taken for each other. */
export function termText(term: CurrencyTerm): string {
  return term.type === 'code' ? term.code : term.name
}
