import { connect, createServer, type Socket } from 'node:net'

/**
 * Stands between the oracle and the server, so that a round can be killed at a chosen moment: when the server has written its
 * answer and the oracle has not got it.
 */
export interface CrashProxy {
  readonly url: string
  /** Where connections go from now on. */
  forwardTo(port: number): void
  /** Keeps back the next answer and whatever comes after it. Resolves when the server has written one. */
  keepNextAnswer(): Promise<void>
  /** Lets answers through again; connections with a kept answer are cut. */
  release(): void
  close(): Promise<void>
}

export async function startCrashProxy(): Promise<CrashProxy> {
  let port = 0
  let keeping: (() => void) | undefined
  let kept = false
  const sockets = new Set<Socket>()
  const server = createServer((client) => {
    const upstream = connect(port, '127.0.0.1')
    const cut = () => {
      client.destroy()
      upstream.destroy()
      sockets.delete(client)
    }
    sockets.add(client)
    client.on('error', cut).on('close', cut)
    upstream.on('error', cut).on('close', cut)
    client.pipe(upstream)
    upstream.on('data', (answer) => {
      if (keeping !== undefined) {
        keeping()
        keeping = undefined
        kept = true
      }
      if (!kept) client.write(answer)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the proxy has no port')
  return {
    url: `http://127.0.0.1:${address.port}`,
    forwardTo: (to) => {
      port = to
    },
    keepNextAnswer: () =>
      new Promise((resolve) => {
        keeping = resolve
      }),
    release: () => {
      kept = false
      keeping = undefined
      for (const socket of sockets) socket.destroy()
      sockets.clear()
    },
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy()
        server.close(() => resolve())
      }),
  }
}
