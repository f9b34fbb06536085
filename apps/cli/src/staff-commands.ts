import { randomUUID } from 'node:crypto'
import { isRole, ROLES } from '@huitong/identity'
import { InvalidArgumentError } from 'commander'
import { CliError, EXIT } from './cli-error.ts'
import type { DataOptions } from './options.ts'
import { printJson, printLine, printTable } from './output.ts'
import { findServer, problemText, type RunningServer } from './running-server.ts'

export interface StaffOptions extends DataOptions {
  readonly json?: boolean
  /** A file with the token of one's own session; the operator of the machine unless told. */
  readonly session?: string
  /** The institution's schema; the first of the program's unless told. */
  readonly institution?: string
}

export type Fields = Readonly<Record<string, unknown>>

export function roleOption(text: string, before: readonly string[] = []): readonly string[] {
  if (!isRole(text)) throw new InvalidArgumentError(`It is one of ${ROLES.join(', ')}.`)
  return [...before, text]
}

/** An answer's list, page after page, up to `limit` rows. */
export async function listed(server: RunningServer, path: string, limit: number): Promise<readonly Fields[]> {
  const rows: Fields[] = []
  let cursor = ''
  for (;;) {
    const size = Math.min(limit - rows.length, 100)
    const separator = path.includes('?') ? '&' : '?'
    const answer = await server.ask('GET', `${path}${separator}limit=${size}${cursor}`)
    if (answer.status !== 200) throw new CliError(EXIT.refused, problemText(answer.fields, answer.status))
    const { items, nextCursor } = answer.fields
    rows.push(...(Array.isArray(items) ? items.filter(isFields) : []))
    if (typeof nextCursor !== 'string' || rows.length >= limit) return rows
    cursor = `&cursor=${encodeURIComponent(nextCursor)}`
  }
}

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null
}

function fieldsOf(value: unknown): Fields {
  return isFields(value) ? value : {}
}

/** `huitong staff list` */
export async function listStaff(options: StaffOptions): Promise<void> {
  const server = await findServer(options)
  const rows = await listed(server, '/v1/staff', 10_000)
  if (options.json) return printJson(rows)
  printTable(
    [
      { title: 'Member', value: (row: Fields) => String(row.id) },
      { title: 'Caller', value: (row) => String(row.caller) },
      { title: 'Name', value: (row) => String(row.name) },
      { title: 'Status', value: (row) => String(row.status) },
      { title: 'Roles', value: (row) => (Array.isArray(row.roles) ? row.roles.join(', ') : '') },
    ],
    rows,
  )
}

/** Says that a request waits for somebody else; false when it does not. */
export function toldProposal({ id, state, expiresAt }: Fields): boolean {
  if (state !== 'open' || typeof expiresAt !== 'string') return false
  printLine(`Proposed: ${String(id)}. Another member of staff approves it until ${expiresAt}.`)
  return true
}

/** What a request of staff came to: done, or a proposal that waits for somebody else. */
function tell(answer: Fields, json: boolean | undefined): void {
  if (json === true) {
    printJson(answer)
    return
  }
  if (toldProposal(answer)) return
  const link = fieldsOf(answer.link)
  const member = fieldsOf(answer.member ?? answer)
  if (member.id !== undefined) printLine(`${String(member.id)} ${String(member.name)}: ${String(member.status)}`)
  if (answer.ended !== undefined) printLine(`Ended: ${String(answer.ended)}`)
  if (typeof link.url === 'string') printLine(link.url)
}

export async function send(options: StaffOptions, method: 'post' | 'put', path: string, body: object): Promise<void> {
  const server = await findServer(options)
  tell(await server[method](path, body, { 'idempotency-key': randomUUID() }), options.json)
}

const memberPath = (member: string) => `/v1/staff/${encodeURIComponent(member)}`

/** `huitong staff add NAME --role R`, and the same without a second person as long as there is none. */
export function addStaff(name: string, options: StaffOptions & { readonly role: readonly string[] }): Promise<void> {
  return send(options, 'post', '/v1/staff', { name, roles: options.role })
}

export function bootstrapStaff(
  name: string,
  options: StaffOptions & { readonly role: readonly string[] },
): Promise<void> {
  return send(options, 'post', '/v1/staff/bootstrap', { name, roles: options.role })
}

export function setStaffRoles(
  member: string,
  options: StaffOptions & { readonly role: readonly string[] },
): Promise<void> {
  return send(options, 'put', `${memberPath(member)}/roles`, { roles: options.role })
}

/** Those that need nothing but the member: `suspend`, `reinstate`, `leave`, `link`, `reset-proofs`, `end-sessions`. */
export const MEMBER_ACTIONS = {
  link: ['sign-in-links', 'a new sign-in link'],
  suspend: ['suspend', 'keeps somebody out until reinstated, at once'],
  reinstate: ['reinstate', 'lets somebody who was suspended come in again'],
  leave: ['leave', 'lets somebody go, for good'],
  'end-sessions': ['sessions/end', 'ends all sessions of somebody'],
  'reset-proofs': ['proofs/reset', 'for somebody who lost every passkey and code'],
} as const

export function memberAction(action: keyof typeof MEMBER_ACTIONS) {
  return (member: string, options: StaffOptions): Promise<void> =>
    send(options, 'post', `${memberPath(member)}/${MEMBER_ACTIONS[action][0]}`, {})
}

/** `huitong staff sessions MEMBER` */
export async function showStaffSessions(member: string, options: StaffOptions): Promise<void> {
  const server = await findServer(options)
  const answer = await server.ask('GET', `${memberPath(member)}/sessions`)
  if (answer.status !== 200) throw new CliError(EXIT.refused, problemText(answer.fields, answer.status))
  const rows = Array.isArray(answer.fields.items) ? answer.fields.items.filter(isFields) : []
  if (options.json) return printJson(rows)
  printTable(
    [
      { title: 'Session', value: (row: Fields) => String(row.id) },
      { title: 'By', value: (row) => String(row.method) },
      { title: 'Strength', value: (row) => String(row.strength) },
      { title: 'Since', value: (row) => String(row.startedAt) },
      { title: 'Last seen', value: (row) => String(row.lastSeenAt) },
    ],
    rows,
  )
}
