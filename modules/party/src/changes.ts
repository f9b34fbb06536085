import type { RowChange, TableKey } from '@huitong/committer'

/** Parts new rows from changed ones: a new row that is there already must fail, not overwrite what it meets. */
export function addedAndChanged<K extends TableKey, R>(
  changes: readonly RowChange<K, R>[],
): { readonly added: readonly RowChange<K, R>[]; readonly changed: readonly RowChange<K, R>[] } {
  return { added: changes.filter((change) => change.isNew), changed: changes.filter((change) => !change.isNew) }
}
