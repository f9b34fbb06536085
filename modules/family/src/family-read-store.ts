import type { ReadTx } from '@huitong/pg'
import type { FamilyLink, FamilyUse } from './family-link.ts'
import { type LinkRow, linkOf, type UseRow, useOf } from './family-store.ts'

export async function selectLink({ sql }: ReadTx, id: number): Promise<FamilyLink | undefined> {
  const rows = await sql<LinkRow[]>`
    select *, on_day::text as on_day from family_links where id = ${id}`
  return rows.map(linkOf)[0]
}

/** All links of a customer on either side, newest first; `open` leaves those that ended out. */
export async function selectLinks({ sql }: ReadTx, customer: number, open: boolean): Promise<readonly FamilyLink[]> {
  const rows = await sql<LinkRow[]>`
    select *, on_day::text as on_day from family_links
    where (owner_id = ${customer} or member_id = ${customer}) and (not ${open}::bool or state <> 'ended')
    order by id desc limit 200`
  return rows.map(linkOf)
}

/** Newest first, below `after`. */
export async function selectUses(
  { sql }: ReadTx,
  link: number,
  { limit, after }: { readonly limit: number; readonly after: number },
): Promise<readonly FamilyUse[]> {
  const rows = await sql<UseRow[]>`
    select purchase_id, id, link_id, amount_minor, returned_minor, at
    from family_uses where link_id = ${link} and id < ${after} order by id desc limit ${limit + 1}`
  return rows.map(useOf)
}

/** By link: what it paid and did not get back on the day and in the month that its row counts, in UTC+8. */
export async function selectSpentInWindows({ sql }: ReadTx): Promise<
  readonly {
    readonly link: number
    readonly dayMinor: bigint
    readonly monthMinor: bigint
    readonly countedDayMinor: bigint
    readonly countedMonthMinor: bigint
  }[]
> {
  const rows = await sql<
    { id: bigint; day: string; month: string; spent_day_minor: bigint; spent_month_minor: bigint }[]
  >`
    select l.id, l.spent_day_minor, l.spent_month_minor,
      coalesce(sum(u.amount_minor - u.returned_minor) filter (where (u.at at time zone 'Asia/Shanghai')::date = l.on_day), 0)::text as day,
      coalesce(sum(u.amount_minor - u.returned_minor), 0)::text as month
    from family_links l
    left join family_uses u on u.link_id = l.id
      and date_trunc('month', u.at at time zone 'Asia/Shanghai') = date_trunc('month', l.on_day::timestamp)
    group by l.id`
  return rows.map((row) => ({
    link: Number(row.id),
    dayMinor: BigInt(row.day),
    monthMinor: BigInt(row.month),
    countedDayMinor: row.spent_day_minor,
    countedMonthMinor: row.spent_month_minor,
  }))
}
