import { once } from 'node:events'
import { connect } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { createLog } from '../src/index.ts'
import { STAFF, testApp } from './test-app.ts'

const lines: Record<string, unknown>[] = []
const log = createLog({ destination: { write: (line) => void lines.push(JSON.parse(line)) } })
const http = await testApp({ log })
const { port } = await http.listen({ host: '127.0.0.1', port: 0 })
afterEach(() => http.drain(1000))

async function until(found: () => boolean): Promise<void> {
  for (let wait = 0; wait < 200 && !found(); wait += 1) await new Promise((resolve) => setTimeout(resolve, 10))
}

test('a client that hangs up in the middle of its body is one quiet line in the log', async () => {
  const head = [
    ...['POST /v1/things/1 HTTP/1.1', 'Host: x', `Authorization: ${STAFF.authorization}`, 'Idempotency-Key: k'],
    ...['Content-Type: application/json', 'Content-Length: 1000', '', '{"name":'],
  ]
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  socket.write(head.join('\r\n'))
  await new Promise((resolve) => setTimeout(resolve, 100))
  socket.destroy()
  await until(() => lines.some(({ msg }) => msg === 'the client hung up'))
  expect(lines.filter(({ msg }) => msg === 'the client hung up')).toMatchObject([{ level: 30, code: 'ECONNRESET' }])
  expect(lines.filter(({ level }) => Number(level) > 30)).toEqual([])
  expect(JSON.stringify(lines)).not.toContain('stack')
})
