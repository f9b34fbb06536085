import type { CurrencyTerm, Expression, Template } from './template.ts'
import { sameTerm, termText } from './template.ts'
import type { DefinitionFault } from './template-read.ts'

/**
 * What is wrong with a template whose parts are right each: values that lead in circles, amounts of two currencies in one sum, lines in
 * another currency than their amount, two remainders in one currency.
 */
export function typeFault(template: Template): DefinitionFault | undefined {
  const check = new TypeCheck(template)
  for (const name of template.values.keys()) check.term({ type: 'value', name }, `values.${name}`)
  for (const [name, { of }] of template.allocations) check.term(of, `allocations.${name}.of`)
  const remainders = new Set<string>()
  for (const [index, { amount, currency }] of template.lines.entries()) {
    if (amount === 'remainder') {
      const of = termText(currency)
      if (remainders.has(of))
        check.fault(`lines[${index}].amount`, 'once', `only one line may take the remainder in ${of}`)
      remainders.add(of)
      continue
    }
    const term = check.term(amount, `lines[${index}].amount`)
    if (term !== undefined && !sameTerm(term, currency)) {
      check.fault(
        `lines[${index}].currency`,
        'same_currency',
        `is ${termText(currency)}, but its amount is in ${termText(term)}`,
      )
    }
  }
  return check.first
}

class TypeCheck {
  readonly #template: Template
  readonly #open = new Set<string>()
  /** What names were found to be, so that one that is named often is looked at once. */
  readonly #known = new Map<string, CurrencyTerm | undefined>()
  #first: DefinitionFault | undefined

  constructor(template: Template) {
    this.#template = template
  }

  get first(): DefinitionFault | undefined {
    return this.#first
  }

  fault(field: string, rule: string, message: string): undefined {
    this.#first ??= { field, rule, message }
    return undefined
  }

  /** The currency of an expression; undefined after a fault. */
  term(expression: Expression, field: string): CurrencyTerm | undefined {
    switch (expression.type) {
      case 'literal':
        return expression.currency
      case 'parameter':
        return this.#template.parameters.get(expression.name)?.currency ?? undefined
      case 'value':
        return this.#named(expression.name, this.#template.values.get(expression.name), field)
      case 'part': {
        const [name = ''] = expression.name.split('.')
        return this.#named(name, this.#template.allocations.get(name)?.of, field)
      }
      case 'sum':
      case 'min':
      case 'max':
        return this.#common(expression.of, field)
      case 'difference':
        return this.#common([expression.from, expression.less], field)
      case 'percent':
        return this.term(expression.of, field)
      case 'convert':
        this.term(expression.of, field)
        return expression.to
    }
  }

  #named(name: string, expression: Expression | undefined, field: string): CurrencyTerm | undefined {
    if (expression === undefined) return undefined
    if (this.#known.has(name)) return this.#known.get(name)
    if (this.#open.has(name)) return this.fault(field, 'no_circle', `${name} leads back to itself`)
    this.#open.add(name)
    const term = this.term(expression, field)
    this.#open.delete(name)
    this.#known.set(name, term)
    return term
  }

  #common(expressions: readonly Expression[], field: string): CurrencyTerm | undefined {
    let common: CurrencyTerm | undefined
    for (const expression of expressions) {
      const term = this.term(expression, field)
      if (term === undefined) return undefined
      if (common !== undefined && !sameTerm(common, term)) {
        return this.fault(field, 'same_currency', `adds ${termText(common)} and ${termText(term)}`)
      }
      common = term
    }
    return common
  }
}
