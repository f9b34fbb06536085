import type { WorkingSet } from '@huitong/committer'
import { canonicalJson, err, ok, type Result } from '@huitong/kernel'
import type { LedgerEventKind } from './journal-form.ts'
import type { LedgerRefusal } from './ledger-refusals.ts'
import { type PublishedTemplate, publishedOf, templateLog, templateTable } from './template-store.ts'

/** Templates inside a batch. */
export interface TemplateShelf {
  need(name: string): void
  /** The newest version. */
  get(name: string): PublishedTemplate | undefined
  /** What memory has of it; for announcing what it will need, never for decisions. */
  peek(name: string): PublishedTemplate | undefined
  publish(request: PublishRequest): Result<PublishedTemplate, LedgerRefusal>
}

export interface PublishRequest {
  readonly name: string
  /** Canonical JSON of a definition that `parseTemplate` accepts. */
  readonly definition: string
  /** The version that it takes the place of, when the caller wants to be sure; 0 for none. */
  readonly replaces: number | null
}

export function createTemplateShelf(
  set: WorkingSet,
  record: (kind: LedgerEventKind, account: number, data: string) => void,
): TemplateShelf {
  const newest = set.table(templateTable)
  const added = set.log(templateLog)
  return {
    need: (name) => newest.need(name),
    get: (name) => newest.get(name),
    peek: (name) => newest.inMemory(name),
    publish: ({ name, definition, replaces }) => {
      const before = newest.get(name)
      const version = before?.version ?? 0
      if (replaces !== null && replaces !== version) {
        return err({ code: 'template_version_replaced', facts: { name, newest: String(version) } })
      }
      // The same again is the same version: who publishes at every start of his program makes no new ones.
      if (before?.definition === definition) return ok(before)
      const published = publishedOf({ name, version: version + 1, definition })
      newest.put(name, published)
      added.add(published)
      record('template_published', 0, canonicalJson({ name, version: String(published.version), definition }))
      return ok(published)
    },
  }
}
