import { systemClock } from '@huitong/kernel'
import { type ConnectionOptions, committerRole, openDatabase } from '@huitong/pg'
import { startStation } from './links-world.ts'

/** What `links-crash.pg.test.ts` tells a station that it kills. */
export interface ChildOrder {
  readonly connection: ConnectionOptions
  readonly schema: string
  readonly name: string
  readonly seed: number
  readonly port: number
  /** Messages that it sends, each once however often it is started. */
  readonly sends?: { readonly to: string; readonly ids: readonly string[] }
}

// The test wrote it.
const order: ChildOrder = JSON.parse(process.argv[2] ?? '')
const { name, seed, port, schema, sends } = order
const database = openDatabase(order.connection, { connectionsMax: 8 })
const place = {
  db: database.institution(schema),
  dedicated: () => database.dedicated(schema, { role: committerRole }),
}
const station = await startStation({ name, seed, clock: systemClock(), place, port })
process.stdout.write('up\n')
for (const id of sends?.ids ?? []) await station.send(sends?.to ?? '', id)
