import type { Sql } from '@huitong/pg'

/** A row of `ledger_freezes`, its numbers as stored. */
export interface FreezeRowSeen {
  readonly account: number
  readonly rank: number
  readonly amountMinor: bigint | null
  readonly remainingMinor: bigint | null
  readonly blocksIncoming: boolean
  readonly reference: string
  readonly expiresAt: number | null
  readonly state: number
}

export async function readFreezesSeen(sql: Sql): Promise<ReadonlyMap<number, FreezeRowSeen>> {
  const rows = await sql<
    {
      id: bigint
      account_id: bigint
      cause: number
      amount_minor: bigint | null
      remaining_minor: bigint | null
      blocks_incoming: boolean
      reference: string
      expires_at: number | null
      state: number
    }[]
  >`
    select id, account_id, cause, amount_minor, remaining_minor, blocks_incoming, reference, expires_at, state
    from ledger_freezes`
  return new Map(
    rows.map((row) => [
      Number(row.id),
      {
        account: Number(row.account_id),
        rank: row.cause,
        amountMinor: row.amount_minor,
        remainingMinor: row.remaining_minor,
        blocksIncoming: row.blocks_incoming,
        reference: row.reference,
        expiresAt: row.expires_at,
        state: row.state,
      },
    ]),
  )
}

/** What the rows of accounts say of their freezes and ceilings, as one text each; accounts without any are left out. */
export async function readRestraintsSeen(sql: Sql): Promise<ReadonlyMap<number, string>> {
  const rows = await sql<
    { id: bigint; frozen_minor: bigint; out_freezes: number; in_freezes: number; ceiling_minor: bigint | null }[]
  >`
    select id, frozen_minor, out_freezes, in_freezes, ceiling_minor from ledger_accounts
    where frozen_minor <> 0 or out_freezes <> 0 or in_freezes <> 0 or ceiling_minor is not null`
  return new Map(
    rows.map((row) => [
      Number(row.id),
      restraintsText({
        frozenMinor: row.frozen_minor,
        outFreezes: row.out_freezes,
        inFreezes: row.in_freezes,
        ceilingMinor: row.ceiling_minor,
      }),
    ]),
  )
}

export function restraintsText(restraints: {
  readonly frozenMinor: bigint
  readonly outFreezes: number
  readonly inFreezes: number
  readonly ceilingMinor: bigint | null
}): string {
  const { frozenMinor, outFreezes, inFreezes, ceilingMinor } = restraints
  return `${frozenMinor} frozen, ${outFreezes} and ${inFreezes} whole freezes, ceiling ${ceilingMinor ?? 'none'}`
}
