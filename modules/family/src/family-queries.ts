import { findCustomer } from '@huitong/party'
import { maskedName } from '@huitong/payments'
import type { InstitutionDatabase, ReadTx } from '@huitong/pg'
import type { FamilyLink, FamilyUse } from './family-link.ts'
import { selectLink, selectLinks, selectUses } from './family-read-store.ts'

/** A link with the names that its sides may see of each other. */
export interface NamedLink {
  readonly link: FamilyLink
  readonly ownerName: string
  readonly memberName: string
}

/** The read side: one snapshot per question. */
export interface FamilyQueries {
  link(id: number): Promise<NamedLink | undefined>
  /** Newest first; with those that ended when `open` is false. */
  links(customer: number, open: boolean): Promise<readonly NamedLink[]>
  /** What a link paid, newest first, up to limit + 1. */
  uses(link: number, bounds: { readonly limit: number; readonly after: number }): Promise<readonly FamilyUse[]>
}

export function createFamilyQueries(db: InstitutionDatabase): FamilyQueries {
  return {
    link: (id) =>
      db.read(async (tx) => {
        const link = await selectLink(tx, id)
        return link === undefined ? undefined : named(tx, link)
      }),
    links: (customer, open) =>
      db.read(async (tx) => {
        const found: NamedLink[] = []
        for (const link of await selectLinks(tx, customer, open)) found.push(await named(tx, link))
        return found
      }),
    uses: (link, bounds) => db.read((tx) => selectUses(tx, link, bounds)),
  }
}

async function named(tx: ReadTx, link: FamilyLink): Promise<NamedLink> {
  const [owner, member] = [await findCustomer(tx, link.owner), await findCustomer(tx, link.member)]
  return {
    link,
    ownerName: maskedName(owner?.displayName ?? ''),
    memberName: maskedName(member?.displayName ?? ''),
  }
}
