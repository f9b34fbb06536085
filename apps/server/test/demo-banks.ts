import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { createLog } from '@huitong/http'
import { publicId } from '@huitong/kernel'
import { verifyLedger } from '@huitong/ledger'
import { expect } from 'vitest'
import { BUSINESS_TIES } from '../src/business-ties.ts'
import { DEMO_CUSTOMERS } from '../src/demo-people.ts'
import { openIdentity } from '../src/identity.ts'
import { readConfig } from '../src/options.ts'
import { startServer } from '../src/start.ts'
import { list, record, text } from './answers.ts'

const EXAMPLES = join(import.meta.dirname, '../../../docs/examples')
const CLI = join(import.meta.dirname, '../../cli/src/main.ts')

export const TAIHU = '990100000011'
export const LANSHAN = '990200000028'

export interface Answer {
  readonly status: number
  readonly body: Readonly<Record<string, unknown>> & { readonly items?: readonly Readonly<Record<string, unknown>>[] }
}

/** The demo world in this process, over HTTP: a customer of Yunhe Pay who has accounts at both banks. */
export async function startDemoBanks() {
  const data = await mkdtemp(join(tmpdir(), 'huitong-channels-'))
  const config = readConfig(['--data', data, '--port', '0'], {})
  if (!config.ok || config.value === 'help') throw new Error('the options are right')
  const { value } = config
  const start = () => startServer(value, createLog({ level: 'silent' }), new AbortController().signal)
  let server = await start()
  let keys = 0

  function hosted(schema: string) {
    const found = server.institutions.find(({ spec }) => spec.schema === schema)?.hosted
    if (found === undefined) throw new Error(`${schema} is not up`)
    return found
  }

  async function ask(
    schema: string,
    method: 'GET' | 'POST' | 'PUT',
    path: string,
    { body, token, key }: { readonly body?: object; readonly token?: string; readonly key?: string } = {},
  ): Promise<Answer> {
    keys += 1
    const { url, token: staff } = hosted(schema)
    const answer = await fetch(`${url}/v1/${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token ?? staff}`,
        ...(method === 'GET' ? {} : { 'content-type': 'application/json', 'idempotency-key': key ?? `test ${keys}` }),
      },
      ...(method === 'GET' ? {} : { body: JSON.stringify(body ?? {}) }),
    })
    const parsed: Answer['body'] = JSON.parse(await answer.text())
    return { status: answer.status, body: parsed }
  }

  /** A session of a customer of the wallet, with proof of as many factors as a link gives. */
  async function session(customer: bigint): Promise<string> {
    const { institution, url } = hosted('yunhe_pay')
    const identity = openIdentity(institution, { demo: true, origin: undefined, cookieSuffix: '', baseUrl: () => url })
    const { token } = await identity.issueSignInLink({ kind: 'customer', id: Number(customer) })
    const answer = await ask('yunhe_pay', 'POST', 'sessions', { body: { token } })
    return String(answer.body.sessionToken)
  }

  async function customerId(name: string): Promise<bigint> {
    const { db } = hosted('yunhe_pay').institution
    const rows = await db.read(
      (tx) => tx.sql<{ id: bigint }[]>`select id from party_customers where display_name = ${name}`,
    )
    return rows[0]?.id ?? 0n
  }

  const [person] = DEMO_CUSTOMERS
  if (person === undefined) throw new Error('there is a customer')

  async function accountAt(schema: string): Promise<{ number: string; id: string }> {
    const { body } = await ask(schema, 'GET', 'bank/accounts')
    const own = body.items?.at(-1)
    return { number: String(own?.number), id: String(own?.id) }
  }

  return {
    person,
    hosted,
    ask,
    session,
    customerId,
    accountAt,

    /** What a script of the documentation prints. */
    example: async (name: string): Promise<string> =>
      (await promisify(execFile)(process.execPath, [join(EXAMPLES, name), data])).stdout,
    logged: () => readFile(join(data, 'huitong.log'), 'utf8').catch(() => ''),

    /** The key of the first shop's application. */
    shopKey: async (): Promise<string> => {
      const { merchants } = record(JSON.parse(await readFile(join(data, 'demo.json'), 'utf8')))
      return (await readFile(text(record(list(merchants)[0]).apiKeyFile), 'utf8')).trim()
    },
    publicCustomer: async (): Promise<string> => publicId('cust', Number(await customerId(person.name))),

    cli: async (...args: readonly string[]): Promise<string> =>
      (await promisify(execFile)(process.execPath, [CLI, ...args, '--data', data])).stdout,

    /** What the customer's account at a bank has. */
    atBank: async (schema: string): Promise<string> => {
      const { id } = await accountAt(schema)
      return String((await ask(schema, 'GET', `bank/accounts/${id}`)).body.balance)
    },

    /** Codes that came to the customer's phone from a bank. */
    codes: async (schema: string): Promise<readonly string[]> => {
      const { body } = await ask(schema, 'POST', 'bank/demo-phones/codes', { body: { phone: person.phone } })
      return Array.isArray(body.codes) ? body.codes.map(String) : []
    },

    /** Stops all institutions and starts them again. */
    restart: async (): Promise<void> => {
      await server.stop()
      server = await start()
    },

    /** Nothing differs, in any of the institutions. */
    verified: async (): Promise<void> => {
      for (const schema of ['yunhe_pay', 'taihu_bank', 'lanshan_bank', 'central_clearing']) {
        const { db, committer } = hosted(schema).institution
        await committer.flush()
        expect([schema, (await verifyLedger(db, { ties: BUSINESS_TIES })).findings]).toEqual([schema, []])
      }
    },

    stop: async (): Promise<void> => {
      await server.stop()
      await rm(data, { recursive: true, force: true })
    },
  }
}

export type DemoBanks = Awaited<ReturnType<typeof startDemoBanks>>
