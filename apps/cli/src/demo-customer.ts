import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isJsonObject, parseJsonStrict } from '@huitong/kernel'
import { CliError, EXIT } from './cli-error.ts'

const PUBLIC_ID = /^cust_[0-9a-z]{12}$/

/** The public id of a customer of the demo world, who may be named by it, by user number (`2088…`) or by name. */
export async function demoCustomerId(dataDir: string, customer: string): Promise<string> {
  if (PUBLIC_ID.test(customer)) return customer
  const text = await readFile(join(dataDir, 'demo.json'), 'utf8').catch(() => undefined)
  const parsed = text === undefined ? undefined : parseJsonStrict(text)
  const people = parsed?.ok === true && isJsonObject(parsed.value) ? parsed.value.customers : undefined
  if (!Array.isArray(people)) throw new CliError(EXIT.refused, `There is no demo world in ${dataDir}.`)
  const known = people.filter(isJsonObject)
  const found = known.find((one) => one.userNumber === customer || one.name === customer)
  if (typeof found?.id === 'string') return found.id
  const names = known.map((one) => String(one.name)).join(', ')
  throw new CliError(EXIT.refused, `No customer of the demo world is called ${customer}; they are ${names}.`)
}
