import { lookup as resolve } from 'node:dns'
import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import { isPublicAddress } from './public-address.ts'

export interface PostOptions {
  readonly timeoutMs: number
  /** Also calls loopback and private networks: for tests, the demo, and merchants in the same house. */
  readonly allowPrivateTargets: boolean
}

/** What the other side answered, or why there is no answer. */
export type PostOutcome =
  | { readonly answered: true; readonly status: number; readonly body: string }
  | {
      readonly answered: false
      readonly fault: 'address_not_allowed' | 'malformed_address' | 'timeout' | 'unreachable'
    }

// An acknowledgement is a word or nothing. Whoever sends more is not read to the end.
const BODY_BYTES_MAX = 1024

export interface PostContent {
  readonly contentType: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body: string
}

/** Whether a text is an address that can be posted to: http or https, without user and password. */
export function isPostable(url: string): boolean {
  if (!URL.canParse(url)) return false
  const { protocol, username, password } = new URL(url)
  return (protocol === 'https:' || protocol === 'http:') && username === '' && password === ''
}

/**
 * Posts a text to where somebody else chose. Redirects are not followed, and the name is resolved once: the address that was judged is the one that is called, so that
 * a name cannot point elsewhere between the two.
 */
export function postText(url: string, content: PostContent, options: PostOptions): Promise<PostOutcome> {
  if (!URL.canParse(url)) return Promise.resolve({ answered: false, fault: 'malformed_address' })
  const target = new URL(url)
  const host = target.hostname.replace(/^\[(.*)\]$/, '$1')
  const secure = target.protocol === 'https:'
  if (!secure && target.protocol !== 'http:') return Promise.resolve({ answered: false, fault: 'malformed_address' })
  // A literal address is never looked up, so it is judged here.
  if (isIP(host) !== 0 && !options.allowPrivateTargets && !isPublicAddress(host)) {
    return Promise.resolve({ answered: false, fault: 'address_not_allowed' })
  }
  const signal = AbortSignal.timeout(options.timeoutMs)
  const sent = (secure ? httpsRequest : httpRequest)(target, {
    method: 'POST',
    agent: false,
    signal,
    headers: {
      ...content.headers,
      'content-type': content.contentType,
      'content-length': Buffer.byteLength(content.body),
      'user-agent': 'huitong-notify/1',
      connection: 'close',
    },
    ...(options.allowPrivateTargets ? {} : { lookup: publicOnly }),
  })
  return settled(sent, content.body, signal)
}

function settled(sent: ClientRequest, body: string, signal: AbortSignal): Promise<PostOutcome> {
  return new Promise((tell) => {
    sent.on('error', (error) => tell({ answered: false, fault: faultOf(error, signal) }))
    sent.on('response', (response) => {
      readBody(response).then(
        (answer) => {
          tell({ answered: true, status: response.statusCode ?? 0, body: answer })
          sent.destroy()
        },
        (error: unknown) => tell({ answered: false, fault: faultOf(error, signal) }),
      )
    })
    sent.end(body)
  })
}

async function readBody(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of response) {
    const bytes = Buffer.from(chunk)
    chunks.push(bytes)
    length += bytes.length
    if (length > BODY_BYTES_MAX) break
  }
  return Buffer.concat(chunks).toString('utf8')
}

class AddressNotAllowed extends Error {
  override readonly name = 'AddressNotAllowed'
}

function faultOf(error: unknown, signal: AbortSignal): Extract<PostOutcome, { answered: false }>['fault'] {
  if (error instanceof AddressNotAllowed) return 'address_not_allowed'
  return signal.aborted ? 'timeout' : 'unreachable'
}

const publicOnly: LookupFunction = (hostname, options, tell) => {
  resolve(hostname, { ...options, all: true }, (error, found) => {
    if (error !== null) return tell(error, '', 0)
    const [first, ...others] = found.filter(({ address }) => isPublicAddress(address))
    if (first === undefined) return tell(new AddressNotAllowed(`${hostname} is no public address`), '', 0)
    if (options.all === true) return tell(null, [first, ...others])
    return tell(null, first.address, first.family)
  })
}
