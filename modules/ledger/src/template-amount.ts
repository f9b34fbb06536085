import { allocate, invariant, scaleOf } from '@huitong/kernel'
import { Exact, exactOf, roundMinor } from './exact.ts'
import type { CurrencyTerm, Expression, Template } from './template.ts'
import type { BoundArguments } from './template-arguments.ts'

/**
 * Works out a template's amounts for bound arguments, in minor units. Steps in between may be below zero; a line may not, which the
 * posting refuses. Only `percent` and `convert` round, as they are told to.
 */
export class TemplateAmounts {
  readonly #template: Template
  readonly #bound: BoundArguments
  readonly #values = new Map<string, bigint>()
  readonly #parts = new Map<string, readonly bigint[]>()

  constructor(template: Template, bound: BoundArguments) {
    this.#template = template
    this.#bound = bound
  }

  minor(expression: Expression): bigint {
    switch (expression.type) {
      case 'literal':
        return expression.minor
      case 'parameter':
        return this.#bound.amountMinor(expression.name)
      case 'value': {
        const known = this.#values.get(expression.name)
        if (known !== undefined) return known
        const value = this.#template.values.get(expression.name)
        invariant(value !== undefined, `the template has no value ${expression.name}`)
        const minor = this.minor(value)
        this.#values.set(expression.name, minor)
        return minor
      }
      case 'part':
        return this.#part(expression.name)
      case 'sum':
        return expression.of.reduce((sum, one) => sum + this.minor(one), 0n)
      case 'min':
        return expression.of.map((one) => this.minor(one)).reduce((a, b) => (a < b ? a : b))
      case 'max':
        return expression.of.map((one) => this.minor(one)).reduce((a, b) => (a > b ? a : b))
      case 'difference':
        return this.minor(expression.from) - this.minor(expression.less)
      case 'percent': {
        const whole = exactOf(this.minor(expression.of))
        return roundMinor(whole.mul(this.#bound.rate(expression.percent)).div(100), expression.rounding)
      }
      case 'convert': {
        const shift = this.#scale(expression.to) - this.#scale(this.#currencyOf(expression.of))
        const exact = exactOf(this.minor(expression.of)).mul(this.#bound.rate(expression.rate))
        return roundMinor(exact.mul(new Exact(10).pow(shift)), expression.rounding)
      }
    }
  }

  #part(reference: string): bigint {
    const [name = '', part] = reference.split('.')
    const allocation = this.#template.allocations.get(name)
    invariant(allocation !== undefined, `the template has no allocation ${name}`)
    let parts = this.#parts.get(name)
    if (parts === undefined) {
      parts = allocate(this.minor(allocation.of), this.#weights(allocation.parts.map(({ weight }) => weight)))
      this.#parts.set(name, parts)
    }
    return parts[allocation.parts.findIndex((one) => one.name === part)] ?? 0n
  }

  /** Decimal weights as whole numbers in the same proportion. */
  #weights(terms: Parameters<BoundArguments['rate']>[0][]): readonly bigint[] {
    const weights = terms.map((term) => this.#bound.rate(term))
    const decimals = Math.max(...weights.map((weight) => weight.decimalPlaces()))
    return weights.map((weight) => BigInt(weight.mul(new Exact(10).pow(decimals)).toFixed(0)))
  }

  #scale(term: CurrencyTerm): number {
    return scaleOf(this.#bound.currency(term))
  }

  /** Of an expression that was judged: all parts of a sum have one. */
  #currencyOf(expression: Expression): CurrencyTerm {
    switch (expression.type) {
      case 'literal':
        return expression.currency
      case 'parameter': {
        const currency = this.#template.parameters.get(expression.name)?.currency
        invariant(currency !== null && currency !== undefined, `${expression.name} is no amount`)
        return currency
      }
      case 'value': {
        const value = this.#template.values.get(expression.name)
        invariant(value !== undefined, `the template has no value ${expression.name}`)
        return this.#currencyOf(value)
      }
      case 'part': {
        const allocation = this.#template.allocations.get(expression.name.split('.')[0] ?? '')
        invariant(allocation !== undefined, `the template has no allocation of ${expression.name}`)
        return this.#currencyOf(allocation.of)
      }
      case 'difference':
        return this.#currencyOf(expression.from)
      case 'percent':
        return this.#currencyOf(expression.of)
      case 'convert':
        return expression.to
      default: {
        const [first] = expression.of
        invariant(first !== undefined, 'a sum has a part')
        return this.#currencyOf(first)
      }
    }
  }
}
