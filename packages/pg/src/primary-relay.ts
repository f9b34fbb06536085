import { createConnection, createServer, type Socket } from 'node:net'
import { invariant } from '@huitong/kernel'
import { findRunning } from './find-running.ts'
import { socketAddress } from './single-connection.ts'

/** A port of 127.0.0.1 that leads to the embedded server of a data folder, wherever that one listens now. */
export interface PrimaryRelay {
  readonly port: number
  close(): Promise<void>
}

/**
 * A standby cannot reach its primary by itself: started by root it runs as another user, who may be unable to pass the folders
 * above the primary's socket, and where the primary listens may change with each of its starts. So it speaks to this process, which
 * finds the primary anew for each connection. Who connects must show the primary's password there, as on any other way.
 */
export async function relayToPrimary(primaryDir: string): Promise<PrimaryRelay> {
  const sockets = new Set<Socket>()

  function keep(socket: Socket): Socket {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    return socket
  }

  async function serve(client: Socket): Promise<void> {
    const primary = await findRunning(primaryDir).catch(() => undefined)
    if (primary === undefined || client.destroyed) {
      client.destroy()
      return
    }
    const upstream = keep(createConnection(socketAddress(primary.connection)))
    client.pipe(upstream).pipe(client)
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      one.on('error', () => other.destroy())
      one.on('close', () => other.destroy())
    }
  }

  const server = createServer((client) => {
    keep(client).on('error', () => client.destroy())
    void serve(client)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const address = server.address()
  invariant(typeof address === 'object' && address !== null, 'a listening server has an address')
  return {
    port: address.port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
  }
}
