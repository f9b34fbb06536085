import type { Expression, Template } from './template.ts'
import { termText } from './template.ts'
import type { DefinitionFault } from './template-read.ts'

/** A sum of unknowns, each so many times. What rounds or chooses is an unknown of its own. */
type LinearForm = ReadonlyMap<string, bigint>

/** The unknown that stands for one minor unit. */
const UNIT = ''

/**
 * Whether a template's debits and credits are equal whatever its arguments are. `proved` by algebra or because a line takes the remainder;
 * else each posting is checked. A fault when they never can be.
 */
export function balanceOf(template: Template): 'proved' | 'checked_at_posting' | DefinitionFault {
  const forms = new LinearForms(template)
  let proved = true
  for (const currency of new Set(template.lines.map((line) => termText(line.currency)))) {
    const lines = template.lines.filter((line) => termText(line.currency) === currency)
    if (lines.some(({ amount }) => amount === 'remainder')) continue
    let sum: LinearForm = new Map()
    for (const { side, amount } of lines) {
      if (amount !== 'remainder') sum = plus(sum, forms.of(amount), side === 'debit' ? 1n : -1n)
    }
    if (sum.size === 0) continue
    if (sum.size === 1 && sum.has(UNIT)) {
      return { field: 'lines', rule: 'balance', message: `in ${currency} can never balance` }
    }
    proved = false
  }
  return proved ? 'proved' : 'checked_at_posting'
}

class LinearForms {
  readonly #template: Template
  readonly #named = new Map<string, LinearForm>()

  constructor(template: Template) {
    this.#template = template
  }

  of(expression: Expression): LinearForm {
    switch (expression.type) {
      case 'literal':
        return new Map([[UNIT, expression.minor]])
      case 'parameter':
        return new Map([[expression.name, 1n]])
      case 'value': {
        const value = this.#template.values.get(expression.name)
        return value === undefined ? new Map() : this.#once(expression.name, () => this.of(value))
      }
      case 'part':
        return this.#once(expression.name, () => this.#part(expression.name))
      case 'sum':
        return expression.of.reduce<LinearForm>((sum, one) => plus(sum, this.of(one), 1n), new Map())
      case 'difference':
        return plus(this.of(expression.from), this.of(expression.less), -1n)
      default:
        return new Map([[keyOf(expression), 1n]])
    }
  }

  #once(name: string, make: () => LinearForm): LinearForm {
    const known = this.#named.get(name)
    if (known !== undefined) return known
    const form = make()
    this.#named.set(name, form)
    return form
  }

  /** Parts are unknown but for the last, which is the whole less the others. */
  #part(reference: string): LinearForm {
    const name = reference.split('.')[0] ?? ''
    const allocation = this.#template.allocations.get(name)
    const last = allocation?.parts.at(-1)
    if (allocation === undefined || reference !== `${name}.${last?.name}`) return new Map([[reference, 1n]])
    const others = allocation.parts.slice(0, -1)
    return others.reduce((rest, one) => plus(rest, new Map([[`${name}.${one.name}`, 1n]]), -1n), this.of(allocation.of))
  }
}

/** Equal expressions have equal keys. Values stay names, so a key is as long as what was written. */
function keyOf(expression: Expression): string {
  return JSON.stringify(expression, (_, value: unknown) => (typeof value === 'bigint' ? `${value}` : value))
}

function plus(a: LinearForm, b: LinearForm, times: bigint): LinearForm {
  const sum = new Map(a)
  for (const [unknown, count] of b) {
    const next = (sum.get(unknown) ?? 0n) + count * times
    if (next === 0n) sum.delete(unknown)
    else sum.set(unknown, next)
  }
  return sum
}
