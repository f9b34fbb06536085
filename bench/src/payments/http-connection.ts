import { once } from 'node:events'
import { createConnection, type Socket } from 'node:net'

/** The two things that a benchmark's client looks at. */
export interface Answer {
  readonly status: number
  readonly body: string
}

export interface HttpConnection {
  /** Writes one whole request and waits for its answer; one at a time. */
  send(request: Buffer): Promise<Answer>
  close(): void
}

const HEAD_END = Buffer.from('\r\n\r\n')

/**
 * A kept connection that sends requests made beforehand. It reads of HTTP only what our server writes, a status and a
 * `content-length`: on a machine that client and server share, each microsecond of a full client would be taken from the server.
 */
export async function openConnection(host: string, port: number): Promise<HttpConnection> {
  const socket: Socket = createConnection({ host, port, noDelay: true })
  await once(socket, 'connect')
  let waiting: PromiseWithResolvers<Answer> | undefined
  let received: Buffer = Buffer.alloc(0)

  function fail(error: Error): void {
    waiting?.reject(error)
    waiting = undefined
  }
  socket.on('error', fail)
  socket.on('close', () => fail(new Error('the server closed a kept connection')))
  socket.on('data', (chunk: Buffer) => {
    received = received.length === 0 ? chunk : Buffer.concat([received, chunk])
    const answer = answerIn(received)
    if (answer === undefined) return
    received = Buffer.alloc(0)
    const asked = waiting
    waiting = undefined
    asked?.resolve(answer)
  })

  return {
    send: (request) => {
      if (waiting !== undefined) throw new Error('a connection sends one request at a time')
      const asked = Promise.withResolvers<Answer>()
      waiting = asked
      socket.write(request)
      return asked.promise
    },
    close: () => {
      socket.removeAllListeners('close')
      socket.destroy()
    },
  }
}

/** The answer that stands in these bytes, or undefined when a part of it is still to come. */
function answerIn(bytes: Buffer): Answer | undefined {
  const headEnd = bytes.indexOf(HEAD_END)
  if (headEnd < 0) return undefined
  const head = bytes.toString('latin1', 0, headEnd)
  const length = /\r\ncontent-length: (\d+)/i.exec(head)?.[1]
  if (length === undefined) throw new Error(`an answer without a length: ${head}`)
  const start = headEnd + HEAD_END.length
  const end = start + Number(length)
  if (bytes.length < end) return undefined
  if (bytes.length > end) throw new Error('more bytes came than the answer has')
  return { status: Number(head.slice(9, 12)), body: bytes.toString('utf8', start, end) }
}
