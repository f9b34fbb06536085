import type { InstitutionDatabase } from '@huitong/pg'
import type { FindingList } from './verify-finding.ts'
import { type ReferencePage, readAccountReferences, readTransferReferences } from './verify-reference-store.ts'

const PAGE = 50_000

/**
 * References under which files brought accounts and transfers in must name some that are there, or a repeated line would be taken for
 * done. They are not journaled, so nothing says what a reference should name; transfers that are in files are not looked for.
 */
export async function checkReferences(db: Pick<InstitutionDatabase, 'read'>, findings: FindingList): Promise<void> {
  const eachPage = async (read: (after: string) => Promise<ReferencePage>, add: (id: number, what: string) => void) => {
    for (let after: string | undefined = ''; after !== undefined; ) {
      const page: ReferencePage = await read(after)
      for (const { reference, id } of page.dangling) add(id, `reference ${reference}`)
      after = page.next
    }
  }
  await eachPage(
    (after) => db.read((tx) => readAccountReferences(tx, after, PAGE)),
    (account, what) => findings.add('reference_differs', { account, what }),
  )
  await eachPage(
    (after) => db.read((tx) => readTransferReferences(tx, after, PAGE)),
    (transfer, what) => findings.add('reference_differs', { transfer, what }),
  )
}
