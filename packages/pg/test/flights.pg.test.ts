import { rmSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { createConnection, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { testConnection } from '@huitong/testing'
import { expect, test } from 'vitest'
import { openDatabase } from '../src/index.ts'

/** Stands between driver and server, holds every answer back for a moment, and counts how often the driver spoke after one. */
async function countingProxy(): Promise<{ folder: string; turns(): number; reset(): void; close(): void }> {
  const { host, port } = testConnection()
  const sockets: Socket[] = []
  let turns = 0
  let answered = true
  const proxy = createServer((client) => {
    const server = createConnection(join(host, `.s.PGSQL.${port}`))
    sockets.push(client, server)
    client.on('data', (chunk) => {
      if (answered) turns += 1
      answered = false
      server.write(chunk)
    })
    server.on('data', (chunk) => {
      setTimeout(() => {
        answered = true
        client.write(chunk)
      }, 50)
    })
    client.on('close', () => server.destroy())
  })
  const folder = await mkdtemp(join(tmpdir(), 'huitong-proxy-'))
  await new Promise<void>((resolve) => proxy.listen(join(folder, '.s.PGSQL.5432'), resolve))
  return {
    folder,
    turns: () => turns,
    reset: () => {
      turns = 0
      answered = true
    },
    close: () => {
      for (const socket of sockets) socket.destroy()
      proxy.close()
      rmSync(folder, { recursive: true })
    },
  }
}

test('a whole batch, begin to commit and with long lists, is one round trip once its statements are known', async () => {
  const proxy = await countingProxy()
  const database = openDatabase({ ...testConnection(), host: proxy.folder, port: 5432 })
  const { sql, close } = await database.dedicated('public')
  await sql`create temporary table written (n int8)`
  const list = `{${Array.from({ length: 20_000 }, (_, index) => 10_000_000_000 + index).join(',')}}`
  const batch = () =>
    Promise.all([
      sql`begin`,
      sql`select count(*) from unnest(${list}::text::int8[])`,
      sql`select max(n) from unnest(${list}::text::int8[]) as list (n)`,
      sql`insert into written select unnest(${list}::text::int8[])`,
      sql`commit`,
    ])
  await batch()
  proxy.reset()
  await batch()
  expect(proxy.turns()).toBe(1)
  expect(await sql`select count(*) from written`).toEqual([{ count: 40_000n }])
  await close()
  await database.close()
  proxy.close()
})
