import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findServer } from '../src/running-server.ts'

let folder: string
// Takes requests and never answers one.
const server = createServer((socket) => socket.once('data', () => socket.destroy()))

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'huitong-found-'))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  await writeFile(join(folder, 'server.json'), `{"url":"http://127.0.0.1:${address.port}","token":"t"}`)
})

afterAll(() => rm(folder, { recursive: true, force: true }))

test('a request that cannot be made is not told as a server that is gone', async () => {
  const found = await findServer({ data: folder })
  await expect(found.post('/v1/x', {}, { 'idempotency-key': '茶' })).rejects.toBeInstanceOf(TypeError)
})

test('a lost answer is told as unknown, and a server that is gone as gone', async () => {
  const found = await findServer({ data: folder })
  await expect(found.post('/v1/x', {})).rejects.toMatchObject({
    exitCode: 3,
    message: expect.stringContaining('not known'),
  })
  await new Promise((resolve) => server.close(resolve))
  await expect(found.post('/v1/x', {})).rejects.toMatchObject({
    exitCode: 3,
    message: expect.stringContaining('No server runs'),
  })
})
