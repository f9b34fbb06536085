import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isJsonObject, parseJsonStrict } from '@huitong/kernel'
import { CliError, EXIT } from './cli-error.ts'

/** The server that runs on a data folder, spoken to as its operator. */
export interface RunningServer {
  readonly url: string
  post: Send
  put: Send
  /** Asks without judging the answer. */
  ask(method: 'GET' | 'POST', path: string, body?: unknown): Promise<ServerAnswer>
}

interface ServerAnswer {
  readonly status: number
  readonly fields: Readonly<Record<string, unknown>>
  readonly retryAfterSeconds: number
}

type Send = (
  path: string,
  body: unknown,
  headers?: Readonly<Record<string, string>>,
) => Promise<Readonly<Record<string, unknown>>>

/** Which server is asked, as whom. */
export interface ServerChoice {
  /** The data folder. */
  readonly data: string
  /** A file with the token of somebody's session, to act as that one instead of the operator. */
  readonly session?: string
  /** The institution's schema; the first of the program's unless told. */
  readonly institution?: string
}

/** Finds the server by the file that it keeps in its data folder while it runs. */
export async function findServer({
  data: dataDir,
  session: sessionFile,
  institution,
}: ServerChoice): Promise<RunningServer> {
  const notRunning = new CliError(
    EXIT.unreachable,
    `No server runs on ${dataDir}; start one, or name its folder with --data.`,
  )
  const text = await readFile(join(dataDir, 'server.json'), 'utf8').catch(() => undefined)
  const parsed = text === undefined ? undefined : parseJsonStrict(text)
  if (parsed?.ok !== true || !isJsonObject(parsed.value)) throw notRunning
  const chosen = institution === undefined ? parsed.value : hostedIn(parsed.value.institutions, institution)
  const { url, token: operatorToken } = chosen
  if (typeof url !== 'string' || typeof operatorToken !== 'string') throw notRunning
  const token = sessionFile === undefined ? operatorToken : await sessionToken(sessionFile)

  async function send(
    method: 'GET' | 'POST' | 'PUT',
    path: string,
    body: unknown,
    headers: Readonly<Record<string, string>>,
  ): Promise<ServerAnswer> {
    const answer = await fetch(`${url}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
      ...(method === 'GET' ? {} : { body: JSON.stringify(body) }),
    }).catch((error: unknown) => {
      throw lostServer(error, notRunning, String(url))
    })
    const content: unknown = await answer.json().catch(() => undefined)
    const fields = typeof content === 'object' && content !== null ? Object.fromEntries(Object.entries(content)) : {}
    return { status: answer.status, fields, retryAfterSeconds: Number(answer.headers.get('retry-after') ?? 0) }
  }

  const accepted =
    (method: 'POST' | 'PUT'): Send =>
    async (path, body, headers = {}) => {
      const { status, fields } = await send(method, path, body, headers)
      if (status < 200 || status > 299) throw new CliError(EXIT.refused, problemText(fields, status))
      return fields
    }

  return {
    url,
    ask: (method, path, body) => send(method, path, body, {}),
    post: accepted('POST'),
    put: accepted('PUT'),
  }
}

/** The institution among those that the program serves. */
function hostedIn(institutions: unknown, schema: string): Readonly<Record<string, unknown>> {
  const all: readonly unknown[] = Array.isArray(institutions) ? institutions : []
  for (const one of all) {
    if (typeof one === 'object' && one !== null && 'schema' in one && one.schema === schema) {
      return Object.fromEntries(Object.entries(one))
    }
  }
  throw new CliError(EXIT.usage, `The running server does not host ${schema}, or it did not start; see huitong.log.`)
}

async function sessionToken(file: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch(() => undefined)
  const token = text?.trim() ?? ''
  if (/^hs_[A-Za-z0-9_-]{43}$/.test(token)) return token
  throw new CliError(EXIT.usage, `${file} does not hold the token of a session.`)
}

/** Why nothing was answered. A request that could not even be made is no fault of the server's and stays as it is. */
function lostServer(error: unknown, notRunning: CliError, url: string): unknown {
  const cause = error instanceof Error ? error.cause : undefined
  if (!(cause instanceof Error) || !('code' in cause)) return error
  // The file outlives a server that was killed.
  if (cause.code === 'ECONNREFUSED') return notRunning
  const message = `The server at ${url} ended the connection without an answer; whether it did what was asked is not known.`
  return new CliError(EXIT.unreachable, message)
}

/** A problem answer as lines for people: the sentence, then each field with its rule. */
export function problemText(problem: Readonly<Record<string, unknown>>, status: number): string {
  const { detail, code, errors } = problem
  const lines = [typeof detail === 'string' ? `${detail} (${String(code)})` : `The server answered ${status}.`]
  if (Array.isArray(errors)) {
    for (const error of errors) {
      if (typeof error === 'object' && error !== null && 'field' in error && 'message' in error) {
        lines.push(`  ${String(error.field)}: ${String(error.message)}`)
      }
    }
  }
  return lines.join('\n')
}
