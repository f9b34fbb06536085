import {
  type CurrencyCode,
  currencyCode,
  err,
  localDate,
  ok,
  parseAmount,
  parsePublicId,
  type Result,
} from '@huitong/kernel'
import { type Exact, parseRate } from './exact.ts'
import { ACCOUNT_ID } from './ledger-ids.ts'
import type { CurrencyTerm, Parameter, RateTerm, Template } from './template.ts'
import { REFERENCE_TEXT } from './template-read.ts'

/** Arguments of a posting as text, by the names of the parameters. Accounts are public ids. */
export type Arguments = Readonly<Record<string, string>>

export interface ArgumentFault {
  readonly parameter: string
  readonly rule: string
}

/** Arguments that were judged against their template; every parameter has one. */
export interface BoundArguments {
  /** As they are journaled. */
  readonly texts: Arguments
  text(name: string): string
  account(name: string): number
  rate(term: RateTerm): Exact
  currency(term: CurrencyTerm): CurrencyCode
  amountMinor(name: string): bigint
}

/** What is wrong with a text as a value of a parameter; how many decimals an amount may have is judged when its currency is known. */
export function argumentFault({ type }: Pick<Parameter, 'type'>, text: string): string | undefined {
  switch (type) {
    case 'account':
      return faultOf(parsePublicId(ACCOUNT_ID, text))
    case 'amount':
      return /^(0|[1-9]\d{0,18})(\.\d{1,4})?$/.test(text) ? undefined : 'not_a_number'
    case 'currency':
      return faultOf(currencyCode(text))
    case 'text':
      return REFERENCE_TEXT.test(text) ? undefined : 'reference'
    case 'rate':
      return faultOf(parseRate(text))
    case 'date':
      return faultOf(localDate(text))
  }
}

/** Judges arguments: unknown ones first, then each parameter in the order of the template. */
export function bindArguments(template: Template, given: Arguments): Result<BoundArguments, ArgumentFault> {
  const unknown = Object.keys(given).find((name) => !template.parameters.has(name))
  if (unknown !== undefined) return err({ parameter: unknown, rule: 'not_allowed' })
  const texts: Record<string, string> = {}
  for (const [name, parameter] of template.parameters) {
    const text = Object.hasOwn(given, name) ? given[name] : (parameter.otherwise ?? undefined)
    if (text === undefined) return err({ parameter: name, rule: 'required' })
    const fault = argumentFault(parameter, text)
    if (fault !== undefined) return err({ parameter: name, rule: fault })
    texts[name] = text
  }
  const bound = boundOf(texts, template)
  for (const [name, { type, currency }] of template.parameters) {
    if (type !== 'amount' || currency === null) continue
    const amount = parseAmount(bound.text(name), bound.currency(currency), { allowZero: true })
    if (!amount.ok) return err({ parameter: name, rule: amount.error })
  }
  return ok(bound)
}

function boundOf(texts: Arguments, template: Template): BoundArguments {
  const text = (name: string) => texts[name] ?? ''
  const currency = (term: CurrencyTerm) => (term.type === 'code' ? term.code : must(currencyCode(text(term.name))))
  return {
    texts,
    text,
    currency,
    account: (name) => must(parsePublicId(ACCOUNT_ID, text(name))),
    rate: (term) => (term.type === 'literal' ? term.rate : must(parseRate(text(term.name)))),
    amountMinor: (name) => {
      const of = template.parameters.get(name)?.currency
      if (of === null || of === undefined) throw new Error(`${name} is no amount`)
      return must(parseAmount(text(name), currency(of), { allowZero: true }))
    },
  }
}

/** Of what was judged before. */
function must<T>(result: Result<T, string>): T {
  if (!result.ok) throw new Error(`a bound argument is wrong: ${result.error}`)
  return result.value
}

function faultOf(result: Result<unknown, string>): string | undefined {
  return result.ok ? undefined : result.error
}
