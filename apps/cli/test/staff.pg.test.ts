import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { huitong, startHuitong } from './cli.ts'

let root: string
let server: { stop(): Promise<void> }

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'huitong-staff-'))
  server = await startHuitong(root)
}, 300_000)

afterAll(async () => {
  await server.stop()
  await rm(root, { recursive: true, force: true })
}, 240_000)

const run = (...args: readonly string[]) => huitong(...args, '--data', root)
const json = async (...args: readonly string[]) => JSON.parse((await run(...args, '--json')).stdout)

/** A file with the token of a session that the link begins. */
async function sessionOf(link: string): Promise<string> {
  const { origin, pathname } = new URL(link)
  const answer = await fetch(`${origin}/v1/sessions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token: pathname.split('/').at(-1) }),
  })
  const body: unknown = await answer.json()
  if (typeof body !== 'object' || body === null || !('sessionToken' in body)) throw new Error(JSON.stringify(body))
  const file = join(root, 'session.token')
  await writeFile(file, `${String(body.sessionToken)}\n`, { mode: 0o600 })
  return file
}

test('the first administrator is hired by one person, everybody else by two', async () => {
  const hired = await json('staff', 'bootstrap', '王芳', '--role', 'administrator')
  expect(hired.member).toMatchObject({ name: '王芳', roles: ['administrator'], status: 'active' })
  const again = await run('staff', 'bootstrap', 'Another', '--role', 'administrator')
  expect(again).toMatchObject({ code: 4, stderr: expect.stringContaining('bootstrap_over') })

  const proposed = await run('staff', 'add', '李强', '--role', 'support', '--role', 'auditor')
  const id = /^Proposed: (appr_\w+)\./.exec(proposed.stdout)?.[1] ?? ''
  expect((await run('approvals', 'approve', id)).stderr).toContain('proposer_cannot_approve')
  const session = await sessionOf(hired.link.url)
  const approved = await run('approvals', 'approve', id, '--session', session)
  expect(approved).toMatchObject({ code: 0, stdout: expect.stringContaining('/signin/hl_') })

  const everybody = (await run('staff', 'list')).stdout
  expect(everybody).toMatch(/staf_\w+ +staff:3 +李强 +active +auditor, support/)
  const member = /(staf_\w+) +staff:3/.exec(everybody)?.[1] ?? ''
  expect((await run('staff', 'suspend', member, '--session', session)).stdout).toContain('suspended')
  expect((await run('staff', 'sessions', member)).code).toBe(0)
  const audit = (await run('audit', '--object', member, '--limit', '5')).stdout
  expect(audit).toMatch(/staff:2 +change +POST \/v1\/staff\/staf_\w+\/suspend +200/)
}, 240_000)

test.each([
  [['staff', 'add', 'A'], 2, 'role'],
  [['staff', 'add', 'A', '--role', 'king'], 2, 'operator'],
  [['staff', 'suspend', 'staf_000000000000'], 4, ''],
  [['approvals', 'approve', 'appr_000000000000'], 4, ''],
  [['audit', '--session', '/nonexistent'], 2, 'session'],
])(
  '%j is refused',
  async (args, code, word) => {
    const ended = await run(...args)
    expect([ended.code, ended.stderr]).toEqual([code, expect.stringContaining(word)])
  },
  60_000,
)
