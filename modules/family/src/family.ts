import type { WorkingSet } from '@huitong/committer'
import type { Tendering } from '@huitong/payments'
import { inviteKind, stepKind } from './family-commands.ts'
import { createFamilyContext, type FamilyDeps } from './family-context.ts'
import { familyTender } from './family-tender.ts'

/** The command kinds of this module. */
export type Family = ReturnType<typeof createFamily>

/** Takes this module's tables of the working set, once, makes its command kinds, and brings payments its tender. */
export function createFamily(set: WorkingSet, deps: FamilyDeps & { readonly tendering: Tendering }) {
  const context = createFamilyContext(set, deps)
  deps.tendering.add(familyTender(context))
  return { invite: inviteKind(context), step: stepKind(context) }
}
