import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { testConnection, testDatabase } from '@huitong/testing'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { dumpSchema, ensureRoles, type MigrationSet, migrate, openDatabase } from '../src/index.ts'

const root = await mkdtemp(join(tmpdir(), 'huitong-migrate-'))
afterAll(() => rm(root, { recursive: true, force: true }))

let set: MigrationSet
let schema: string

beforeEach(async () => {
  set = { module: 'shop', directory: await mkdtemp(join(root, 'set-')) }
  schema = `migrate_${randomBytes(6).toString('hex')}`
})

const first = `-- Things; and nothing else.
create table shop_things (
  id int8 generated always as identity,
  name text not null default 'a;b',
  price_minor int8 not null,
  constraint shop_things_pkey primary key (id),
  constraint shop_things_price_minor_positive check (price_minor > 0)
);
create function shop_touch() returns trigger language plpgsql as $$ begin new.name := new.name || ';'; return new; end $$;
create trigger shop_things_touch before update on shop_things for each row execute function shop_touch();
create index shop_things_by_name on shop_things (name) where price_minor > 10;
grant select, insert, update (name) on shop_things to huitong_app;
`
const second = `create table shop_parts (id int8 not null, at timestamptz not null default now()) partition by range (id);
create table shop_parts_0 partition of shop_parts for values from (0) to (100);
`

async function write(number: string, text: string): Promise<void> {
  await writeFile(join(set.directory, `${number}.sql`), text)
}

test('pending migrations are applied once, in order, and reported', async () => {
  await write('000001-init', first)
  await writeFile(join(set.directory, 'schema.sql'), 'not a migration')
  const database = testDatabase()
  expect(await migrate(database, schema, [set])).toEqual([{ module: 'shop', number: 1, name: 'init' }])
  expect(await migrate(database, schema, [set])).toEqual([])
  await write('000002-parts', second)
  expect(await migrate(database, schema, [set])).toEqual([{ module: 'shop', number: 2, name: 'parts' }])
  expect(await dumpSchema(database.owner, schema, 'shop_')).toBe(`create table shop_parts (
  id bigint not null,
  at timestamp with time zone not null default now()
) partition by range (id);

create table shop_parts_0 (
  id bigint not null,
  at timestamp with time zone not null default now()
) partition of shop_parts FOR VALUES FROM ('0') TO ('100');

create table shop_things (
  id bigint not null generated always as identity,
  name text not null default 'a;b'::text,
  price_minor bigint not null,
  constraint shop_things_pkey PRIMARY KEY (id),
  constraint shop_things_price_minor_positive CHECK ((price_minor > 0))
);
CREATE INDEX shop_things_by_name ON shop_things USING btree (name) WHERE (price_minor > 10);
CREATE TRIGGER shop_things_touch BEFORE UPDATE ON shop_things FOR EACH ROW EXECUTE FUNCTION shop_touch();
grant insert, select, update (name) on shop_things to huitong_app;
`)
})

test('a failing migration leaves nothing behind, not even the schema', async () => {
  await write('000001-init', `${first}create table broken (id nonsense);`)
  await expect(migrate(testDatabase(), schema, [set])).rejects.toThrow('nonsense')
  expect(await testDatabase().owner`select from pg_namespace where nspname = ${schema}`).toHaveLength(0)
})

test('two migrators at once take turns and apply everything once', async () => {
  await write('000001-init', first)
  const applied = await Promise.all([1, 2, 3].map(() => migrate(testDatabase(), schema, [set])))
  expect(applied.map((list) => list.length).sort()).toEqual([0, 0, 1])
})

test('an edited migration and a schema newer than the program are refused, and gaps in the numbers too', async () => {
  const database = testDatabase()
  await write('000001-init', first)
  await write('000002-parts', second)
  await migrate(database, schema, [set])
  await expect(migrate(database, schema, [])).rejects.toMatchObject({ code: 'database_newer' })
  await rm(join(set.directory, '000002-parts.sql'))
  await expect(migrate(database, schema, [set])).rejects.toMatchObject({
    code: 'database_newer',
    message: expect.stringContaining('shop 000002-parts'),
  })
  await write('000002-parts', `${second}\n`)
  await expect(migrate(database, schema, [set])).rejects.toMatchObject({ code: 'migration_edited' })
  await write('000004-gap', 'select 1')
  await expect(migrate(database, schema, [set])).rejects.toMatchObject({ code: 'migration_malformed' })
})

test('a plain database user migrates with roles it was given, and is told what is missing otherwise', async () => {
  await write('000001-init', first)
  const { owner } = testDatabase()
  await ensureRoles(owner)
  const name = `plain_${randomBytes(6).toString('hex')}`
  await owner.unsafe(`create role ${name} login password 'plain'`)
  await owner.unsafe(`grant create on database huitong to ${name}`)
  const plain = openDatabase({ ...testConnection(), user: name, password: 'plain' })
  await expect(migrate(plain, schema, [set])).rejects.toMatchObject({
    code: 'role_not_permitted',
    message: expect.stringContaining('huitong_app and huitong_committer'),
  })
  await owner.unsafe(`grant huitong_app, huitong_committer to ${name}`)
  expect(await migrate(plain, schema, [set])).toHaveLength(1)
  const rows = await plain
    .institution(schema)
    .read(({ sql }) => sql`select current_user as user, count(*) from shop_things`)
  expect(rows).toEqual([{ user: 'huitong_app', count: 0n }])
  await plain.close()
})
