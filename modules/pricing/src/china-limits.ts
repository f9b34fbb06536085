import { readFile } from 'node:fs/promises'
import { CNY, invariant, localDate, parseAmount } from '@huitong/kernel'
import Type from 'typebox'
import { Value } from 'typebox/value'
import { parameterId } from './parameter.ts'
import type { NewParameterVersion } from './pricing-commands.ts'

const File = Type.Object({
  note: Type.String(),
  parameters: Type.Array(
    Type.Object({
      id: Type.String(),
      amount: Type.String(),
      effectiveFrom: Type.String(),
      instrument: Type.String(),
      source: Type.String(),
    }),
  ),
})

/** The limits of Chinese payment rules, as an institution adopts them at its first start. Amounts are in CNY. */
export async function readChinaLimits(): Promise<readonly NewParameterVersion[]> {
  const text = await readFile(new URL('../data/cn-payment-limits.json', import.meta.url), 'utf8')
  const file: unknown = JSON.parse(text)
  invariant(Value.Check(File, file), 'the file of limits has the form that is read')
  return file.parameters.map(({ id: name, amount, effectiveFrom, instrument, source }) => {
    const id = parameterId(name)
    const minor = parseAmount(amount, CNY)
    const from = localDate(effectiveFrom)
    invariant(
      id !== undefined && minor.ok && from.ok,
      `the file of limits says something of ${name} that is not understood`,
    )
    const version = { id, amountMinor: minor.value, currency: CNY, instrument, source }
    return { ...version, effectiveFrom: from.value, effectiveTo: null }
  })
}
