import { printJson, printLine, printTable } from './output.ts'
import { findServer } from './running-server.ts'
import { type Fields, listed, type StaffOptions } from './staff-commands.ts'

/** `huitong approvals list` */
export async function listApprovals(options: StaffOptions & { readonly limit: number }): Promise<void> {
  const server = await findServer(options)
  const rows = await listed(server, '/v1/approvals', options.limit)
  if (options.json) return printJson(rows)
  printTable(
    [
      { title: 'Proposal', value: (row: Fields) => String(row.id) },
      { title: 'State', value: (row) => String(row.state) },
      { title: 'By', value: (row) => String(row.proposedBy) },
      { title: 'Until', value: (row) => String(row.expiresAt) },
      { title: 'Request', value: (row) => `${String(row.method)} ${String(row.route)}` },
      { title: 'Parameters', value: (row) => JSON.stringify(row.params) },
      { title: 'Body', value: (row) => JSON.stringify(row.body) },
    ],
    rows,
  )
}

/** `huitong approvals approve ID`: the request is done now. */
export async function approveProposal(id: string, options: StaffOptions): Promise<void> {
  const server = await findServer(options)
  const answer = await server.post(`/v1/approvals/${encodeURIComponent(id)}/approve`, {})
  if (options.json) return printJson(answer)
  printLine(`Done, answered with ${String(answer.status)}:`)
  printJson(answer.answer)
}

/** `huitong approvals reject ID` */
export async function rejectProposal(id: string, options: StaffOptions): Promise<void> {
  const server = await findServer(options)
  const answer = await server.post(`/v1/approvals/${encodeURIComponent(id)}/reject`, {})
  if (options.json) return printJson(answer)
  printLine(`Rejected: ${id}`)
}

export interface AuditOptions extends StaffOptions {
  readonly limit: number
  readonly staff?: string
  readonly object?: string
  readonly kind?: string
  readonly from?: string
}

/** `huitong audit`: what staff did and looked at, newest first. */
export async function showAudit(options: AuditOptions): Promise<void> {
  const server = await findServer(options)
  const { staff, object, kind, from } = options
  const filter = new URLSearchParams()
  for (const [name, value] of Object.entries({ staff, object, kind, from })) {
    if (value !== undefined) filter.set(name, value)
  }
  const query = filter.toString()
  const rows = await listed(server, query === '' ? '/v1/audit' : `/v1/audit?${query}`, options.limit)
  if (options.json) return printJson(rows)
  printTable(
    [
      { title: 'At', value: (row: Fields) => String(row.at) },
      { title: 'Who', value: (row) => String(row.staff) },
      { title: 'Kind', value: (row) => String(row.kind) },
      { title: 'Request', value: (row) => `${String(row.method)} ${String(row.path)}` },
      { title: 'Status', value: (row) => String(row.status ?? ''), right: true },
      { title: 'From', value: (row) => String(row.address) },
    ],
    rows,
  )
}
