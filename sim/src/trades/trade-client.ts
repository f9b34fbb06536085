/** The API of a running server, as a merchant's program or an app calls it. */
export interface TradeClient {
  get(path: string, token: string): Promise<Answer>
  /** With an idempotency key of its own unless one is given. */
  post(path: string, token: string, body?: object, key?: string): Promise<Answer>
}

export interface Answer {
  readonly status: number
  // biome-ignore lint/suspicious/noExplicitAny: the client of a test reads whatever the server says.
  readonly body: any
}

export function tradeClient(baseUrl: string): TradeClient {
  let keys = 0
  async function call(method: string, path: string, token: string, headers: Record<string, string>, body?: object) {
    const answer = await fetch(`${baseUrl}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    return { status: answer.status, body: await answer.json() }
  }
  return {
    get: (path, token) => call('GET', path, token, {}),
    post: (path, token, body = {}, key) => {
      keys += 1
      const headers = { 'content-type': 'application/json', 'idempotency-key': key ?? `sim-${keys}` }
      return call('POST', path, token, headers, body)
    },
  }
}

/** Throws when the answer is no success: for what a run cannot do without. */
export function bodyOf({ status, body }: Answer): Answer['body'] {
  if (status < 300) return body
  throw new Error(`${status}: ${JSON.stringify(body)}`)
}
