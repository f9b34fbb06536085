import type { ReadTx } from '@huitong/pg'
import type { Authorisation, AuthorisationOperation } from './authorisation.ts'
import { type OperationRow, operationOf } from './authorisation-operation-store.ts'
import { type AuthorisationRow, authorisationOf } from './authorisation-store.ts'

export async function selectAuthorisation(tx: ReadTx, id: number): Promise<Authorisation | undefined> {
  const rows = await tx.sql<AuthorisationRow[]>`select * from payments_authorisations where id = ${id}`
  return rows.map(authorisationOf)[0]
}

export async function selectAuthorisationByNumber(
  tx: ReadTx,
  merchant: number,
  authorisationNumber: string,
): Promise<Authorisation | undefined> {
  const rows = await tx.sql<AuthorisationRow[]>`
    select * from payments_authorisations
    where merchant_id = ${merchant} and authorisation_number = ${authorisationNumber}`
  return rows.map(authorisationOf)[0]
}

/** Everything that was done to an authorisation, oldest first. */
export async function selectOperations(tx: ReadTx, authorisation: number): Promise<readonly AuthorisationOperation[]> {
  const rows = await tx.sql<OperationRow[]>`
    select * from payments_authorisation_operations where authorisation_id = ${authorisation} order by id`
  return rows.map(operationOf)
}

/** Authorisations whose time was over at `now` (µs), the longest over first. */
export async function selectDueAuthorisations(tx: ReadTx, now: number, limit: number): Promise<readonly number[]> {
  const rows = await tx.sql<{ id: bigint }[]>`
    select id from payments_authorisations
    where state = 'authorised' and expires_at <= ${now}::timestamptz order by expires_at limit ${limit}`
  return rows.map((row) => Number(row.id))
}

/** What every open authorisation still has, by the hold that keeps it. Times in µs. */
export async function selectOpenAuthorisations(
  tx: ReadTx,
): Promise<
  readonly { readonly id: number; readonly hold: number; readonly leftMinor: bigint; readonly expiresAt: number }[]
> {
  const rows = await tx.sql<{ id: bigint; hold_id: bigint; left_minor: bigint; expires_at: number }[]>`
    select id, hold_id, amount_minor - captured_minor - released_minor as left_minor, expires_at
    from payments_authorisations where state = 'authorised' order by id`
  return rows.map((row) => ({
    ...{ id: Number(row.id), hold: Number(row.hold_id), leftMinor: row.left_minor, expiresAt: row.expires_at },
  }))
}
