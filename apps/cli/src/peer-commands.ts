import { readFile } from 'node:fs/promises'
import { CliError, EXIT } from './cli-error.ts'
import { printJson, printLine, printTable } from './output.ts'
import { findServer, problemText } from './running-server.ts'
import { type Fields, isFields, type StaffOptions, send } from './staff-commands.ts'

async function rows(options: StaffOptions, path: string, field: string): Promise<readonly Fields[]> {
  const server = await findServer(options)
  const { status, fields } = await server.ask('GET', path)
  if (status !== 200) throw new CliError(EXIT.refused, problemText(fields, status))
  const found = fields[field]
  return Array.isArray(found) ? found.filter(isFields) : []
}

/** `huitong peers list` */
export async function listPeers(options: StaffOptions): Promise<void> {
  const peers = await rows(options, '/v1/peers', 'peers')
  if (options.json) return printJson(peers)
  printTable(
    [
      { title: 'Peer', value: (row: Fields) => String(row.peer) },
      { title: 'Name', value: (row) => String(row.name) },
      { title: 'Address', value: (row) => String(row.url) },
      { title: 'State', value: (row) => String(row.state) },
      { title: 'Link', value: (row) => String(row.health) },
      { title: 'Sent', value: (row) => String(row.sent) },
      { title: 'Acknowledged', value: (row) => String(row.acknowledged) },
      { title: 'Received', value: (row) => String(row.received) },
      { title: 'Last fault', value: (row) => (row.lastFault === null ? '' : String(row.lastFault)) },
    ],
    peers,
  )
}

/** `huitong peers keys`: names and times, then each public half as PEM. */
export async function listOwnKeys(options: StaffOptions): Promise<void> {
  const keys = await rows(options, '/v1/link-keys', 'keys')
  if (options.json) return printJson(keys)
  for (const { keyId, publicKey, usedFrom } of keys) {
    printLine(`${String(keyId)}: ${usedFrom === null ? 'not in use yet' : `in use from ${String(usedFrom)}`}`)
    printLine(String(publicKey).trimEnd())
  }
}

const peerPath = (peer: string) => `/v1/peers/${encodeURIComponent(peer)}`
const keyPath = (key: string) => encodeURIComponent(key)

/** `huitong peers set PEER --name N --url U` */
export function setPeer(
  peer: string,
  options: StaffOptions & { readonly name: string; readonly url: string; readonly state: string },
): Promise<void> {
  const { name, url, state } = options
  return send(options, 'put', peerPath(peer), { name, url, state })
}

/** `huitong peers add-key PEER KEY --public-key FILE` */
export async function addPeerKey(
  peer: string,
  keyId: string,
  options: StaffOptions & { readonly publicKey: string; readonly from?: string },
): Promise<void> {
  const publicKey = await readFile(options.publicKey, 'utf8').catch(() => undefined)
  if (publicKey === undefined) throw new CliError(EXIT.usage, `${options.publicKey} cannot be read.`)
  const validFrom = options.from === undefined ? {} : { validFrom: options.from }
  await send(options, 'post', `${peerPath(peer)}/keys`, { keyId, publicKey, ...validFrom })
}

/** `huitong peers end-key PEER KEY` */
export function endPeerKey(peer: string, key: string, options: StaffOptions & { readonly at?: string }): Promise<void> {
  const body = options.at === undefined ? {} : { at: options.at }
  return send(options, 'post', `${peerPath(peer)}/keys/${keyPath(key)}/end`, body)
}

/** `huitong peers new-key KEY` */
export async function makeOwnKey(keyId: string, options: StaffOptions): Promise<void> {
  await send(options, 'post', '/v1/link-keys', { keyId })
  if (options.json !== true)
    printLine(`Made ${keyId}. Give its public half (huitong peers keys) to the peers, then use it.`)
}

/** `huitong peers use-key KEY` */
export function useOwnKey(key: string, options: StaffOptions): Promise<void> {
  return send(options, 'post', `/v1/link-keys/${keyPath(key)}/use`, {})
}
