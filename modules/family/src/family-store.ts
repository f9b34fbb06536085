import type { TableDefinition } from '@huitong/committer'
import { invariant, type Micros } from '@huitong/kernel'
import { dateArray, int8Array, jsonbArray, textArray, timestamptzArray } from '@huitong/pg'
import { assertLink, ENDINGS, type FamilyLink, type FamilyUse, LINK_STATES, RELATIONS } from './family-link.ts'

export interface LinkRow {
  readonly id: bigint
  readonly owner_id: bigint
  readonly member_id: bigint
  readonly relation: string
  readonly state: string
  readonly single_minor: bigint | null
  readonly day_minor: bigint | null
  readonly month_minor: bigint
  readonly on_day: string
  readonly spent_day_minor: bigint
  readonly spent_month_minor: bigint
  readonly created_at: Micros
  readonly expires_at: Micros
  readonly opened_at: Micros | null
  readonly ended_at: Micros | null
  readonly ending: string | null
}

function oneOf<T extends string>(known: readonly T[], stored: string): T {
  const found = known.find((one) => one === stored)
  invariant(found !== undefined, `a stored word of family links is not known: ${stored}`)
  return found
}

export function linkOf(row: LinkRow): FamilyLink {
  return assertLink({
    id: Number(row.id),
    owner: Number(row.owner_id),
    member: Number(row.member_id),
    relation: oneOf(RELATIONS, row.relation),
    state: oneOf(LINK_STATES, row.state),
    bounds: { singleMinor: row.single_minor, dayMinor: row.day_minor, monthMinor: row.month_minor },
    onDay: row.on_day,
    spentDayMinor: row.spent_day_minor,
    spentMonthMinor: row.spent_month_minor,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    openedAt: row.opened_at,
    endedAt: row.ended_at,
    ending: row.ending === null ? null : oneOf(ENDINGS, row.ending),
  })
}

export const linkTable: TableDefinition<number, FamilyLink> = {
  name: 'family_links',
  residentRows: 20_000,
  load: async (sql, ids) => {
    const rows = await sql<LinkRow[]>`
      select id, owner_id, member_id, relation, state, single_minor, day_minor, month_minor, on_day::text as on_day, spent_day_minor,
        spent_month_minor, created_at, expires_at, opened_at, ended_at, ending
      from family_links where id = any (${int8Array(ids)}::text::int8[])`
    return rows.map((row) => [Number(row.id), linkOf(row)])
  },
  write: (sql, changes) => {
    const links = changes.map((change) => change.row)
    return [
      sql`
      insert into family_links (id, owner_id, member_id, relation, state, single_minor, day_minor, month_minor, on_day, spent_day_minor,
        spent_month_minor, created_at, expires_at, opened_at, ended_at, ending)
      select * from unnest(
        ${int8Array(links.map((link) => link.id))}::text::int8[],
        ${int8Array(links.map((link) => link.owner))}::text::int8[],
        ${int8Array(links.map((link) => link.member))}::text::int8[],
        ${textArray(links.map((link) => link.relation))}::text::text[],
        ${textArray(links.map((link) => link.state))}::text::text[],
        ${int8Array(links.map((link) => link.bounds.singleMinor))}::text::int8[],
        ${int8Array(links.map((link) => link.bounds.dayMinor))}::text::int8[],
        ${int8Array(links.map((link) => link.bounds.monthMinor))}::text::int8[],
        ${dateArray(links.map((link) => link.onDay))}::text::date[],
        ${int8Array(links.map((link) => link.spentDayMinor))}::text::int8[],
        ${int8Array(links.map((link) => link.spentMonthMinor))}::text::int8[],
        ${timestamptzArray(links.map((link) => link.createdAt))}::text::timestamptz[],
        ${timestamptzArray(links.map((link) => link.expiresAt))}::text::timestamptz[],
        ${timestamptzArray(links.map((link) => link.openedAt))}::text::timestamptz[],
        ${timestamptzArray(links.map((link) => link.endedAt))}::text::timestamptz[],
        ${textArray(links.map((link) => link.ending))}::text::text[])
      on conflict on constraint family_links_pkey do update set state = excluded.state, single_minor = excluded.single_minor,
        day_minor = excluded.day_minor, month_minor = excluded.month_minor, on_day = excluded.on_day,
        spent_day_minor = excluded.spent_day_minor, spent_month_minor = excluded.spent_month_minor, opened_at = excluded.opened_at,
        ended_at = excluded.ended_at, ending = excluded.ending`,
    ]
  },
}

/** Open links by customer, on either side. */
export const memberTable: TableDefinition<number, readonly number[]> = {
  name: 'family_members',
  residentRows: 20_000,
  load: async (sql, customers) => {
    const rows = await sql<{ customer_id: bigint; links: readonly bigint[] }[]>`
      select customer_id, links from family_members where customer_id = any (${int8Array(customers)}::text::int8[])`
    return rows.map((row) => [Number(row.customer_id), row.links.map(Number)])
  },
  write: (sql, changes) => [
    sql`
    insert into family_members (customer_id, links)
    select customer_id, array(select value::int8 from jsonb_array_elements_text(links) as value)
    from unnest(
      ${int8Array(changes.map((change) => change.key))}::text::int8[],
      ${jsonbArray(changes.map((change) => JSON.stringify(change.row)))}::text::jsonb[]) as t (customer_id, links)
    on conflict on constraint family_members_pkey do update set links = excluded.links`,
  ],
}

export interface UseRow {
  readonly purchase_id: bigint
  readonly id: bigint
  readonly link_id: bigint
  readonly amount_minor: bigint
  readonly returned_minor: bigint
  readonly at: Micros
}

export function useOf(row: UseRow): FamilyUse {
  return {
    purchase: Number(row.purchase_id),
    id: Number(row.id),
    link: Number(row.link_id),
    amountMinor: row.amount_minor,
    returnedMinor: row.returned_minor,
    at: row.at,
  }
}

/** By purchase. Most are written once and never read again. */
export const useTable: TableDefinition<number, FamilyUse> = {
  name: 'family_uses',
  residentRows: 0,
  load: async (sql, purchases) => {
    const rows = await sql<UseRow[]>`
      select purchase_id, id, link_id, amount_minor, returned_minor, at
      from family_uses where purchase_id = any (${int8Array(purchases)}::text::int8[])`
    return rows.map((row) => [Number(row.purchase_id), useOf(row)])
  },
  write: (sql, changes) => {
    const uses = changes.map((change) => change.row)
    return [
      sql`
      insert into family_uses (purchase_id, id, link_id, amount_minor, returned_minor, at)
      select * from unnest(
        ${int8Array(uses.map((use) => use.purchase))}::text::int8[],
        ${int8Array(uses.map((use) => use.id))}::text::int8[],
        ${int8Array(uses.map((use) => use.link))}::text::int8[],
        ${int8Array(uses.map((use) => use.amountMinor))}::text::int8[],
        ${int8Array(uses.map((use) => use.returnedMinor))}::text::int8[],
        ${timestamptzArray(uses.map((use) => use.at))}::text::timestamptz[])
      on conflict on constraint family_uses_pkey do update set returned_minor = excluded.returned_minor`,
    ]
  },
}
