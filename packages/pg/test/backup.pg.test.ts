import { cp, mkdir, mkdtemp, readdir, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, expect, test } from 'vitest'
import { backup, type Database, findRunning, openDatabase, restore, startEmbedded } from '../src/index.ts'

const folder = await mkdtemp(join(tmpdir(), 'huitong-backup-'))
afterAll(() => rm(folder, { recursive: true, force: true }))

async function now({ owner }: Database): Promise<number> {
  const [row] = await owner<{ now: number }[]>`select clock_timestamp() as now`
  return row?.now ?? 0
}

async function rowsOf(dataDir: string): Promise<unknown[]> {
  const server = await startEmbedded({ dataDir })
  const database = openDatabase(server.connection)
  try {
    await database.owner`insert into things values ('writable')`
    await database.owner`delete from things where name = 'writable'`
    const rows = await database.owner`select name, count(*) from things group by name order by min(ctid)`
    return rows.map((row) => `${row.name} ${row.count}`)
  } finally {
    await database.close()
    await server.stop()
  }
}

test('a restore shows exactly the state of the asked time, whether the server runs, is gone, or was lost', async () => {
  const dataDir = join(folder, 'data')
  const copy = join(folder, 'copy')
  const server = await startEmbedded({ dataDir, settings: { shared_buffers: '128MB' } })
  const database = openDatabase(server.connection)
  const { owner } = database
  await owner`create table things (name text not null)`
  await owner`insert into things select 'first' from generate_series(1, 1000)`
  const early = await now(database)

  const found = await findRunning(dataDir)
  expect(found?.connection).toEqual(server.connection)
  let writing = true
  const writer = (async () => {
    while (writing) await owner`insert into things values ('meanwhile')`
  })()
  await backup(found ?? server, copy)
  writing = false
  await writer
  await owner`delete from things where name = 'meanwhile'`
  await expect(backup(server, copy)).rejects.toMatchObject({ code: 'target_not_empty' })

  await owner`insert into things select 'second' from generate_series(1, 1000)`
  const middle = await now(database)
  await sleep(5)
  await owner`insert into things select 'third' from generate_series(1, 1000)`
  // Pushes what is above into the archive, and the rest stays in the unfinished segment.
  await owner`select pg_switch_wal()`
  await owner`insert into things select 'fourth' from generate_series(1, 1000)`
  const late = await now(database)
  await sleep(5)
  await owner`truncate things`

  await restore(copy, join(folder, 'middle'), { to: middle })
  expect(await rowsOf(join(folder, 'middle'))).toEqual(['first 1000', 'second 1000'])
  await restore(copy, join(folder, 'late'), { to: late })
  expect(await rowsOf(join(folder, 'late'))).toEqual(['first 1000', 'second 1000', 'third 1000', 'fourth 1000'])
  await database.close()
  await server.stop('immediate')
  await restore(copy, join(folder, 'end'))
  expect(await rowsOf(join(folder, 'end'))).toEqual([])

  const hopeless = restore(copy, join(folder, 'never'), { to: late + 3_600_000_000 })
  await expect(hopeless).rejects.toMatchObject({ code: 'time_not_reached' })
  expect(await readdir(join(folder, 'never'))).toEqual([])
  await expect(restore(copy, join(folder, 'early'), { to: early })).rejects.toMatchObject({
    code: 'time_before_backup',
  })
  await expect(restore(copy, join(folder, 'middle'))).rejects.toMatchObject({ code: 'target_not_empty' })

  await rm(dataDir, { recursive: true })
  await restore(copy, join(folder, 'alone'))
  const alone = await rowsOf(join(folder, 'alone'))
  expect(alone[0]).toBe('first 1000')
  expect(alone).not.toContain('second 1000')

  await cp(copy, join(folder, 'torn'), { recursive: true })
  await rm(join(folder, 'torn', 'backup.json'))
  await expect(restore(join(folder, 'torn'), join(folder, 'from-torn'))).rejects.toMatchObject({ code: 'not_a_backup' })
}, 240_000)

test('a backup does not go into the data folder or around it, by whatever name, and writes nothing', async () => {
  const dataDir = join(folder, 'around', 'data')
  await mkdir(dataDir, { recursive: true })
  const server = await startEmbedded({ dataDir, settings: { shared_buffers: '128MB' } })
  await symlink(dataDir, join(folder, 'link'))
  const before = await readdir(dataDir)
  for (const target of [
    dataDir,
    join(dataDir, 'backup'),
    join(dataDir, 'postgres', 'x', 'y'),
    join(folder, 'link', 'b'),
  ]) {
    await expect(backup(server, target), target).rejects.toMatchObject({ code: 'target_overlaps_data' })
  }
  await expect(backup(server, join(folder, 'around'))).rejects.toMatchObject({ code: 'target_overlaps_data' })
  await expect(backup(server, '')).rejects.toMatchObject({ code: 'target_not_named' })
  expect(await readdir(dataDir)).toEqual(before)
  const beside = await backup(server, join(folder, 'around', 'data-backup'))
  expect(beside.format).toBe(1)
  await server.stop()
}, 240_000)

test('the log is kept only after a first backup, and each backup removes what two backups no longer need', async () => {
  const dataDir = join(folder, 'archive')
  const server = await startEmbedded({ dataDir, settings: { shared_buffers: '128MB' } })
  const { owner, close } = openDatabase(server.connection)
  const archived = async (): Promise<string[]> =>
    (await readdir(join(dataDir, 'postgres', 'wal_archive')).catch(() => []))
      .filter((name) => name.length === 24)
      .sort()
  await owner`create table things (name text not null)`
  await owner`select pg_switch_wal()`
  await sleep(300)
  expect(await archived()).toEqual([])
  const first = await backup(server, join(folder, 'b1'))
  await backup(server, join(folder, 'b2'))
  expect((await archived())[0]).toBe(first.firstSegment)
  const third = await backup(server, join(folder, 'b3'))
  expect((await archived())[0]).not.toBe(first.firstSegment)
  expect(await archived()).toContain(third.lastSegment)
  await close()
  await server.stop()
}, 240_000)
