import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  type Database,
  type EmbeddedServer,
  ensureRoles,
  openDatabase,
  openReadReplica,
  type ReadReplica,
  removeStandby,
  type Standby,
  startEmbedded,
  startStandby,
} from '../src/index.ts'

const folder = await mkdtemp(join(tmpdir(), 'huitong-standby-'))
const primaryDir = join(folder, 'primary')
const dataDir = join(folder, 'standby')
const settings = { shared_buffers: '64MB' }
let primary: EmbeddedServer
let database: Database
let standby: Standby
let replica: ReadReplica

beforeAll(async () => {
  primary = await startEmbedded({ dataDir: primaryDir, settings })
  database = openDatabase(primary.connection)
  const { owner } = database
  await ensureRoles(owner)
  await owner`create schema books`
  await owner`grant usage on schema books to huitong_app`
  await owner`create table books.things (name text not null)`
  await owner`grant select, insert on books.things to huitong_app`
  await owner`insert into books.things select 'first' from generate_series(1, 1000)`
  replica = openReadReplica(pathToFileURL(dataDir).href, { statementMs: 2000 })
})

afterAll(async () => {
  await replica.close()
  await standby.stop()
  await database.close()
  await primary.stop()
  await rm(folder, { recursive: true, force: true })
})

const start = () => startStandby({ dataDir, primaryDir, settings })

function names(): Promise<readonly string[]> {
  return replica.institution('books').read(async (tx) => {
    const rows = await tx.sql<{ name: string; count: bigint }[]>`
      select name, count(*) from things group by name order by min(ctid)`
    return rows.map((row) => `${row.name} ${row.count}`)
  })
}

/** Waits until the standby shows these rows; what it shows at last, if it never does. */
async function showing(wanted: readonly string[]): Promise<readonly string[] | unknown> {
  let shown: unknown
  for (let tries = 0; tries < 400; tries += 1) {
    shown = await names().catch((error: unknown) => error)
    if (JSON.stringify(shown) === JSON.stringify(wanted)) break
    await sleep(50)
  }
  return shown
}

test('a standby is copied from the running primary, follows it and lets nobody write', async () => {
  await expect(names()).rejects.toThrow('no standby runs')
  standby = await start()
  expect(standby.copied).toBe(true)
  expect(await names()).toEqual(['first 1000'])
  await database.owner`insert into books.things select 'second' from generate_series(1, 10)`
  expect(await showing(['first 1000', 'second 10'])).toEqual(['first 1000', 'second 10'])
  const { read } = replica.institution('books')
  await expect(read((tx) => tx.sql`insert into things values ('written')`)).rejects.toMatchObject({ code: '25006' })
  await expect(read((tx) => tx.sql`select 1 from things limit 1 for update`)).rejects.toMatchObject({ code: '25006' })
  await expect(read((tx) => tx.sql`select pg_sleep(30)`)).rejects.toMatchObject({ code: '57014' })
  // Nothing but the rows that came by the log: no slot is left behind on the primary.
  expect([...(await database.owner`select slot_name from pg_replication_slots`)]).toEqual([])
  const [sender] = await database.owner`select state, sync_state from pg_stat_replication`
  expect(sender).toEqual({ state: 'streaming', sync_state: 'async' })
}, 240_000)

test('a standby that was away goes on where it ended, and one whose primary is away answers and waits', async () => {
  await standby.stop()
  await expect(names()).rejects.toThrow()
  await database.owner`insert into books.things select 'third' from generate_series(1, 5)`
  standby = await start()
  expect(standby.copied).toBe(false)
  expect(await showing(['first 1000', 'second 10', 'third 5'])).toEqual(['first 1000', 'second 10', 'third 5'])

  await database.close()
  await primary.stop('immediate')
  expect(await names()).toEqual(['first 1000', 'second 10', 'third 5'])
  await standby.stop()
  standby = await start()
  expect(await names()).toEqual(['first 1000', 'second 10', 'third 5'])
  primary = await startEmbedded({ dataDir: primaryDir, settings })
  database = openDatabase(primary.connection)
  await database.owner`insert into books.things values ('fourth')`
  const all = ['first 1000', 'second 10', 'third 5', 'fourth 1']
  expect(await showing(all)).toEqual(all)
}, 240_000)

test('a standby that was away for too long says so, and is made anew', async () => {
  await standby.stop()
  await database.owner.unsafe("alter system set wal_keep_size = '0'")
  await database.owner.unsafe("alter system set min_wal_size = '32MB'")
  await database.owner.unsafe("alter system set max_wal_size = '32MB'")
  await database.owner`select pg_reload_conf()`
  for (let turn = 0; turn < 4; turn += 1) {
    await database.owner`insert into books.things values ('later')`
    await database.owner`select pg_switch_wal()`
    await database.owner`checkpoint`
  }
  standby = await start()
  await standby.outdated
  expect((await names()).at(-1)).toBe('fourth 1')
  await standby.stop()
  await removeStandby(dataDir)
  standby = await start()
  expect(standby.copied).toBe(true)
  expect((await names()).at(-1)).toBe('later 4')
}, 240_000)

test('a folder that is no standby of this primary is left alone', async () => {
  const other = join(folder, 'other')
  await expect(startStandby({ dataDir: other, primaryDir: join(folder, 'nothing') })).rejects.toMatchObject({
    code: 'primary_away',
  })
  await removeStandby(other)
  const own = await startEmbedded({ dataDir: other, settings })
  await own.stop()
  await expect(startStandby({ dataDir: other, primaryDir })).rejects.toMatchObject({ code: 'not_a_standby' })
  await expect(removeStandby(other)).rejects.toMatchObject({ code: 'not_a_standby' })
  await expect(removeStandby(dataDir)).rejects.toMatchObject({ code: 'data_folder_in_use' })
  await expect(startStandby({ dataDir, primaryDir: other })).rejects.toMatchObject({ code: 'data_folder_in_use' })
  await expect(startStandby({ dataDir: join(folder, 'fresh'), primaryDir: other })).rejects.toMatchObject({
    code: 'primary_away',
  })
  for (const inside of [join(primaryDir, 'standby'), folder]) {
    await expect(startStandby({ dataDir: inside, primaryDir })).rejects.toMatchObject({ code: 'target_overlaps_data' })
  }
}, 240_000)

test.each(['mysql://there', 'file:', 'file:///', 'nothing', 'postgres://u:secret@h:5432/d?sslmode=odd'])(
  '%s is no address of a replica, and its password is not told',
  (address) => {
    expect(() => openReadReplica(address)).toThrow(/^HUITONG_READ_URL (?!.*secret)/)
  },
)
