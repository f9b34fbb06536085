import { CliError, EXIT } from './cli-error.ts'
import { demoCustomerId } from './demo-customer.ts'
import type { DataOptions } from './options.ts'
import { printJson, printLine } from './output.ts'
import { findServer } from './running-server.ts'

/** `huitong demo payment-code`: the code alone on its line, for scripts. */
export async function paymentCode({
  data,
  customer,
  json,
}: DataOptions & { customer: string; json?: boolean }): Promise<void> {
  const server = await findServer({ data })
  const id = await demoCustomerId(data, customer)
  const answer = await server.post(`/v1/customers/${encodeURIComponent(id)}/payment-codes`, {})
  if (json) return printJson(answer)
  printLine(String(answer.code))
}

/** `huitong demo sign-in`: a link alone on its line, for a customer's browser or for `POST /v1/sessions`. */
export async function signInLink({
  data,
  customer,
  json,
}: DataOptions & { customer: string; json?: boolean }): Promise<void> {
  const server = await findServer({ data })
  const id = await demoCustomerId(data, customer)
  const answer = await server.post(`/v1/demo/customers/${encodeURIComponent(id)}/sign-in-links`, {})
  if (json) return printJson(answer)
  printLine(String(answer.url))
}

/** `huitong demo staff NAME`: somebody new in customer service, and a link to sign in with. */
export async function hireStaff(name: string, { data, json }: DataOptions & { json?: boolean }): Promise<void> {
  const server = await findServer({ data })
  const answer = await server.post('/v1/demo/staff', { name })
  if (json) return printJson(answer)
  printLine(String(answer.url))
}

/** `huitong demo advance 10d` */
export async function advanceClock(seconds: number, { data }: DataOptions): Promise<void> {
  const server = await findServer({ data })
  const answer = await server.post('/v1/demo/clock/advance', { seconds }).catch((error: unknown) => {
    // Without a demo world the route is not there.
    const absent = error instanceof CliError && error.message.includes('(not_found)')
    throw absent
      ? new CliError(EXIT.refused, 'This server has no demo world, so its clock stays the right one.')
      : error
  })
  printLine(`The demo's clock says ${String(answer.now)} now.`)
}
