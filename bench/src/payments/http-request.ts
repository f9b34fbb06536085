/** Bytes of requests, whole, so that nothing is left to do when they are sent. */
export interface RequestMaker {
  get(path: string, token: string): Buffer
  /** With an idempotency key of its own for each. */
  post(path: string, token: string, body?: object): Buffer
  form(path: string, body: string): Buffer
}

export function requestMaker(host: string, port: number): RequestMaker {
  let lastKey = 0
  const first = (method: string, path: string) => `${method} ${path} HTTP/1.1\r\nhost: ${host}:${port}\r\n`
  const withBody = (head: string, type: string, body: string) =>
    Buffer.from(`${head}content-type: ${type}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`)

  return {
    get: (path, token) => Buffer.from(`${first('GET', path)}authorization: Bearer ${token}\r\n\r\n`),
    post: (path, token, body = {}) => {
      lastKey += 1
      const head = `${first('POST', path)}authorization: Bearer ${token}\r\nidempotency-key: bench-${lastKey}\r\n`
      return withBody(head, 'application/json', JSON.stringify(body))
    },
    form: (path, body) => withBody(first('POST', path), 'application/x-www-form-urlencoded;charset=utf-8', body),
  }
}
