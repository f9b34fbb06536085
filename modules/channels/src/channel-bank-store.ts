import type { TableDefinition } from '@huitong/committer'
import { int4Array, int8Array, type ReadTx, textArray } from '@huitong/pg'
import { CHANNEL_BANK_STATES, type ChannelBank } from './channel-bank.ts'
import { storedWord } from './stored-word.ts'

interface BankRow {
  readonly member: string
  readonly name: string
  readonly state: string
  readonly single_max_minor: bigint
  readonly day_max_minor: bigint
  readonly capacity: number | null
  readonly cost_millionths: number
}

function bankOf(row: BankRow): ChannelBank {
  return {
    ...{ member: row.member, name: row.name, state: storedWord(CHANNEL_BANK_STATES, row.state) },
    ...{ singleMaxMinor: row.single_max_minor, dayMaxMinor: row.day_max_minor },
    ...{ capacity: row.capacity, costMillionths: row.cost_millionths },
  }
}

/** By member number. */
export const channelBankTable: TableDefinition<string, ChannelBank> = {
  name: 'channels_banks',
  residentRows: 1_000,
  load: async (sql, members) => {
    const rows = await sql<BankRow[]>`
      select * from channels_banks
      where member = any (${textArray(members)}::text::text[])`
    return rows.map((row) => [row.member, bankOf(row)])
  },
  write: (sql, changes) => {
    const rows = changes.map((change) => change.row)
    return [
      sql`
      insert into channels_banks (member, name, state, single_max_minor, day_max_minor, capacity, cost_millionths)
      select * from unnest(
        ${textArray(rows.map((row) => row.member))}::text::text[],
        ${textArray(rows.map((row) => row.name))}::text::text[],
        ${textArray(rows.map((row) => row.state))}::text::text[],
        ${int8Array(rows.map((row) => row.singleMaxMinor))}::text::int8[],
        ${int8Array(rows.map((row) => row.dayMaxMinor))}::text::int8[],
        ${int4Array(rows.map((row) => row.capacity))}::text::int4[],
        ${int4Array(rows.map((row) => row.costMillionths))}::text::int4[])
      on conflict on constraint channels_banks_pkey do update set name = excluded.name, state = excluded.state,
        single_max_minor = excluded.single_max_minor, day_max_minor = excluded.day_max_minor,
        capacity = excluded.capacity, cost_millionths = excluded.cost_millionths`,
    ]
  },
}

export async function selectChannelBanks({ sql }: ReadTx): Promise<readonly ChannelBank[]> {
  const rows = await sql<BankRow[]>`
    select * from channels_banks order by member`
  return rows.map(bankOf)
}
