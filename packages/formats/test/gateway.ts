import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A local HTTP server around one handler, for the platform's own client to talk to. */
export interface LocalServer extends AsyncDisposable {
  readonly origin: string
}

export async function serve(
  handle: (request: IncomingMessage, body: Buffer, response: ServerResponse) => Promise<void>,
): Promise<LocalServer> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    await handle(request, Buffer.concat(chunks), response).catch((error: unknown) => {
      response.writeHead(599).end(String(error))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = address(server.address())
  return {
    origin: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function address(value: AddressInfo | string | null): AddressInfo {
  if (value === null || typeof value === 'string') throw new Error('the server has no port')
  return value
}

export interface Keys {
  readonly publicKey: KeyObject
  readonly privateKey: KeyObject
}

export function rsaKeys(): Keys {
  return generateKeyPairSync('rsa', { modulusLength: 2048 })
}

export function privatePem(key: KeyObject, type: 'pkcs1' | 'pkcs8'): string {
  return String(type === 'pkcs1' ? key.export({ type, format: 'pem' }) : key.export({ type, format: 'pem' }))
}

export function publicPem(key: KeyObject): string {
  return String(key.export({ type: 'spki', format: 'pem' }))
}

/** The base64 between the header lines, as the platform's console shows keys to merchants. */
export function bareBody(pem: string): string {
  return pem.replace(/-----[A-Z ]+-----/g, '').replace(/\n/g, '')
}
